"""`amts sync`: all languages, one after the other, and what to tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.app.cli.output import Output, by_folder, number
from bot.app.parallel import Runner
from bot.app.project import Project, load_project
from bot.app.syncing import Synced, open_source, sync_language
from bot.errors import AmtsError, VerificationError
from bot.forge.base import Outcome
from bot.model import FileChange
from bot.report.machine import file_report
from bot.report.markdown import counted
from bot.report.summary import ACTIONS, UNWRITTEN, sentence_totals, unit_totals

_HEADER = ["file", *("new" if action.value == "translated" else action.value for action in ACTIONS)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a project to sync: names of languages and patterns of files (all where empty)."""

    languages: Sequence[str] = ()
    paths: Sequence[str] = ()
    dry_run: bool = False
    jobs: int | None = None


def run(config: Path, wanted: Wanted, out: Output) -> None:
    """One language that fails does not stop the others; the first failure gives the exit code."""
    project = load_project(config)
    synced, errors = sync_all(project, wanted, out)
    failures = [{"language": name, "error": str(error)} for name, error in errors.items()]
    out.data({"languages": [report_language(one) for one in synced], "errors": failures})
    if errors:
        told = "\n".join(f"{name}: {error}" for name, error in errors.items())
        tried = counted(len(synced) + len(errors), "language")
        raise type(next(iter(errors.values())))(f"{len(errors)} of {tried} could not be synced\n{told}")
    failed = [result for one in synced for result in one.failed]
    if failed:
        told = "\n".join(f"{result.path}: {result.problem}" for result in failed)
        raise VerificationError(f"{counted(len(failed), 'file')} could not be synced\n{told}")


def sync_all(project: Project, wanted: Wanted, out: Output) -> tuple[list[Synced], dict[str, AmtsError]]:
    """What became of each language, and why others failed."""
    names = project.select(wanted.languages)
    source = open_source(project)
    synced: list[Synced] = []
    errors: dict[str, AmtsError] = {}
    for name in names:
        try:
            with out.progress() as advance:
                runner = Runner(wanted.jobs, advance)
                one = sync_language(project, source, name, wanted.paths, runner, dry_run=wanted.dry_run)
        except AmtsError as error:
            errors[name] = error
            continue
        synced.append(one)
        _show(one, out, dry_run=wanted.dry_run)
    return synced, errors


def _show(one: Synced, out: Output, *, dry_run: bool) -> None:
    out.heading(one.language)
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
        if result.change in UNWRITTEN:
            out.say(f"{result.path}: {result.change.value}: {result.problem}")
        elif result.old_path:
            out.say(f"{result.path}: was {result.old_path}")
    out.say(f"{one.language}: {_outcome(one, dry_run=dry_run)}")


def _outcome(one: Synced, *, dry_run: bool) -> str:
    place = one.pull_request.location if one.pull_request else ""
    match one.outcome:
        case None if any(result.change in UNWRITTEN for result in one.results):
            return "nothing could be proposed; see above"
        case None:
            return "nothing to propose; the translation is in step"
        case Outcome.UNCHANGED:
            return f"nothing new; the open pull request has all of it: {place}"
        case Outcome.DECLINED:
            return f"people closed this very pull request, so it is not opened again: {place}"
        case Outcome.CREATED if dry_run:
            return "dry run, nothing was written: a pull request would be opened"
        case Outcome.UPDATED if dry_run:
            return f"dry run, nothing was written: the pull request would be updated: {place}"
        case Outcome.CREATED:
            return f"pull request opened: {place}"
        case Outcome.UPDATED:
            return f"pull request updated: {place}"


def report_language(one: Synced) -> dict[str, object]:
    """For `--json`."""
    pull = one.pull_request
    return {
        "language": one.language,
        "outcome": one.outcome.value if one.outcome else "nothing",
        "pull_request": {"number": pull.number, "location": pull.location, "head": pull.head} if pull else None,
        "title": one.draft.title if one.draft else None,
        "counts": unit_totals(one.results),
        "sentences": sentence_totals(one.results),
        "files": [file_report(result) for result in one.results],
    }
