"""The edition of a configured book in one language, opened as commands open it."""

from __future__ import annotations

from bot.book.edition import LanguageEdition, Source, open_edition, open_source
from bot.book.project import Project
from bot.book.workers import Runner


def edition_of(project: Project, name: str = "zh", source: Source | None = None) -> LanguageEdition:
    return open_edition(project, source or open_source(project), name, Runner(1))
