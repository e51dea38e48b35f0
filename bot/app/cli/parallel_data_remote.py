"""`amts parallel-data push|list|show|download|delete`: what Amazon Translate was taught of the book."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.app.cli.amazon_languages import amazon_languages, attempt, by_region, raise_first
from bot.app.cli.files import write_files
from bot.app.cli.options import DEFAULT_CONFIG, ConfigOption, Jobs, Json, Languages, NamedLanguages, Quiet
from bot.app.cli.output import Output, number
from bot.app.opening import open_source
from bot.app.parallel import Runner
from bot.app.parallel_data.pushing import Refreshed, push_parallel_data
from bot.app.project import Project, load_project
from bot.engines.amazon import parallel_data
from bot.engines.amazon.clients import connect
from bot.engines.amazon.parallel_data_state import Reason, State, download, find, list_all, reasons
from bot.errors import InputError, UsageError
from bot.forge.failures import storage_errors
from bot.memory.pairs import Fate

_SHOWN_REASONS = 10
_HEADER = ["", "pairs", "imported", "skipped", "failed", "characters"]


def push_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    force: Annotated[bool, typer.Option("--force", help="Import the pairs even where they are in force.")] = False,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Teach Amazon Translate the pairs of the book, and wait until it has learnt them."""
    push(load_project(config), language or [], jobs, Output(quiet, as_json), force=force)


def list_command(config: ConfigOption = DEFAULT_CONFIG, as_json: Json = False, quiet: Quiet = False) -> None:
    """List all parallel data of the account, in the regions of the configuration."""
    list_states(load_project(config), Output(quiet, as_json))


