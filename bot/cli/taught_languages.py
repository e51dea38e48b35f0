"""The languages of a configuration whose engines keep parallel data or terms, for commands that work on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.cli.output import Output
from bot.errors import AmtsError, UsageError
from bot.report.markdown import counted

if TYPE_CHECKING:
    from bot.book.project import Project
    from bot.engines import Engine
    from bot.engines.teaching import ParallelDataState, TaughtResource, TerminologyState

Result = TypeVar("Result")
Service = TypeVar("Service", bound="TaughtResource")
State = TypeVar("State", "ParallelDataState", "TerminologyState")
State_co = TypeVar("State_co", covariant=True)


class ListedService(Protocol[State_co]):
    """A service that lists the resources of an account in one region. `name` is the resource of one language."""

    @property
    def name(self) -> str: ...

    @property
    def region(self) -> str: ...

    def list_all(self) -> Iterator[State_co]: ...


def services_of(
    project: Project, languages: Sequence[str], kind: str, offered: Callable[[Engine], Service | None]
) -> dict[str, Service]:
    """The service of each named language, or of all whose engine has one; `kind` is its name for a person. Raises
    UsageError if the engine of a named language has none, or no engine has."""
    names = project.select(languages)
    services = {name: service for name in names if (service := offered(project.engine(name))) is not None}
    if languages and (others := [name for name in names if name not in services]):
        raise UsageError(f"the engine of {others[0]} takes no {kind}; name another language")
    if not services:
        raise UsageError(f"no language of the configuration has an engine that takes {kind}")
    return services


def list_resources(services: Mapping[str, ListedService[State]]) -> list[tuple[str, str, State]]:
    """All resources in the regions of the services: region, language ("" for a resource of another program), state."""
    regions: dict[str, ListedService[State]] = {}
    for service in services.values():
        regions.setdefault(service.region, service)
    owners = {(service.region, service.name): language for language, service in services.items()}
    return [
        (region, owners.get((region, state.name), ""), state)
        for region, service in regions.items()
        for state in service.list_all()
    ]


def delete_resources(services: Mapping[str, TaughtResource], kind: str, out: Output) -> None:
    """Deletes the resource of each language and says so, or that there was none; `kind` is its name for a person."""
    deleted: dict[str, bool] = {}
    for name, service in services.items():
        deleted[name] = service.delete()
        out.say(f"{name}: {f'{service.name} is deleted' if deleted[name] else f'there was no {kind}'}")
    out.data({name: {"deleted": existed} for name, existed in deleted.items()})


def state_data(state: ParallelDataState | TerminologyState) -> dict[str, object]:
    """For `--json`."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(state).items()}


def moment(time: datetime | None) -> str:
    """For a table."""
    return f"{time:%Y-%m-%d %H:%M}" if time else ""


def attempt(names: Sequence[str], action: Callable[[str], Result]) -> tuple[dict[str, Result], dict[str, AmtsError]]:
    """The results of `action` by language, and the errors of the languages that failed."""
    results: dict[str, Result] = {}
    errors: dict[str, AmtsError] = {}
    for name in names:
        try:
            results[name] = action(name)
        except AmtsError as error:
            errors[name] = error
    return results, errors


def raise_first(errors: Mapping[str, AmtsError], done: str) -> None:
    """Raises an error that lists all errors and has the exit code of the first."""
    if errors:
        reasons = "\n".join(f"{name}: {error}" for name, error in errors.items())
        error = AmtsError(f"{counted(len(errors), 'language')} could not be {done}\n{reasons}")
        error.exit_code = next(iter(errors.values())).exit_code
        raise error
