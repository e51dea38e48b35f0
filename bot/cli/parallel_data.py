"""`amts parallel-data`: the pairs of the book that can teach a translation service, as files and in the service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.book.files import check_folder, json_bytes, write_files
from bot.cli.failures import Failures
from bot.cli.opened import OpenedProject, open_languages, open_project
from bot.cli.options import MinScore, OutputFolder, PairFormat, PairLevel, given
from bot.cli.output import Output, number
from bot.cli.taught_languages import ResourceKind, add_delete, add_list, moment, state_data, teach
from bot.errors import InputError, install_hint
from bot.parallel_data.options import HELD_OUT, MIN_SCORE, Format, Level
from bot.report.markdown import counted

if TYPE_CHECKING:
    from bot.engines.teaching import ParallelDataService, ParallelDataState, Reason
    from bot.parallel_data.book_pairs import ParallelData
    from bot.parallel_data.push import PushedPairs

_MAX_SHOWN_REASONS = 10
_FOLDER = Path("parallel-data")

command = typer.Typer()
_KIND: ResourceKind[ParallelDataService] = ResourceKind(
    "parallel data",
    "there is no parallel data; `amts parallel-data push` makes it",
    lambda engine: engine.parallel_data,
)


@command.command("build")
@given(open_project)
def build_command(
    opened: OpenedProject,
    level: PairLevel = Level.SENTENCE,
    output_format: PairFormat = Format.CSV,
    output: OutputFolder = _FOLDER,
    held_out: Annotated[
        int,
        typer.Option(
            min=0, help="Hold out about one source text in this many, for scoring (0: none; a small book: one in ten)."
        ),
    ] = HELD_OUT,
    min_score: MinScore = MIN_SCORE,
    imports: Annotated[
        list[Path] | None, typer.Option("--import", help="Add the pairs of a TMX, CSV, TSV or XLIFF file (repeatable).")
    ] = None,
) -> None:
    """Write the pairs of every language, a held-out set, and the origin of each pair."""
    from bot.drafts.machine_drafts import known_drafts
    from bot.memory.language_detection import detector_version
    from bot.parallel_data.book_pairs import build_parallel_data, default_rules
    from bot.parallel_data.files import data_files, read_imports, summary_data

    check_folder(output)
    out = opened.out
    imported = read_imports(opened.project, opened.names, imports or [])
    commit = opened.source.snapshot.commit
    built: dict[str, ParallelData] = {}
    files: dict[Path, bytes] = {}
    failures = Failures()
    for name in opened.names:
        direction = opened.project.direction(name)
        # Amazon Translate refuses leading signs in CSV and TSV; a TMX may have them.
        signs = output_format is not Format.TMX
        chosen = default_rules(direction, None if held_out == HELD_OUT else held_out)
        rules = replace(chosen, min_score=min_score, refuse_signs=signs)
        with failures.of(name):
            with opened.edition(name) as edition:
                data = build_parallel_data(edition, level, rules, imported[name], known_drafts(edition))
            written = data_files(name, data, direction, level, output_format)
            files |= {output / path: content for path, content in written.items()}
            built[name] = data
    report = {
        "source": commit,
        "level": level.value,
        "format": output_format.value,
        "held_out": held_out,
        "min_score": min_score,
        "language_detector": detector_version() or None,
        "languages": {name: summary_data(data) for name, data in built.items()},
        **({"errors": failures.reasons} if failures.errors else {}),
    }
    write_files({**files, output / "report.json": json_bytes(report, indent=1)})
    out.data({"output": str(output), **report, "aligned": {name: data.aligned for name, data in built.items()}})
    _show_built(built, out)
    if not detector_version():
        hint = install_hint("parallel-data")
        out.say(f"pairs in a wrong language were not looked for; to have that done: {hint}")
    out.say(f"{output}: written")
    failures.raise_all("read")


@command.command("push")
@given(open_project)
def push_command(
    opened: OpenedProject,
    force: Annotated[bool, typer.Option("--force", help="Import the pairs even if they have not changed.")] = False,
) -> None:
    """Teach the translation service the pairs of the book, and wait until the import is done."""
    from bot.parallel_data.push import push_parallel_data

    out = opened.out

    def push(name: str) -> PushedPairs:
        with opened.edition(name) as edition:
            return push_parallel_data(edition, force=force)

    def show(refreshed: Mapping[str, PushedPairs]) -> None:
        rows = [[name, number(it.content.pairs), *_numbers(it.pushed.state)] for name, it in refreshed.items()]
        out.table(["", "pairs", "imported", "skipped", "failed", "characters"], rows)
        for name, result in refreshed.items():
            pushed = result.pushed
            outcome = f"pushed to {pushed.state.name}" if pushed.changed else "in force already, nothing pushed"
            out.say(f"{name}: {outcome}")
            floor = opened.project.engine(name).training_floor
            if result.content.pairs < floor:
                out.say(f"{name}: not used in translations until there are {floor:,} pairs (parallel_data_from)")
            _show_reasons(name, pushed.reasons, out)

    # One after the other, since an account allows one import at a time.
    services = _KIND.services(opened.project, opened.asked)
    names = [name for name in services if opened.asked or opened.project.engine(name).training_level]
    teach(names, push, _push_data, show, out, done="pushed")


add_list(
    command,
    _KIND,
    ["state", "imported", "skipped", "failed", "characters", "updated"],
    lambda state: [_state_words(state), *_numbers(state), moment(state.updated or state.created)],
)


@command.command("show")
@given(open_languages)
def show_command(opened: OpenedProject) -> None:
    """Show the parallel data of each language: its state, its counts, and why records were left out."""
    out = opened.out
    shown: dict[str, tuple[ParallelDataState, Sequence[Reason]]] = {}
    failures = Failures()
    for name, service in _KIND.services(opened.project, opened.asked).items():
        with failures.of(name):
            if state := service.find():
                shown[name] = state, service.reasons()
    if not shown and not failures.errors:
        raise InputError(_KIND.missing)
    out.data({name: {**state_data(state), "reasons": list(map(asdict, why))} for name, (state, why) in shown.items()})
    for name, (state, why) in shown.items():
        out.heading(f"{name}: {state.name}")
        facts = {
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
        for label, value in facts.items():
            if value:
                out.say(f"{label}: {value}")
        _show_reasons(name, why, out)
    failures.raise_all("asked for")


@command.command("download")
@given(open_languages)
def download_command(opened: OpenedProject, output: OutputFolder = _FOLDER) -> None:
    """Download the pairs that the translation service uses now."""
    check_folder(output)
    contents: dict[str, tuple[Path, bytes]] = {}
    failures = Failures()
    for name, service in _KIND.services(opened.project, opened.asked).items():
        with failures.of(name):
            if downloaded := service.download():
                state, content = downloaded
                contents[name] = output / f"{name}.in-force{Path(state.file).suffix or '.csv'}", content
    if not contents and not failures.errors:
        raise InputError(_KIND.missing)
    write_files(dict(contents.values()))
    opened.out.data({name: str(path) for name, (path, _) in contents.items()})
    for path, content in contents.values():
        opened.out.say(f"{path}: {len(content):,} bytes")
    failures.raise_all("downloaded")


add_delete(command, _KIND, "Delete the parallel data of the named languages, including its files in the bucket.")


def _show_built(built: Mapping[str, ParallelData], out: Output) -> None:
    from bot.memory.pairs import PairStatus

    counts = [data.counts for data in built.values()]
    rows = [
        [status.value, *(number(by_status[status]) for by_status in counts)]
        for status in PairStatus
        if any(by_status[status] for by_status in counts)
    ]
    if rows:
        out.table(["pairs", *built], rows, ["all", *(f"{len(data.records):,}" for data in built.values())])
    for name, data in built.items():
        for reason, files in Counter(data.unread.values()).items():
            out.say(f"{name}: {counted(files, 'file')} without pairs: {reason}")
        share = data.covered / data.sentences if data.sentences else 0.0
        size = f"{counted(data.sentences, 'sentence')} of {counted(data.files, 'file')}"
        out.say(f"{name}: {share:.1%} of the {size} covered; {data.aligned:,} aligned, the others unchanged")


def _numbers(state: ParallelDataState) -> list[str]:
    return [number(count) for count in (state.imported, state.skipped, state.failed, state.characters)]


def _state_words(state: ParallelDataState) -> str:
    return f"{state.status}, update {state.update}" if state.update not in ("", "ACTIVE") else state.status


def _push_data(refreshed: PushedPairs) -> dict[str, object]:
    from bot.memory.pairs import PairStatus

    pushed, pairs = refreshed.pushed, refreshed.content.pairs
    return {
        "changed": pushed.changed,
        "pairs": pairs,
        "held_out": refreshed.data.counts[PairStatus.HELD_OUT],
        **{**state_data(pushed.state), "pairs": pairs},
        "reasons": list(map(asdict, pushed.reasons)),
    }


def _show_reasons(name: str, reasons: Sequence[Reason], out: Output) -> None:
    for reason in reasons[:_MAX_SHOWN_REASONS]:
        out.say(f"{name}: {reason.record}: {reason.message}")
    if len(reasons) > _MAX_SHOWN_REASONS:
        out.say(f"{name}: and {len(reasons) - _MAX_SHOWN_REASONS:,} more (--json lists all)")
