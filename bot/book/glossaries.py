"""The glossaries that the configuration names."""

from __future__ import annotations

from pathlib import Path

from bot.book.project import Project
from bot.errors import InputError
from bot.glossary import Glossary, Term, read_glossary
from bot.model import Direction


def load_glossary(project: Project, name: str) -> Glossary | None:
    """The glossary of a language; None where it has none. Raises InputError where it can't be read."""
    file = project.config.languages[name].glossary
    return read_glossary_file(project.folder / file, project.direction(name)) if file else None


def terms_in_force(project: Project, name: str) -> tuple[Term, ...]:
    """The terms that the engine of a language is asked to follow: those that take the place of the configured glossary,
    else this. Raises InputError where it can't be read."""
    given = project.glossaries.get(name)
    if given is not None:
        return read_glossary(given.encode("utf-8"), project.direction(name), f"the glossary of {name}").terms
    glossary = load_glossary(project, name)
    return glossary.terms if glossary else ()


def read_glossary_file(path: Path, direction: Direction) -> Glossary:
    """Raises InputError for a file that can't be read or holds no term of the two languages."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: does not exist") from None
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from None
    return read_glossary(data, direction, path.name)
