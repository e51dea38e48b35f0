"""`amts check`: the configuration, and whether what it points to is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.book.glossaries import load_glossary
from bot.book.opening import Source, no_file_matches, open_edition, open_source
from bot.book.project import ADAPTERS, Project, load_project
from bot.book.workers import Runner
from bot.cli.output import Output
from bot.config.schema import json_schema
from bot.engines.base import Finding, Severity
from bot.errors import AmtsError, ConfigError, install_hint
from bot.forge.book import FileStatus

Value = TypeVar("Value")


def print_schema(out: Output) -> None:
    out.data(json_schema(ADAPTERS))


def run(config: Path, out: Output, *, aws: bool = False) -> None:
    """Raises ConfigError that lists every problem at once. With `aws`, it also looks at what the engines of kind
    `amazon` need in AWS: identity, region, bucket, role and service."""
    problems: list[str] = []
    facts: list[str] = []
    project = _try("", partial(load_project, config), problems)
    if project is not None:
        facts = _look(project, problems) + _look_at_schedule(project, config, problems)
        if aws:
            facts += _look_at_aws(project, problems)
    out.data({"problems": problems, "found": facts})
    for fact in facts:
        out.say(fact)
    if problems:
        raise ConfigError("\n".join(problems))
    out.say(f"{config}: all is well")


def _look(project: Project, problems: list[str]) -> list[str]:
    """What each language has, and what is wrong with what the configuration points to."""
    facts: list[str | None] = []
    source = _try("source: ", partial(open_source, project), problems)
    for name in project.config.languages:
        place = f"languages.{name}: "
        _try(f"languages.{name}.engine: ", partial(project.engine, name), problems)
        _try(f"languages.{name}.glossary: ", partial(load_glossary, project, name), problems)
        _try(place, partial(project.host.check_location, project.config.languages[name].repo), problems)
        if source is None:
            _try(place, partial(project.open_target, name), problems)
        else:
            facts.append(_try(place, partial(_describe, project, source, name), problems))
    return [fact for fact in facts if fact is not None]


def _look_at_schedule(project: Project, config: Path, problems: list[str]) -> list[str]:
    """What could not be looked at."""
    settings = project.config.service
    if not settings.cron:
        return []
    try:
        from bot.service.schedule import check_times
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("bot"):
            raise
        return [f"service.cron: was not checked, that needs {error.name}: {install_hint('service')}"]
    _try("", partial(check_times, str(config), settings), problems)
    return []


def _look_at_aws(project: Project, problems: list[str]) -> list[str]:
    """The state of what the engines need outside the configuration; the languages of one engine need the same."""
    facts: list[str] = []
    known = len(problems)
    users: dict[str, str] = {}
    for name, language in project.config.languages.items():
        users.setdefault(language.engine, name)
    for engine, name in users.items():
        place = f"engines.{engine}: "
        for finding in _try(place, partial(_findings, project, name), problems) or ():
            match finding.severity:
                case Severity.FACT:
                    facts.append(f"{place}{finding.text}")
                case Severity.NOTE:
                    facts.append(f"{place}could not be verified: {finding.text}")
                case Severity.PROBLEM:
                    problems.append(f"{place}{finding.text}")
    if not facts and len(problems) == known:
        facts.append("no language uses an engine of kind amazon, so there is nothing to look at in AWS")
    return facts


def _findings(project: Project, name: str) -> Iterable[Finding]:
    return project.engine(name).findings()


def _describe(project: Project, source: Source, name: str) -> str:
    book = open_edition(project, source, name, Runner()).published_book
    if not book.files:
        raise no_file_matches(name)
    found = {status.value: sum(file.status is status for file in book.files) for status in FileStatus}
    return f"{name}: " + ", ".join(f"{number} {status}" for status, number in found.items() if number)


def _try(place: str, action: Callable[[], Value], problems: list[str]) -> Value | None:
    try:
        return action()
    except AmtsError as error:
        problems += [f"{place}{line}" for line in str(error).splitlines()]
        return None
