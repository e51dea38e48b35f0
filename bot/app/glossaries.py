"""The glossaries that the configuration names."""

from __future__ import annotations

from pathlib import Path

from bot.app.project import Project
from bot.errors import InputError
from bot.memory.glossary import Glossary, read_glossary
from bot.model import Language


def load_glossary(project: Project, name: str) -> Glossary | None:
    """The glossary of a language; None where it has none. Raises InputError where it can't be read."""
    file = project.config.languages[name].glossary
    return read_glossary_file(project.folder / file, project.languages(name)) if file else None


def read_glossary_file(path: Path, languages: tuple[Language, Language]) -> Glossary:
    """Raises InputError for a file that can't be read or holds no term of the two languages."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: does not exist") from None
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from None
    return read_glossary(data, languages, path.name)
