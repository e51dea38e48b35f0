"""`amts check`: the configuration, and whether the repositories, engines and files that it names are there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

import typer

from bot.book.files import json_bytes
from bot.cli.failures import foreseen
from bot.cli.opened import load_project
from bot.cli.options import DEFAULT_CONFIG, ConfigOption, given
from bot.cli.output import Output, make_output
from bot.errors import AmtsError, ConfigError, install_hint

if TYPE_CHECKING:
    from bot.book.edition import Source
    from bot.book.project import Project

Parameters = ParamSpec("Parameters")
Value = TypeVar("Value")


@dataclass(frozen=True)
class _Checks:
    """The facts and problems so far."""

    facts: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def attempt(
        self, place: str, action: Callable[Parameters, Value], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Value | None:
        """The result of the action. An error is noted as a problem at this place, and the check goes on."""
        try:
            with foreseen():
                return action(*args, **kwargs)
        except AmtsError as error:
            self.problems.extend(f"{place}{line}" for line in str(error).splitlines())
            return None


@given(make_output)
def command(
    out: Output,
    config: ConfigOption = DEFAULT_CONFIG,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the configuration instead.")
    ] = False,
    aws: Annotated[
        bool,
        typer.Option(
            "--services",
            "--aws",
            help="Ask the services of the engines as well: identity, region, bucket and role in AWS, usage of DeepL.",
        ),
    ] = False,
) -> None:
    """Raises ConfigError that lists every problem."""
    if schema:
        from bot.book.project import ADAPTERS
        from bot.config.schema import json_schema

        out.result(json_bytes(json_schema(ADAPTERS), indent=2))
        return
    checks = _Checks()
    project = checks.attempt("", load_project, config)
    if project is not None:
        _check_languages(project, checks)
        _check_schedule(project, config, checks)
        if aws:
            _check_aws(project, checks)
    out.data({"problems": checks.problems, "found": checks.facts})
    for fact in checks.facts:
        out.say(fact)
    if checks.problems:
        raise ConfigError("\n".join(checks.problems))
    out.say(f"{config}: all is well")


def _check_languages(project: Project, checks: _Checks) -> None:
    from bot.book.edition import open_source
    from bot.book.glossaries import load_glossary

    source = checks.attempt("source: ", open_source, project)
    for name, settings in project.config.languages.items():
        place = f"languages.{name}: "
        checks.attempt(f"languages.{name}.engine: ", project.engine, name)
        checks.attempt(f"languages.{name}.glossary: ", load_glossary, project, name)
        checks.attempt(place, project.host.check_location, settings.repo)
        if source is None:
            checks.attempt(place, project.open_target, name)
        elif fact := checks.attempt(place, _describe, project, source, name):
            checks.facts.append(fact)


def _describe(project: Project, source: Source, name: str) -> str:
    from bot.book.edition import no_file_matches, open_edition
    from bot.book.state import FileStatus
    from bot.book.workers import Runner

    edition = open_edition(project, source, name, Runner())
    edition.effective(edition.published).check()
    book = edition.published_book
    statuses = [file.status for file in book.files]
    if not statuses and book.ignored:
        return f"{name}: nothing is translated, and new files are ignored (files.new)"
    if not statuses:
        raise no_file_matches(name)
    return f"{name}: " + ", ".join(f"{statuses.count(status)} {status}" for status in FileStatus if status in statuses)


def _check_schedule(project: Project, config: Path, checks: _Checks) -> None:
    settings = project.config.service
    if not settings.cron:
        return
    try:
        from bot.service.schedule import check_times
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("bot"):
            raise
        checks.facts.append(f"service.cron: was not checked, that needs {error.name}: {install_hint('service')}")
        return
    checks.attempt("", check_times, str(config), settings)


def _check_aws(project: Project, checks: _Checks) -> None:
    """Each engine checks what it needs outside the configuration, once for all of its languages."""
    from bot.engines.base import Severity

    known = len(checks.facts) + len(checks.problems)
    users: dict[str, str] = {}
    for name, language in project.config.languages.items():
        users.setdefault(language.engine, name)
    for engine, name in users.items():
        place = f"engines.{engine}: "
        for finding in checks.attempt(place, lambda name: list(project.engine(name).findings()), name) or ():
            match finding.severity:
                case Severity.FACT:
                    checks.facts.append(f"{place}{finding.text}")
                case Severity.NOTE:
                    checks.facts.append(f"{place}could not be verified: {finding.text}")
                case Severity.PROBLEM:
                    checks.problems.append(f"{place}{finding.text}")
    if len(checks.facts) + len(checks.problems) == known:
        checks.facts.append("no engine of the configuration has a service that can be checked")