def show_command(
    config: ConfigOption = DEFAULT_CONFIG, language: Languages = None, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Show the parallel data of each language: its state, its counts, and why records were left out."""
    show(load_project(config), language or [], Output(quiet, as_json))


def download_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")] = Path("parallel-data"),
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Download the pairs that are in force."""
    download_content(load_project(config), language or [], output, Output(quiet, as_json))


def delete_command(
    language: NamedLanguages, config: ConfigOption = DEFAULT_CONFIG, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Delete the parallel data of the languages named, its files in the bucket included."""
    delete(load_project(config), language, Output(quiet, as_json))


def register(app: typer.Typer) -> None:
    """Adds the commands to `amts parallel-data`."""
    for name, command in _COMMANDS.items():
        app.command(name)(command)


_COMMANDS: Mapping[str, Callable[..., None]] = {
    "push": push_command,
    "list": list_command,
    "show": show_command,
    "download": download_command,
    "delete": delete_command,
}


def push(project: Project, languages: Sequence[str], jobs: int | None, out: Output, *, force: bool) -> None:
    """One language after the other, since an account allows one import at a time; one that fails does not stop the
    others, and the first failure gives the exit code."""
    settings = amazon_languages(project, languages)
    names = [name for name, one in settings.items() if languages or one.parallel_data != "none"]
    source = open_source(project)

    def push_one(name: str) -> Refreshed:
        with out.progress() as advance:
            return push_parallel_data(project, source, name, Runner(jobs, advance), force=force)

    done, errors = attempt(names, push_one)
    data = {name: _push_report(one) for name, one in done.items()}
    out.data({"languages": data, "errors": {name: str(error) for name, error in errors.items()}})
    if done:
        rows = [[name, *_numbers(one.content.pairs, one.pushed.state)] for name, one in done.items()]
        out.table(_HEADER, rows)
    for name, one in done.items():
        told = f"pushed to {one.pushed.state.name}" if one.pushed.changed else "in force already, nothing pushed"
        out.say(f"{name}: {told}")
        _say_reasons(name, one.pushed.reasons, out)
    raise_first(errors, "pushed")


def list_states(project: Project, out: Output) -> None:
    settings = amazon_languages(project, ())
    found = [
        (region, languages.get(state.name, ""), state)
        for region, languages in by_region(settings).items()
        for state in list_all(connect(next(one for one in settings.values() if one.region == region)))
    ]
    out.data([{"region": region, "language": name or None, **_report(state)} for region, name, state in found])
    if not found:
        out.say("there is no parallel data; `amts parallel-data push` makes it")
        return
    header = ["name", "language", "state", "imported", "skipped", "failed", "characters", "updated"]
    out.table(header, [[state.name, name, *_row(state)] for _, name, state in found])


def show(project: Project, languages: Sequence[str], out: Output) -> None:
    """Raises InputError where none of the languages has parallel data."""
    shown: dict[str, tuple[State, list[Reason]]] = {}
    for name, settings in amazon_languages(project, languages).items():
        clients = connect(settings)
        if state := find(clients, settings):
            shown[name] = state, reasons(clients, settings)
    if not shown:
        raise InputError("there is no parallel data; `amts parallel-data push` makes it")
    out.data({name: {**_report(state), "reasons": _reason_rows(why)} for name, (state, why) in shown.items()})
    for name, (state, why) in shown.items():
        out.heading(f"{name}: {state.name}")
        for label, value in _facts(state).items():
            if value:
                out.say(f"{label}: {value}")
        _say_reasons(name, why, out)


def download_content(project: Project, languages: Sequence[str], folder: Path, out: Output) -> None:
    """All files are written at the end, or none."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name a folder with --output")
    files: dict[Path, bytes] = {}
    names: dict[str, str] = {}
    for name, settings in amazon_languages(project, languages).items():
        found = download(connect(settings), settings)
        if found is not None:
            state, content = found
            path = folder / f"{name}.in-force{Path(state.file).suffix or '.csv'}"
            files[path] = content
            names[name] = str(path)
    if not files:
        raise InputError("there is no parallel data; `amts parallel-data push` makes it")
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_files(files)
    out.data(names)
    for path, content in files.items():
        out.say(f"{path}: {len(content):,} bytes")


def delete(project: Project, languages: Sequence[str], out: Output) -> None:
    deleted: dict[str, bool] = {}
    for name, settings in amazon_languages(project, languages).items():
        deleted[name] = parallel_data.delete(connect(settings), settings)
        out.say(f"{name}: {f'{settings.resource} is deleted' if deleted[name] else 'there was no parallel data'}")
    out.data({name: {"deleted": existed} for name, existed in deleted.items()})


def _numbers(pairs: int, state: State) -> list[str]:
    return [number(pairs), *map(number, (state.imported, state.skipped, state.failed, state.characters))]


def _row(state: State) -> list[str]:
    return [_state_words(state), *_numbers(0, state)[1:], _moment(state.updated or state.created)]


def _state_words(state: State) -> str:
    return f"{state.status}, update {state.update}" if state.update not in ("", "ACTIVE") else state.status


def _moment(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else ""


def _facts(state: State) -> dict[str, str]:
    return {
        "state": _state_words(state),
        "message": state.message,
        "languages": f"{state.source} to {', '.join(state.targets)}" if state.source else "",
        "pushed": f"{state.pairs:,} {state.level} pairs" if state.hash else "",
        "imported": f"{state.imported:,} ({state.characters:,} characters)",
        "skipped": number(state.skipped),
        "failed": number(state.failed),
        "made from": state.file,
        "content": f"SHA-256 {state.hash}" if state.hash else "",
        "created": _moment(state.created),
        "updated": _moment(state.updated),
    }


def _report(state: State) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(state).items()}


def _push_report(one: Refreshed) -> dict[str, object]:
    return {
        "changed": one.pushed.changed,
        "pairs": one.content.pairs,
        "held_out": one.data.counts[Fate.HELD_OUT],
        **{name: value for name, value in _report(one.pushed.state).items() if name != "pairs"},
        "reasons": _reason_rows(one.pushed.reasons),
    }


def _reason_rows(found: Sequence[Reason]) -> list[dict[str, str]]:
    return [asdict(reason) for reason in found]


def _say_reasons(name: str, found: Sequence[Reason], out: Output) -> None:
    for reason in found[:_SHOWN_REASONS]:
        out.say(f"{name}: {reason.record}: {reason.message}")
    if len(found) > _SHOWN_REASONS:
        out.say(f"{name}: and {len(found) - _SHOWN_REASONS:,} more (--json lists all)")
