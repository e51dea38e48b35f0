"""`amts action`: a step of a GitHub Actions workflow. The event decides whether to sync or to follow a comment."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.book.workers import Runner
from bot.cli.failures import foreseen
from bot.cli.opened import OpenedProject, load_project, open_project
from bot.cli.options import DEFAULT_CONFIG, Jobs
from bot.cli.output import Output
from bot.cli.sync import SyncRequest, raise_failed_files, sync_all
from bot.cli.workflow import Workflow
from bot.errors import AmtsError, PendingError, TransientError, UsageError
from bot.report.markdown import counted, escaped

if TYPE_CHECKING:
    from bot.book.project import Project

SYNC_EVENTS = frozenset({"push", "repository_dispatch", "schedule", "workflow_dispatch"})
"""The events that start a sync."""

OUTPUTS = {
    "outcome": "failed",
    "changed": "false",
    "pull-requests": "[]",
    "stale": "0",
    "left": "0",
    "pending": "false",
}
"""The outputs that action.yml declares, as a run leaves them that gets nowhere."""

_MAX_ATTEMPTS = 3
"""A command that fails because of GitHub is left to the next attempt of the job. This attempt answers it."""


def command(
    config: Annotated[
        Path, typer.Option("--config", "-c", envvar="AMTS_CONFIG", help="The configuration file.")
    ] = DEFAULT_CONFIG,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", "-l", envvar="AMTS_LANGUAGES", help="Only this language (repeatable)."),
    ] = None,
    path: Annotated[
        list[str] | None,
        typer.Option("--path", envvar="AMTS_PATHS", help="Only files that match this pattern (repeatable)."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", envvar="AMTS_DRY_RUN", help="Show what would be proposed; write nothing.")
    ] = False,
    wait: Annotated[
        bool,
        typer.Option("--wait/--no-wait", envvar="AMTS_WAIT", help="Wait for batch jobs, or leave them to a later run."),
    ] = True,
    jobs: Jobs = None,
) -> None:
    """Writes the job's summary, the step's outputs and annotations, then raises the error, if there is one. A batch job
    that is not done is no error: a later run collects its result."""
    event = os.environ.get("GITHUB_EVENT_NAME", "")
    if not event:
        raise UsageError("GITHUB_EVENT_NAME is not set; this is a step of a workflow, elsewhere use `amts sync`")
    with Workflow.of(os.environ) as workflow:
        # Of an output that is written twice the last value counts, so a run has all of them, whatever happens.
        for name, value in OUTPUTS.items():
            workflow.output(name, value)
        try:
            with foreseen():
                if event == "issue_comment":
                    _follow(config, jobs, workflow, wait=wait)
                elif event in SYNC_EVENTS:
                    request = SyncRequest(path or [], dry_run, wait)
                    _sync(open_project(config, language, jobs), request, workflow)
                else:
                    workflow.output("outcome", "ignored")
                    workflow.annotate("notice", f"nothing to do for the event {event}; see docs/reference/action.md")
        except AmtsError as error:
            workflow.annotate("error", str(error))
            raise


def _follow(config: Path, jobs: int | None, workflow: Workflow, *, wait: bool) -> None:
    from bot.book.project import read_text
    from bot.comments import CommentOutcome, handle_comment
    from bot.config.records import read_json
    from bot.forge.comment import read_comment

    file = os.environ.get("GITHUB_EVENT_PATH", "")
    if not file:
        raise UsageError("GITHUB_EVENT_PATH is not set; it names the file that holds the comment")
    try:
        payload = read_json(read_text(Path(file)))
    except ValueError:
        raise UsageError(f"{file}: is not JSON; the runner writes this file") from None
    comment = read_comment(payload) if isinstance(payload, dict) else None
    if comment is None:
        workflow.output("outcome", CommentOutcome.IGNORED.value)
        workflow.annotate("notice", "this is no new comment by a person on a pull request")
        return
    project, runner = load_project(config), Runner(jobs)
    attempt = os.environ.get("GITHUB_RUN_ATTEMPT", "")
    is_last = attempt.isdecimal() and int(attempt) >= _MAX_ATTEMPTS
    try:
        with project.sync_limit("the command"):
            handled = handle_comment(project, comment, runner, wait=wait, tell=Output().say, lasting=is_last)
    except TransientError as error:
        raise TransientError(f"{error}; the command waits for its answer until this job is run again") from None
    workflow.output("outcome", handled.outcome.value)
    if handled.reason:
        workflow.annotate("notice", handled.reason)
    workflow.summary(handled.answer or f"{escaped(handled.reason)}.", _pages(project))


def _sync(opened: OpenedProject, request: SyncRequest, workflow: Workflow) -> None:
    from bot.sync.results import job_summary

    synced, errors = sync_all(opened, request)
    summary = job_summary(synced, {name: str(error) for name, error in errors.items()})
    workflow.summary(summary, _pages(opened.project))
    pending = {name: error for name, error in errors.items() if isinstance(error, PendingError)}
    has_changed = any(result.outcome in ("created", "updated", "closed") for result in synced)
    pulls = [pull for result in synced if (pull := result.pull_request) and pull.number]
    workflow.output("pull-requests", json.dumps([pull.location for pull in pulls]))
    workflow.output("stale", str(sum(result.stale for result in synced)))
    workflow.output("left", str(sum(result.left for result in synced)))
    workflow.output("changed", str(has_changed).lower())
    workflow.output("pending", str(bool(pending)).lower())
    for result in synced:
        tasks = {"to revise": result.stale, "left for a person": result.left}
        if waiting := ", ".join(f"{counted(number, 'sentence')} {task}" for task, number in tasks.items() if number):
            place = result.pull_request.location if result.pull_request else ""
            workflow.annotate("warning", f"{result.scope.label}: {waiting}; see {place}")
    for name, error in pending.items():
        workflow.annotate("notice", f"{name}: {error}")
    if failures := {name: error for name, error in errors.items() if name not in pending}:
        reasons = "\n".join(f"{name}: {error}" for name, error in failures.items())
        raise type(next(iter(failures.values())))(reasons)
    raise_failed_files(synced)
    workflow.output("outcome", "pending" if pending else "done")


def _pages(project: Project) -> list[str]:
    """The web pages of the language repositories."""
    return [project.host.page(target.repo) for target in project.config.languages.values()]
