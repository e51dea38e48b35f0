"""The languages of a configuration whose engines keep parallel data or terms, for commands that work on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from bot.book.project import Project
from bot.cli.output import Output
from bot.engines import Engine
from bot.engines.teaching import ParallelDataService, TaughtResource, TerminologyService
from bot.errors import AmtsError, UsageError
from bot.report.markdown import counted

Result = TypeVar("Result")
Service = TypeVar("Service", bound=TaughtResource)


def parallel_data_of(project: Project, languages: Sequence[str]) -> dict[str, ParallelDataService]:
    """As `services_of`."""
    return services_of(project, languages, "parallel data", lambda engine: engine.parallel_data)


def terminologies_of(project: Project, languages: Sequence[str]) -> dict[str, TerminologyService]:
    """As `services_of`."""
    return services_of(project, languages, "terminology", lambda engine: engine.terminology)


def services_of(
    project: Project, languages: Sequence[str], kind: str, offered: Callable[[Engine], Service | None]
) -> dict[str, Service]:
    """The service of each language named, or of all whose engine has one; `kind` names it for a person. Raises
    UsageError where the engine of a language named has none, or no engine has."""
    names = project.select(languages)
    services = {name: service for name in names if (service := offered(project.engine(name))) is not None}
    if languages and (others := [name for name in names if name not in services]):
        raise UsageError(f"the engine of {others[0]} takes no {kind}; name another language")
    if not services:
        raise UsageError(f"no language of the configuration has an engine that takes {kind}")
    return services


def one_a_region(services: Mapping[str, Service]) -> list[tuple[Service, Mapping[str, str]]]:
    """One service of each region, and the languages that the names of resources there belong to."""
    regions: dict[str, dict[str, Service]] = {}
    for name, service in services.items():
        regions.setdefault(service.region, {})[name] = service
    return [
        (next(iter(there.values())), {service.name: name for name, service in there.items()})
        for there in regions.values()
    ]


def delete_resources(services: Mapping[str, TaughtResource], kind: str, out: Output) -> None:
    """Deletes the resource of each language and says so, or that there was none; `kind` names it for a person."""
    deleted: dict[str, bool] = {}
    for name, service in services.items():
        deleted[name] = service.delete()
        out.say(f"{name}: {f'{service.name} is deleted' if deleted[name] else f'there was no {kind}'}")
    out.data({name: {"deleted": existed} for name, existed in deleted.items()})


def moment(time: datetime | None) -> str:
    """For a table."""
    return f"{time:%Y-%m-%d %H:%M}" if time else ""


def attempt(names: Sequence[str], action: Callable[[str], Result]) -> tuple[dict[str, Result], dict[str, AmtsError]]:
    """What `action` made of each language, and why it failed for others."""
    done: dict[str, Result] = {}
    errors: dict[str, AmtsError] = {}
    for name in names:
        try:
            done[name] = action(name)
        except AmtsError as error:
            errors[name] = error
    return done, errors


def raise_first(errors: Mapping[str, AmtsError], done: str) -> None:
    """The first failure gives the exit code, all are told."""
    if errors:
        told = "\n".join(f"{name}: {error}" for name, error in errors.items())
        error = AmtsError(f"{counted(len(errors), 'language')} could not be {done}\n{told}")
        error.exit_code = next(iter(errors.values())).exit_code
        raise error
