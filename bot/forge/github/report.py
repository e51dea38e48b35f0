"""How a commit tells what waits in it: a commit status, or a check run."""

from __future__ import annotations

from github.CheckRun import CheckRun
from github.Commit import Commit

from bot.forge.github.connection import Connection
from bot.forge.github.host import Report
from bot.model import PullRequestDraft

_MAX_DESCRIPTION = 140


def report(connection: Connection, draft: PullRequestDraft, head: str, kind: Report) -> None:
    """Reports the draft's status at the commit `head`, unless it says so already."""
    if kind == "none" or not draft.status:
        return
    url = f"{connection.api.url}/commits/{head}"
    commit = Commit(connection.client, headers={}, attributes={"url": url, "sha": head})
    line = draft.status if len(draft.status) <= _MAX_DESCRIPTION else f"{draft.status[: _MAX_DESCRIPTION - 1]}…"
    if kind == "status":
        _status(connection, commit, draft, line)
    else:
        _check(connection, commit, draft, line)


def _status(connection: Connection, commit: Commit, draft: PullRequestDraft, line: str) -> None:
    state = "success" if draft.complete else "pending"

    def find() -> bool | None:
        said = commit.get_combined_status().statuses
        return any((one.context, one.state, one.description) == (draft.branch, state, line) for one in said) or None

    def make() -> bool:
        commit.create_status(state, description=line, context=draft.branch)
        return True

    if not find():
        connection.client.ensure(find, make)


def _check(connection: Connection, commit: Commit, draft: PullRequestDraft, line: str) -> None:
    conclusion = "success" if draft.complete else "neutral"
    output: dict[str, str | list[dict[str, str | int]]] = {"title": line, "summary": line}

    def find() -> CheckRun | None:
        return next(iter(commit.get_check_runs(check_name=draft.branch)), None)

    def make() -> CheckRun:
        return connection.api.create_check_run(draft.branch, commit.sha, conclusion=conclusion, output=output)

    run = find() or connection.client.ensure(find, make)
    if (run.conclusion, run.output.title) != (conclusion, line):
        run.edit(conclusion=conclusion, output=dict(output))
