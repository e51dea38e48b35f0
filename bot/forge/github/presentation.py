"""A pull request's labels, reviewers and milestone, and the status of its last commit. All but the status are set once,
so people can remove them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from github import GithubException
from github.CheckRun import CheckRun
from github.Commit import Commit as ApiCommit
from github.Milestone import Milestone
from github.NamedUser import NamedUser
from github.PullRequest import PullRequest as ApiPullRequest

from bot.forge.failures import quoted
from bot.forge.github.client import GONE, UNPROCESSABLE, Tolerated
from bot.forge.github.connection import Connection
from bot.forge.github.failures import refusal_words
from bot.forge.github.host import Report
from bot.forge.github.marker import Memo
from bot.markup.inert import literal
from bot.model import PullRequestDraft

_LABEL_COLOR = "1d76db"
# Characters that GitHub allows for the description of a commit status.
_MAX_DESCRIPTION = 140


class Presentation:
    """Of one pull request. `warnings` collects what GitHub refused, each a sentence for a person."""

    def __init__(self, connection: Connection, pull: ApiPullRequest, *, new: bool) -> None:
        self._connection = connection
        self._pull = pull
        self._new = new
        self.warnings: list[str] = []

    def add_labels(self, memo: Memo, labels: Sequence[str]) -> Memo:
        """Creates labels that the repository lacks."""
        missing = [name for name in labels if name not in memo.labels]
        present = {label.name.lower() for label in self._pull.labels}
        new = [name for name in missing if name.lower() not in present]
        for name in new:
            self._make_label(name)
        if new:
            # PyGithub's own method sends a bare list, which GitHub's description does not know.
            client, path = self._connection.client, f"{self._pull.issue_url}/labels"
            client.ensure(lambda: client.requestJsonAndCheck("POST", path, input={"labels": new}))
        return replace(memo, labels=(*memo.labels, *missing))

    def request_reviews(self, memo: Memo, reviewers: Sequence[str]) -> Memo:
        """Asks each person once: nobody who was removed since, or has reviewed already."""
        known = {login.lower() for login in memo.asked}
        wanted = [login for login in reviewers if login.lower() not in known]
        passed = _logins([self._pull.user, *self._pull.requested_reviewers])
        new = [login for login in wanted if login.lower() not in passed]
        if new and not self._new:
            reviewed = _logins(review.user for review in self._pull.get_reviews())
            new = [login for login in new if login.lower() not in reviewed]
        refused: set[str] = set()
        if new and not self._request(new):
            refused = {login for login in new if len(new) == 1 or not self._request([login])}
        return replace(memo, asked=(*memo.asked, *(login for login in wanted if login not in refused)))

    def milestone(self, memo: Memo, title: str) -> tuple[Memo, Milestone | None]:
        """The milestone to set; None if there is none, or if one was set before."""
        if not title or memo.milestone == title:
            return memo, None
        if getattr(self._pull.milestone, "title", ""):
            return replace(memo, milestone=title), None
        milestones = self._connection.api.get_milestones(state="open")
        milestone = next((milestone for milestone in milestones if milestone.title == title), None)
        if milestone is None:
            self.warnings.append(f'there is no open milestone "{title}" in {self._connection.name}; create it')
            return memo, None
        return replace(memo, milestone=title), milestone

    def _make_label(self, name: str) -> None:
        api = self._connection.api

        def find() -> str | None:
            with Tolerated(GONE):
                return api.get_label(name).color
            return None

        if find():
            return
        try:
            self._connection.client.ensure(lambda: api.create_label(name, _LABEL_COLOR), find)
        except GithubException as error:
            # Another bot was faster.
            if error.status != UNPROCESSABLE or not find():
                raise

    def _request(self, logins: Sequence[str]) -> bool:
        """Whether the request was granted. GitHub refuses all logins if one is no collaborator."""
        try:
            self._connection.client.ensure(lambda: self._pull.create_review_request(reviewers=list(logins)))
        except GithubException as error:
            if error.status != UNPROCESSABLE:
                raise
            if len(logins) == 1:
                self.warnings.append(f"no review was requested from {logins[0]}: {quoted(refusal_words(error))}")
            return False
        return True


def _logins(users: Iterable[NamedUser | None]) -> set[str]:
    """In lower case; GitHub gives no user for an account that was deleted."""
    return {user.login.lower() for user in users if user is not None}


def report_status(connection: Connection, draft: PullRequestDraft, head: str, kind: Report) -> None:
    """Reports the draft's status at the commit `head`, unless the commit shows it already."""
    if kind == "none" or not draft.status:
        return
    url = f"{connection.api.url}/commits/{head}"
    commit = ApiCommit(connection.client, headers={}, attributes={"url": url, "sha": head})
    line = draft.status if len(draft.status) <= _MAX_DESCRIPTION else f"{draft.status[: _MAX_DESCRIPTION - 1]}…"
    report = _report_commit_status if kind == "status" else _report_check_run
    report(connection, commit, draft, line)


def _report_commit_status(connection: Connection, commit: ApiCommit, draft: PullRequestDraft, line: str) -> None:
    state = "success" if draft.complete else "pending"
    wanted = draft.branch, state, line

    def find() -> bool | None:
        shown = commit.get_combined_status().statuses
        return any((status.context, status.state, status.description) == wanted for status in shown) or None

    if not find():
        connection.client.ensure(lambda: commit.create_status(state, description=line, context=draft.branch), find)


def _report_check_run(connection: Connection, commit: ApiCommit, draft: PullRequestDraft, line: str) -> None:
    conclusion = "success" if draft.complete else "neutral"
    output: dict[str, str | list[dict[str, str | int]]] = {"title": line, "summary": literal(line)}

    def find() -> CheckRun | None:
        return next(iter(commit.get_check_runs(check_name=draft.branch)), None)

    def make() -> CheckRun:
        return connection.api.create_check_run(draft.branch, commit.sha, conclusion=conclusion, output=output)

    run = find() or connection.client.ensure(make, find)
    if (run.conclusion, run.output.title) != (conclusion, line):
        run.edit(conclusion=conclusion, output=dict(output))
