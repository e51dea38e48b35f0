"""A configuration as commands open it. Imports of what is slow to load wait until a command runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.options import DEFAULT_CONFIG, ConfigOption, Jobs, Json, Languages, Quiet
from bot.cli.output import Output

if TYPE_CHECKING:
    from bot.book.edition import LanguageEdition, Source
    from bot.book.project import Project


def load_project(config: Path) -> Project:
    """As bot.book.project.load_project."""
    from bot.book import project

    return project.load_project(config)


@dataclass(frozen=True)
class OpenedProject:
    """A project as a command works on it. `asked` are the languages that the user named, `jobs` the number of processes
    (None: one per processor)."""

    project: Project
    asked: Sequence[str]
    jobs: int | None
    out: Output

    @cached_property
    def names(self) -> Sequence[str]:
        """The languages asked for, or all. Raises UsageError for one that is not configured."""
        return self.project.select(self.asked)

    @cached_property
    def source(self) -> Source:
        """The English, opened when it is first needed."""
        from bot.book.edition import open_source

        return open_source(self.project)

    @contextmanager
    def edition(self, name: str) -> Iterator[LanguageEdition]:
        """The edition in a language. Work on its files inside `with` shows its progress."""
        from bot.book.edition import open_edition
        from bot.book.workers import Runner

        source = self.source
        with self.out.progress() as advance:
            yield open_edition(self.project, source, name, Runner(self.jobs, advance))


def open_project(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> OpenedProject:
    return OpenedProject(load_project(config), language or [], jobs, Output(quiet, as_json))


def open_languages(
    config: ConfigOption = DEFAULT_CONFIG, language: Languages = None, as_json: Json = False, quiet: Quiet = False
) -> OpenedProject:
    """For a command that works in one process."""
    return open_project(config, language, None, as_json, quiet)
