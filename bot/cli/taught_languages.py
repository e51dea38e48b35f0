"""Commands on what a service keeps for each language, parallel data or terms: what both kinds have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

import typer

from bot.cli.failures import Failures
from bot.cli.opened import load_project
from bot.cli.options import DEFAULT_CONFIG, ConfigOption, Json, NamedLanguages, Quiet
from bot.cli.output import Output
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.book.project import Project
    from bot.engines import Engine
    from bot.engines.teaching import ParallelDataState, TaughtResource, TerminologyState

Result = TypeVar("Result")
State = TypeVar("State", bound="ParallelDataState | TerminologyState")
Service_co = TypeVar("Service_co", bound="TaughtResource[object]", covariant=True)


@dataclass(frozen=True)
class ResourceKind(Generic[Service_co]):
    """A kind of resource, with its name for a person. `of_engine` is the service of an engine that takes this kind;
    `missing` is the message if no resource exists."""

    name: str
    missing: str
    of_engine: Callable[[Engine], Service_co | None]

    def services(self, project: Project, languages: Sequence[str] | None = None) -> dict[str, Service_co]:
        """The service of each named language, or of each language whose engine has a service. Raises UsageError if a
        named language's engine has none, or no engine has one."""
        names = project.select(languages or [])
        services = {name: service for name in names if (service := self.of_engine(project.engine(name))) is not None}
        if languages and (others := [name for name in names if name not in services]):
            raise UsageError(f"the engine of {others[0]} takes no {self.name}; name another language")
        if not services:
            raise UsageError(f"no language of the configuration has an engine that takes {self.name}")
        return services


def add_list(
    app: typer.Typer,
    kind: ResourceKind[TaughtResource[State]],
    header: Sequence[str],
    columns: Callable[[State], Sequence[str]],
) -> None:
    """Adds `list`. `columns` are the cells of a resource below `header`, after its name and its language."""

    def list_command(config: ConfigOption = DEFAULT_CONFIG, as_json: Json = False, quiet: Quiet = False) -> None:
        out = Output(quiet, as_json)
        services = kind.services(load_project(config))
        owners = {(service.region, service.name): language for language, service in services.items()}
        # Every service of a region lists the whole account; a resource of another program has no owner.
        regions = {service.region: service for service in services.values()}
        listed = [
            (region, owners.get((region, state.name)), state)
            for region, service in regions.items()
            for state in service.list_all()
        ]
        out.data([{"region": region, "language": owner, **state_data(state)} for region, owner, state in listed])
        if listed:
            rows = [[state.name, owner or "", *columns(state)] for _, owner, state in listed]
            out.table(["name", "language", *header], rows)
        else:
            out.say(kind.missing)

    app.command("list", help=f"List all {kind.name} of the account, in the regions of the configuration.")(list_command)


def add_delete(app: typer.Typer, kind: ResourceKind[TaughtResource[object]], help_text: str) -> None:
    """Adds `delete`: the resources of the named languages."""

    def delete_command(
        language: NamedLanguages, config: ConfigOption = DEFAULT_CONFIG, as_json: Json = False, quiet: Quiet = False
    ) -> None:
        out = Output(quiet, as_json)
        deleted: dict[str, bool] = {}
        failures = Failures()
        for name, service in kind.services(load_project(config), language).items():
            with failures.of(name):
                deleted[name] = service.delete()
                out.say(f"{name}: {f'{service.name} is deleted' if deleted[name] else f'there was no {kind.name}'}")
        out.data({name: {"deleted": existed} for name, existed in deleted.items()})
        failures.raise_all("cleared")

    app.command("delete", help=help_text)(delete_command)


def state_data(state: ParallelDataState | TerminologyState) -> dict[str, object]:
    """For `--json`."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(state).items()}


def moment(time: datetime | None) -> str:
    """For a table."""
    return f"{time:%Y-%m-%d %H:%M}" if time else ""


def teach(
    names: Sequence[str],
    action: Callable[[str], Result],
    as_data: Callable[[Result], Mapping[str, object]],
    show: Callable[[Mapping[str, Result]], None],
    out: Output,
    *,
    done: str,
) -> None:
    """Does the action for each language, even if it fails for another, and shows the results. Raises an error that
    lists the reasons of all failures and has the exit code of the first."""
    results: dict[str, Result] = {}
    failures = Failures()
    for name in names:
        with failures.of(name):
            results[name] = action(name)
    out.data({"languages": {name: as_data(result) for name, result in results.items()}, "errors": failures.reasons})
    if results:
        show(results)
    failures.raise_all(done)
