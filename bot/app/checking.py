"""`amts check`: the configuration, and whether what it points to is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.app.output import Output
from bot.app.project import Project, load_project
from bot.app.syncing import Source, open_book, open_source
from bot.config import json_schema
from bot.errors import AmtsError, ConfigError
from bot.forge.book import Status


Value = TypeVar("Value")


def run(config: Path, out: Output, *, schema: bool) -> None:
    """Raises ConfigError that lists every problem at once."""
    if schema:
        out.data(json_schema())
        return
    project = load_project(config)
    problems: list[str] = []
    facts: list[str] = []
    source = _try("source", lambda: open_source(project), problems)
    for name in project.config.languages:
        _try(f"languages.{name}.engine", lambda name=name: project.engine(name), problems)
        if source is not None:
            fact = _try(f"languages.{name}", lambda name=name: _describe(project, source, name), problems)
            facts += [fact] if fact else []
    out.data({"problems": problems, "found": facts})
    for fact in facts:
        out.say(fact)
    if problems:
        raise ConfigError("\n".join([f"{config.name}: {len(problems)} problems", *problems]))
    out.say(f"{config.name}: all is well")


def _describe(project: Project, source: Source, name: str) -> str:
    repository = project.open_target(name)
    branch = project.config.languages[name].branch
    book = open_book(project, source, name, repository.snapshot(repository.head(branch)))
    if not book.files:
        raise ConfigError("no file matches; look at files.include and languages.*.paths")
    counts = ", ".join(
        f"{number} {status.value}" for status in Status if (number := sum(file.status is status for file in book.files))
    )
    return f"{name}: {counts}"


def _try(place: str, action: Callable[[], Value], problems: list[str]) -> Value | None:
    try:
        return action()
    except AmtsError as error:
        problems.append(f"{place}: {error}")
        return None
