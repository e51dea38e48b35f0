"""`amts sync`: all languages, one after the other, and what to tell of their pull requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.book.opening import Source, SyncOptions, check_target_paths, open_edition, open_source
from bot.book.project import Project, load_project
from bot.book.workers import Runner
from bot.cli.output import Output, by_folder, number
from bot.errors import AmtsError, PendingError, VerificationError
from bot.forge.base import Outcome
from bot.model import FileChange
from bot.report.files import ACTIONS, UNWRITTEN, sentence_totals, unit_totals
from bot.report.json_results import file_report
from bot.report.markdown import counted
from bot.sync.language import Synced, sync_language

_HEADER = ["file", *("new" if action.value == "translated" else action.value for action in ACTIONS)]
# Of files with the same fate.
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a project to sync: names of languages and patterns of files (all where empty)."""

    languages: Sequence[str] = ()
    paths: Sequence[str] = ()
    dry_run: bool = False
    wait: bool = True
    jobs: int | None = None


def run(config: Path, wanted: Wanted, out: Output) -> None:
    """One language that fails does not stop the others; the first failure gives the exit code."""
    project = load_project(config)
    synced, errors = sync_all(project, wanted, out)
    failures = [{"language": name, "error": str(error)} for name, error in errors.items()]
    out.data({"languages": [report_language(one) for one in synced], "errors": failures})
    if errors:
        told = "\n".join(f"{name}: {error}" for name, error in errors.items())
        tried = counted(len({one.language for one in synced} | errors.keys()), "language")
        worst = min(errors.values(), key=lambda error: isinstance(error, PendingError))
        state = "wait for a batch job" if isinstance(worst, PendingError) else "could not be synced"
        raise type(worst)(f"{len(errors)} of {tried} {state}\n{told}")
    failed = [result for one in synced for result in one.failed]
    if failed:
        told = "\n".join(f"{result.path}: {result.problem}" for result in failed)
        raise VerificationError(f"{counted(len(failed), 'file')} could not be synced\n{told}")


def sync_all(project: Project, wanted: Wanted, out: Output) -> tuple[list[Synced], dict[str, AmtsError]]:
    """What became of each pull request, and why languages failed.

    With several languages, the batch jobs of all are started before any is waited for: who waits is synced again, from
    the plan that is made anew.
    """
    names = project.select(wanted.languages)
    source = open_source(project)
    for name in names:
        check_target_paths(project, source, name)  # before anything is written for another language
    done: dict[str, Sequence[Synced] | AmtsError] = {}
    several = len(names) > 1
    for name in names:
        done[name] = _sync(project, source, name, wanted, out, wait=wanted.wait and not several)
    for name in names:
        if wanted.wait and isinstance(done[name], PendingError):
            done[name] = _sync(project, source, name, wanted, out, wait=True)
    synced = [one for found in done.values() if not isinstance(found, AmtsError) for one in found]
    return synced, {name: found for name, found in done.items() if isinstance(found, AmtsError)}


def _sync(
    project: Project, source: Source, name: str, wanted: Wanted, out: Output, *, wait: bool
) -> Sequence[Synced] | AmtsError:
    try:
        with out.progress() as advance:
            options = SyncOptions(wanted.paths, wanted.dry_run, wait, out.say)
            edition = open_edition(project, source, name, Runner(wanted.jobs, advance))
            found = sync_language(edition, options)
    except AmtsError as error:
        return error
    for one in found:
        _show(one, out, dry_run=wanted.dry_run)
    return found


def _show(one: Synced, out: Output, *, dry_run: bool) -> None:
    label = one.scope.label
    out.heading(label)
    rows = [
        (
            result.path,
            "" if result.change is FileChange.UPDATED else result.change.value,
            [number(result.merge.sentences[action]) if result.merge else "" for action in ACTIONS],
        )
        for result in one.results
    ]
    if rows:
        totals = sentence_totals(one.results)
        out.table(_HEADER, by_folder(rows), ["sentences in all", *map(number, totals.values())])
    for result in one.results:
        if result.change not in UNWRITTEN and result.old_path:
            out.say(f"{result.path}: was {result.old_path}")
    for (change, problem), paths in _untouched(one).items():
        out.say(f"{_named(paths)}: {change.value}: {problem}")
    if one.quote.characters:
        out.say(f"{label}: {'would be' if dry_run else 'was'} translated for {one.quote.describe()}")
    out.say(f"{label}: {_outcome(one, dry_run=dry_run)}")
    for remark in one.remarks:
        out.say(f"{label}: {remark}")


def _untouched(one: Synced) -> dict[tuple[FileChange, str], list[str]]:
    """Files by the reason that nothing was written: what many share is told once."""
    found: dict[tuple[FileChange, str], list[str]] = {}
    for result in one.results:
        if result.change in UNWRITTEN:
            found.setdefault((result.change, result.problem), []).append(result.path)
    return found


def _named(paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return paths[0]
    shown = ", ".join(paths[:_MOST_NAMED])
    return f"{len(paths):,} files ({shown}{', …' if len(paths) > _MOST_NAMED else ''})"


def _outcome(one: Synced, *, dry_run: bool) -> str:
    place = one.pull_request.location if one.pull_request else ""
    match one.outcome:
        case None if any(result.change in UNWRITTEN for result in one.results):
            return "nothing could be proposed; see above"
        case None:
            return "nothing to propose; the translation is in step"
        case Outcome.UNCHANGED:
            return f"nothing new; the open pull request has all of it: {place}"
        case Outcome.CLOSED if dry_run:
            return f"dry run, nothing was written: the pull request, with nothing to propose, would be closed: {place}"
        case Outcome.CLOSED:
            return f"nothing is left to propose; the pull request was closed: {place}"
        case Outcome.DEFERRED:
            return "nothing was changed this time"
        case Outcome.DECLINED:
            return f"people closed this very pull request; its files wait until their English changes: {place}"
        case Outcome.CREATED if dry_run:
            return "dry run, nothing was written: a pull request would be opened"
        case Outcome.UPDATED if dry_run:
            return f"dry run, nothing was written: the pull request would be updated: {place}"
        case Outcome.CREATED:
            return f"pull request opened: {place}"
        case Outcome.UPDATED:
            return f"pull request updated: {place}"


def report_language(one: Synced) -> dict[str, object]:
    """For `--json`: one pull request. `chapter` is "" for the files in no folder, null for the whole language."""
    pull = one.pull_request
    return {
        "language": one.language,
        "chapter": one.scope.chapter,
        "outcome": one.outcome.value if one.outcome else "nothing",
        "pull_request": {"number": pull.number, "location": pull.location, "head": pull.head} if pull else None,
        "title": one.draft.title if one.draft else None,
        "quote": {"characters": one.quote.characters, "dollars": float(one.quote.dollars), "basis": one.quote.basis},
        "remarks": list(one.remarks),
        "counts": unit_totals(one.results),
        "sentences": sentence_totals(one.results),
        "files": [file_report(result) for result in one.results],
    }
