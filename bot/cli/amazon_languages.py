"""The languages of a configuration that Amazon Translate translates, for commands that work on each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from bot.book.project import Project, load_project
from bot.cli.output import Output
from bot.engines.amazon.clients import Clients, connect
from bot.engines.amazon.settings import Settings
from bot.errors import AmtsError, UsageError
from bot.parallel_data.pushing import amazon_settings
from bot.report.markdown import counted

Result = TypeVar("Result")


class Resource(Protocol):
    """What the account has of parallel data or terms."""

    @property
    def name(self) -> str: ...


Named = TypeVar("Named", bound=Resource)


def amazon_languages(project: Project, languages: Sequence[str]) -> dict[str, Settings]:
    """The settings of those named, or of all that Amazon Translate translates. Raises UsageError for one that it does
    not, or for none."""
    names = project.select(languages)
    found = {name: settings for name in names if (settings := amazon_settings(project, name)) is not None}
    if languages and (others := [name for name in names if name not in found]):
        raise UsageError(f'the engine of {others[0]} is not of kind "amazon"; name another language')
    if not found:
        raise UsageError('no language of the configuration has an engine of kind "amazon"')
    return found


def list_resources(project: Project, list_all: Callable[[Clients], Iterable[Named]]) -> list[tuple[str, str, Named]]:
    """All resources of a kind in the regions of the configuration: region, the language it is of ("" for none), and
    what it is."""
    regions: dict[str, dict[str, Settings]] = {}
    for name, one in amazon_languages(project, ()).items():
        regions.setdefault(one.region, {})[name] = one
    found = []
    for region, settings in regions.items():
        names = {one.resource: name for name, one in settings.items()}
        clients = connect(next(iter(settings.values())))
        found += [(region, names.get(resource.name, ""), resource) for resource in list_all(clients)]
    return found


def delete_resources(
    config: Path, languages: Sequence[str], delete: Callable[[Clients, Settings], bool], kind: str, out: Output
) -> None:
    """Deletes the resource of each language and says so, or that there was none; `kind` is its name for a person."""
    deleted: dict[str, bool] = {}
    for name, settings in amazon_languages(load_project(config), languages).items():
        deleted[name] = delete(connect(settings), settings)
        out.say(f"{name}: {f'{settings.resource} is deleted' if deleted[name] else f'there was no {kind}'}")
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
