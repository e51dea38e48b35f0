"""The glossaries that the configuration names."""

from __future__ import annotations

from pathlib import Path

from bot.book.files import read_bytes
from bot.book.project import Project
from bot.glossary import Glossary, Term, read_glossary
from bot.model import Direction


def load_glossary(project: Project, name: str) -> Glossary | None:
    """The glossary of a language, None if it has none. Raises InputError if it can't be read."""
    file = project.config.languages[name].glossary
    return read_glossary_file(project.folder / file, project.direction(name)) if file else None


def terms_in_force(project: Project, name: str) -> tuple[Term, ...]:
    """The terms that the engine of a language is asked to follow: of the text that takes the place of the configured
    glossary, or else of that glossary. Raises InputError if it can't be read."""
    given = project.glossaries.get(name)
    if given is not None:
        return read_glossary(given.encode("utf-8"), project.direction(name), f"the glossary of {name}").terms
    glossary = load_glossary(project, name)
    return glossary.terms if glossary else ()


def read_glossary_file(path: Path, direction: Direction) -> Glossary:
    """Raises InputError for a file that can't be read or holds no term of the two languages."""
    return read_glossary(read_bytes(path), direction, path.name)
