"""`amts sync`: all languages, one after the other, and what to tell of it."""

from __future__ import annotations

from pathlib import Path

from bot.app.output import Output
from bot.app.parallel import Runner
from bot.app.project import Project, load_project
from bot.app.syncing import Synced, open_source, sync_language
from bot.errors import AmtsError, VerificationError
from bot.model import FileChange
from bot.report.machine import file_report
from bot.report.pull_request import totals


def run(config: Path, names: list[str], paths: list[str], out: Output, *, dry_run: bool) -> None:
    """Sync the languages. One that fails does not stop the others; the first failure gives the exit code."""
    project = load_project(config)
    synced, errors = sync_all(project, project.select(names), paths, out, dry_run=dry_run)
    out.data({"languages": [_report(one) for one in synced], "errors": [str(error) for _, error in errors]})
    for name, error in errors:
        out.err.print(f"{name}: {error}", markup=False, soft_wrap=True)
    if errors:
        raise type(errors[0][1])(f"{len(errors)} of {len(synced) + len(errors)} languages could not be synced")
    failed = [result for one in synced for result in one.failed]
    if failed:
        raise VerificationError(f"{len(failed)} files were left out; see above, or the pull request, for why")


def sync_all(
    project: Project, names: list[str], paths: list[str], out: Output, *, dry_run: bool
) -> tuple[list[Synced], list[tuple[str, AmtsError]]]:
    source = open_source(project)
    synced: list[Synced] = []
    errors: list[tuple[str, AmtsError]] = []
    for name in names:
        try:
            with out.progress() as advance:
                one = sync_language(project, source, name, paths, Runner(advance=advance), dry_run=dry_run)
        except AmtsError as error:
            errors.append((name, error))
            continue
        synced.append(one)
        _show(one, out, dry_run=dry_run)
    return synced, errors


def _show(one: Synced, out: Output, *, dry_run: bool) -> None:
    counts = totals(one.results)
    rows = [
        [result.path, result.change.value, *(str(result.merge.counts[a]) if result.merge else "" for a in counts)]
        for result in one.results
    ]
    if rows:
        rows.append(["total", f"{len(rows)}", *map(str, counts.values())])
        out.table(f"\n{one.language}", ["file", "change", *counts], rows, numbers_from=2)
    for result in one.results:
        if result.change in (FileChange.FAILED, FileChange.SKIPPED):
            out.say(f"{result.path}: {result.change.value}: {result.problem}")
    out.say(f"{one.language}: {_outcome(one, dry_run=dry_run)}")


def _outcome(one: Synced, *, dry_run: bool) -> str:
    if one.outcome is None:
        return "nothing to propose; the translation is in step"
    place = one.pull_request.location if one.pull_request else ""
    prefix = "dry run: pull request would be " if dry_run else "pull request "
    return f"{prefix}{one.outcome.value}" + (f": {place}" if place else "")


def _report(one: Synced) -> dict[str, object]:
    pull = one.pull_request
    return {
        "language": one.language,
        "outcome": one.outcome.value if one.outcome else "nothing",
        "pull_request": {"number": pull.number, "location": pull.location, "head": pull.head} if pull else None,
        "title": one.draft.title if one.draft else None,
        "counts": totals(one.results),
        "files": [file_report(result) for result in one.results],
    }
