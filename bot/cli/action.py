"""`amts action`: a step of a GitHub Actions workflow. The event says whether to sync or to follow a comment."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, Jobs
from bot.cli.output import Output
from bot.errors import AmtsError, PendingError, TransientError, UsageError, VerificationError
from bot.report.markdown import counted

if TYPE_CHECKING:
    from bot.cli.workflow import Workflow

Config = Annotated[Path, typer.Option("--config", "-c", envvar="AMTS_CONFIG", help="The configuration file.")]
Direction = Annotated[
    list[str] | None,
    typer.Option("--language", "-l", envvar="AMTS_LANGUAGES", help="Only this language (repeatable)."),
]
Paths = Annotated[
    list[str] | None,
    typer.Option("--path", envvar="AMTS_PATHS", help="Only files that match this pattern (repeatable)."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", envvar="AMTS_DRY_RUN", help="Show what would be proposed; write nothing.")
]
Wait = Annotated[
    bool,
    typer.Option("--wait/--no-wait", envvar="AMTS_WAIT", help="Wait for batch jobs, or leave them to a later run."),
]

SYNCING = frozenset({"push", "repository_dispatch", "schedule", "workflow_dispatch"})
"""The events that a sync follows."""

_PATIENCE = 3
"""In so many attempts of a job, a command that GitHub's trouble stopped is left to the next one; the last answers."""


@dataclass(frozen=True, slots=True)
class Event:
    """What set off the workflow, as the runner's environment tells; `attempt` counts how often the job was run."""

    name: str
    file: Path | None
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the step was given. Languages and paths: all where empty."""

    config: Path
    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    dry_run: bool = False
    wait: bool = True
    jobs: int | None = None


def action_command(
    config: Config = DEFAULT_CONFIG,
    language: Direction = None,
    path: Paths = None,
    dry_run: DryRun = False,
    wait: Wait = True,
    jobs: Jobs = None,
) -> None:
    """A step of a GitHub Actions workflow: sync, or follow a command in a comment, as the event says."""
    wanted = Wanted(config, tuple(language or ()), tuple(path or ()), dry_run, wait, jobs)
    run(wanted, os.environ)


def run(wanted: Wanted, environment: Mapping[str, str]) -> None:
    """Writes the job's summary, the step's outputs and annotations; then raises what went wrong, if anything did. A
    batch job that goes on is nothing wrong: a later run collects it."""
    from bot.cli.workflow import Workflow

    event = read_event(environment)
    workflow = Workflow.of(environment)
    with workflow:
        try:
            if event.name == "issue_comment":
                _follow(event, wanted, workflow)
            elif event.name in SYNCING:
                _sync(wanted, workflow)
            else:
                workflow.notice(f"the event {event.name} asks for nothing; see docs/guides/github-action.md")
        except AmtsError as error:
            workflow.error(str(error))
            raise


def read_event(environment: Mapping[str, str]) -> Event:
    """Raises UsageError outside of a workflow."""
    name, file = environment.get("GITHUB_EVENT_NAME", ""), environment.get("GITHUB_EVENT_PATH", "")
    if not name:
        raise UsageError("GITHUB_EVENT_NAME is not set; this is a step of a workflow, elsewhere use `amts sync`")
    attempt = environment.get("GITHUB_RUN_ATTEMPT", "")
    return Event(name, Path(file) if file else None, int(attempt) if attempt.isdecimal() else 1)


def _follow(event: Event, wanted: Wanted, workflow: Workflow) -> None:
    from bot.book.project import load_project, read_text
    from bot.book.workers import Runner
    from bot.comments import CommentOutcome, handle_comment
    from bot.forge.comment import read_comment

    if event.file is None:
        raise UsageError("GITHUB_EVENT_PATH is not set; it names the file that holds the comment")
    try:
        payload = json.loads(read_text(event.file))
    except ValueError:
        raise UsageError(f"{event.file}: is not JSON; the runner writes this file") from None
    comment = read_comment(payload) if isinstance(payload, dict) else None
    if comment is None:
        workflow.output("outcome", CommentOutcome.IGNORED.value)
        workflow.notice("this is no new comment by a person on a pull request")
        return
    out = Output()
    project, runner, lasting = load_project(wanted.config), Runner(wanted.jobs), event.attempt >= _PATIENCE
    try:
        handled = handle_comment(project, comment, runner, wait=wanted.wait, tell=out.say, lasting=lasting)
    except TransientError as error:
        workflow.output("outcome", "failed")
        raise TransientError(f"{error}; the command waits for its answer until this job is run again") from None
    workflow.output("outcome", handled.outcome.value)
    if handled.reason:
        workflow.notice(handled.reason)
    workflow.summary(f"{handled.answer or handled.reason}\n")


def _sync(wanted: Wanted, workflow: Workflow) -> None:
    from bot.book.project import load_project
    from bot.cli import sync
    from bot.report.sync_results import job_summary
    from bot.sync.results import told_of

    asked = sync.Wanted(wanted.languages, wanted.paths, wanted.dry_run, wanted.wait, wanted.jobs)
    synced, errors = sync.sync_all(load_project(wanted.config), asked, Output())
    results = [told_of(one) for one in synced]
    workflow.summary(job_summary(results, {name: str(error) for name, error in errors.items()}))
    pending = [name for name, error in errors.items() if isinstance(error, PendingError)]
    failed = [result for one in synced for result in one.failed]
    workflow.output("pull-requests", json.dumps([one.location for one in results if one.number]))
    workflow.output("left", str(sum(one.left for one in results)))
    workflow.output("changed", str(any(one.outcome in ("created", "updated", "closed") for one in results)).lower())
    workflow.output("pending", str(bool(pending)).lower())
    for one in results:
        if one.left:
            workflow.warning(f"{one.language}: {counted(one.left, 'sentence')} left for a person; see {one.location}")
    for name in pending:
        workflow.notice(f"{name}: {errors[name]}")
    worst = [f"{name}: {error}" for name, error in errors.items() if name not in pending]
    if worst:
        first = next(error for name, error in errors.items() if name not in pending)
        workflow.output("outcome", "failed")
        raise type(first)("\n".join(worst))
    if failed:
        workflow.output("outcome", "failed")
        told = "\n".join(f"{result.path}: {result.problem}" for result in failed)
        raise VerificationError(f"{counted(len(failed), 'file')} could not be synced\n{told}")
    workflow.output("outcome", "pending" if pending else "done")
