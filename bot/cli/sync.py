"""`amts sync`: all languages, one after the other, and the outcome of their pull requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import foreseen
from bot.cli.opened import OpenedProject, open_project
from bot.cli.options import Paths, given
from bot.cli.output import Output, by_folder, number, pull_request_data
from bot.errors import AmtsError, PendingError, VerificationError
from bot.model import FileChange
from bot.report.files import ACTIONS, UNWRITTEN, sentence_totals, unit_totals
from bot.report.json_results import file_report
from bot.report.markdown import counted

if TYPE_CHECKING:
    from bot.sync.results import Synced

_HEADER = ["file", *("new" if action.value == "translated" else action.value for action in ACTIONS)]
_MAX_NAMED_FILES = 3


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """Which files of the languages to sync, and how. Without patterns of paths: all files."""

    paths: Sequence[str] = ()
    dry_run: bool = False
    wait: bool = True


@given(open_project)
def command(
    opened: OpenedProject,
    path: Paths = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be proposed; write nothing.")] = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait for batch jobs, or leave them to a later run (exit code 10).")
    ] = True,
) -> None:
    synced, errors = sync_all(opened, SyncRequest(path or [], dry_run, wait))
    failures = [{"language": name, "error": str(error)} for name, error in errors.items()]
    opened.out.data({"languages": [sync_report(result) for result in synced], "errors": failures})
    if errors:
        tried = counted(len({result.language for result in synced} | errors.keys()), "language")
        worst = min(errors.values(), key=lambda error: isinstance(error, PendingError))
        state = "wait for a batch job" if isinstance(worst, PendingError) else "could not be synced"
        reasons = "\n".join(f"{name}: {error}" for name, error in errors.items())
        raise type(worst)(f"{len(errors)} of {tried} {state}\n{reasons}")
    raise_failed_files(synced)


def raise_failed_files(synced: Sequence[Synced]) -> None:
    """Raises VerificationError if files could not be synced."""
    if failed := [file for result in synced for file in result.failed]:
        reasons = "\n".join(f"{file.path}: {file.problem}" for file in failed)
        raise VerificationError(f"{counted(len(failed), 'file')} could not be synced\n{reasons}")


def sync_all(opened: OpenedProject, request: SyncRequest) -> tuple[list[Synced], dict[str, AmtsError]]:
    """The outcome of each pull request, and why languages failed. No failure stops the other languages.

    With several languages, the batch jobs of all are started before any is waited for. A language that waits is then
    synced again, from a new plan.
    """
    names = opened.names
    _ = opened.source  # without the English, no language can be synced
    outcomes = {name: _sync(opened, name, request, wait=request.wait and len(names) == 1) for name in names}
    for name in names:
        if request.wait and isinstance(outcomes[name], PendingError):
            outcomes[name] = _sync(opened, name, request, wait=True)
    synced = [result for results in outcomes.values() if not isinstance(results, AmtsError) for result in results]
    return synced, {name: error for name, error in outcomes.items() if isinstance(error, AmtsError)}


def _sync(opened: OpenedProject, name: str, request: SyncRequest, *, wait: bool) -> Sequence[Synced] | AmtsError:
    from bot.book.edition import SyncOptions
    from bot.sync.language import sync_language

    try:
        with foreseen():
            with opened.project.sync_limit(name), opened.edition(name) as edition:
                synced = sync_language(edition, SyncOptions(request.paths, request.dry_run, wait, opened.out.say))
            for result in synced:
                _show(result, opened.out, dry_run=request.dry_run)
    except AmtsError as error:
        return error
    return synced


def _show(synced: Synced, out: Output, *, dry_run: bool) -> None:
    label = synced.scope.label
    out.heading(label)
    rows = [
        (
            file.path,
            "" if file.change is FileChange.UPDATED else file.change.value,
            [number(file.merge.sentences[action]) if file.merge else "" for action in ACTIONS],
        )
        for file in synced.results
    ]
    if rows:
        totals = sentence_totals(synced.results)
        out.table(_HEADER, by_folder(rows), ["sentences in all", *map(number, totals.values())])
    unwritten: dict[tuple[FileChange, str], list[str]] = {}
    for file in synced.results:
        if file.change in UNWRITTEN:
            unwritten.setdefault((file.change, file.problem), []).append(file.path)
        elif file.old_path:
            out.say(f"{file.path}: was {file.old_path}")
    for (change, problem), paths in unwritten.items():
        out.say(f"{_named(paths)}: {change.value}: {problem}")
    if synced.quote.characters:
        out.say(f"{label}: translation {'would cost' if dry_run else 'cost'} {synced.quote.describe()}")
    out.say(f"{label}: {_outcome(synced, dry_run=dry_run)}")
    for remark in synced.remarks:
        out.say(f"{label}: {remark}")


def _named(paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return paths[0]
    shown = ", ".join(paths[:_MAX_NAMED_FILES])
    return f"{len(paths):,} files ({shown}{', …' if len(paths) > _MAX_NAMED_FILES else ''})"


def _outcome(synced: Synced, *, dry_run: bool) -> str:
    from bot.forge.base import Outcome

    place = synced.pull_request.location if synced.pull_request else ""
    match synced.outcome:
        case None if synced.unsettled:
            return "nothing could be proposed; see above"
        case None:
            return "nothing to propose; the translation is in step"
        case Outcome.UNCHANGED:
            return f"nothing new; the open pull request is up to date: {place}"
        case Outcome.CLOSED if dry_run:
            return f"dry run, nothing was written: the pull request, with nothing to propose, would be closed: {place}"
        case Outcome.CLOSED:
            return f"nothing is left to propose; the pull request was closed: {place}"
        case Outcome.DEFERRED:
            return "nothing was changed this time"
        case Outcome.DECLINED:
            return f"people closed this pull request before; its files wait until their English changes: {place}"
        case Outcome.CREATED if dry_run:
            return "dry run, nothing was written: a pull request would be opened"
        case Outcome.UPDATED if dry_run:
            return f"dry run, nothing was written: the pull request would be updated: {place}"
        case Outcome.CREATED:
            return f"pull request opened: {place}"
        case Outcome.UPDATED:
            return f"pull request updated: {place}"


def sync_report(synced: Synced) -> dict[str, object]:
    """One pull request for `--json`. `chapter` is "" for the files in no folder, null for the whole language."""
    quote = synced.quote
    return {
        "language": synced.language,
        "chapter": synced.scope.chapter,
        "outcome": synced.outcome.value if synced.outcome else "nothing",
        "pull_request": pull_request_data(synced.pull_request) if synced.pull_request else None,
        "title": synced.draft.title if synced.draft else None,
        "quote": {"characters": quote.characters, "dollars": float(quote.dollars), "basis": quote.basis},
        "remarks": list(synced.remarks),
        "counts": unit_totals(synced.results),
        "sentences": sentence_totals(synced.results),
        "files": [file_report(file) for file in synced.results],
    }
