"""The commands of `amts parallel-data` that reach the engine's service: push, list, show, download, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bot.book.files import write_files
from bot.book.opening import open_edition, open_source
from bot.book.project import load_project
from bot.book.workers import Runner
from bot.cli.output import Output, number
from bot.cli.taught_languages import (
    attempt,
    delete_resources,
    moment,
    one_a_region,
    parallel_data_of,
    raise_first,
)
from bot.engines.teaching import ParallelDataState, Reason
from bot.errors import InputError, UsageError
from bot.forge.failures import storage_errors
from bot.memory.pairs import PairStatus
from bot.parallel_data.push import PushedPairs, push_parallel_data

_SHOWN_REASONS = 10
_HEADER = ["", "pairs", "imported", "skipped", "failed", "characters"]


def push(config: Path, languages: Sequence[str], jobs: int | None, out: Output, *, force: bool) -> None:
    """One language after the other, since an account allows one import at a time; one that fails does not stop the
    others, and the first failure gives the exit code."""
    project = load_project(config)
    names = [name for name in parallel_data_of(project, languages) if languages or project.engine(name).training_level]
    source = open_source(project)

    def push_one(name: str) -> PushedPairs:
        with out.progress() as advance:
            return push_parallel_data(open_edition(project, source, name, Runner(jobs, advance)), force=force)

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


def list_states(config: Path, out: Output) -> None:
    found = [
        (service.region, owners.get(state.name, ""), state)
        for service, owners in one_a_region(parallel_data_of(load_project(config), ()))
        for state in service.list_all()
    ]
    out.data([{"region": region, "language": name or None, **_report(state)} for region, name, state in found])
    if not found:
        out.say("there is no parallel data; `amts parallel-data push` makes it")
        return
    header = ["name", "language", "state", "imported", "skipped", "failed", "characters", "updated"]
    out.table(header, [[state.name, name, *_row(state)] for _, name, state in found])


def show(config: Path, languages: Sequence[str], out: Output) -> None:
    """Raises InputError where none of the languages has parallel data."""
    project = load_project(config)
    shown: dict[str, tuple[ParallelDataState, Sequence[Reason]]] = {}
    for name, service in parallel_data_of(project, languages).items():
        if state := service.find():
            shown[name] = state, service.reasons()
    if not shown:
        raise InputError("there is no parallel data; `amts parallel-data push` makes it")
    out.data({name: {**_report(state), "reasons": _reason_rows(why)} for name, (state, why) in shown.items()})
    for name, (state, why) in shown.items():
        out.heading(f"{name}: {state.name}")
        for label, value in _facts(state).items():
            if value:
                out.say(f"{label}: {value}")
        _say_reasons(name, why, out)


def download_content(config: Path, languages: Sequence[str], folder: Path, out: Output) -> None:
    """All files are written at the end, or none."""
    project = load_project(config)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name a folder with --output")
    files: dict[Path, bytes] = {}
    names: dict[str, str] = {}
    for name, service in parallel_data_of(project, languages).items():
        found = service.download()
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


def delete(config: Path, languages: Sequence[str], out: Output) -> None:
    delete_resources(parallel_data_of(load_project(config), languages), "parallel data", out)


def _numbers(pairs: int, state: ParallelDataState) -> list[str]:
    return [number(pairs), *map(number, (state.imported, state.skipped, state.failed, state.characters))]


def _row(state: ParallelDataState) -> list[str]:
    return [_state_words(state), *_numbers(0, state)[1:], moment(state.updated or state.created)]


def _state_words(state: ParallelDataState) -> str:
    return f"{state.status}, update {state.update}" if state.update not in ("", "ACTIVE") else state.status


def _facts(state: ParallelDataState) -> dict[str, str]:
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
        "created": moment(state.created),
        "updated": moment(state.updated),
    }


def _report(state: ParallelDataState) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(state).items()}


def _push_report(one: PushedPairs) -> dict[str, object]:
    return {
        "changed": one.pushed.changed,
        "pairs": one.content.pairs,
        "held_out": one.data.counts[PairStatus.HELD_OUT],
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
