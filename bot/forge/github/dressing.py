"""What a pull request wears besides its text: labels, reviewers, a milestone. Each is put on once, so that people can
take it off again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from github import GithubException
from github.Milestone import Milestone
from github.NamedUser import NamedUser
from github.PullRequest import PullRequest as ApiPullRequest

from bot.forge.failures import redacted
from bot.forge.github.connection import Connection
from bot.forge.github.failures import said
from bot.forge.github.marker import Memo

_LABEL_COLOR = "1d76db"
_GONE = 404
_UNPROCESSABLE = 422


class Dressing:
    """Puts things on one pull request. `warnings` collects what GitHub refused, each a sentence for a person."""

    def __init__(self, connection: Connection, pull: ApiPullRequest, *, new: bool) -> None:
        self._connection = connection
        self._pull = pull
        self._new = new
        self.warnings: list[str] = []

    def label(self, memo: Memo, labels: Sequence[str]) -> Memo:
        """Adds labels; one that the repository lacks is made."""
        missing = [name for name in labels if name not in memo.labels]
        there = {label.name.lower() for label in self._pull.labels}
        new = [name for name in missing if name.lower() not in there]
        for name in new:
            self._make_label(name)
        if new:
            # PyGithub's own method sends a bare list, which GitHub's description does not know.
            client, path = self._connection.client, f"{self._pull.issue_url}/labels"
            client.ensure(lambda: None, lambda: client.requestJsonAndCheck("POST", path, input={"labels": new}))
        return replace(memo, labels=(*memo.labels, *missing))

    def ask(self, memo: Memo, reviewers: Sequence[str]) -> Memo:
        """Requests reviews, from each person once: not again from who was removed or has reviewed."""
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
        """The milestone to set, None where there is none to set or it was set once."""
        if not title or memo.milestone == title:
            return memo, None
        if getattr(self._pull.milestone, "title", ""):
            return replace(memo, milestone=title), None
        found = next((one for one in self._connection.api.get_milestones(state="open") if one.title == title), None)
        if found is None:
            self.warnings.append(f'there is no open milestone "{title}" in {self._connection.name}; create it')
            return memo, None
        return replace(memo, milestone=title), found

    def _make_label(self, name: str) -> None:
        def find() -> bool | None:
            try:
                return self._connection.api.get_label(name).color is not None
            except GithubException as error:
                if error.status != _GONE:
                    raise
                return None

        def make() -> bool:
            self._connection.api.create_label(name, _LABEL_COLOR)
            return True

        if find():
            return
        try:
            self._connection.client.ensure(find, make)
        except GithubException as error:
            # Another bot was faster.
            if error.status != _UNPROCESSABLE or not find():
                raise

    def _request(self, logins: Sequence[str]) -> bool:
        """Whether it was granted. GitHub refuses all of them for one who is no collaborator."""

        def request() -> bool:
            self._pull.create_review_request(reviewers=list(logins))
            return True

        try:
            return self._connection.client.ensure(lambda: None, request)
        except GithubException as error:
            if error.status != _UNPROCESSABLE:
                raise
            if len(logins) == 1:
                self.warnings.append(f"no review was requested from {logins[0]}: {redacted(said(error))}")
            return False


def _logins(users: Iterable[NamedUser | None]) -> set[str]:
    """In lower case; GitHub gives no user for an account that was deleted."""
    return {user.login.lower() for user in users if user is not None}
