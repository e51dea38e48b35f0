"""One comment's side of GitHub: who wrote it, what they may, the reactions to it, and the one answer."""

from __future__ import annotations

import re
from typing import Any

from github import GithubException
from github.PullRequest import PullRequest as ApiPullRequest

from bot.forge.github.comments import Comment
from bot.forge.github.connection import Connection

_GONE = 404
_MAY_WRITE = frozenset({"admin", "maintain", "write"})
_MARKER = re.compile(r"<!-- amts:answer (\d+) (\w+) -->\s*\Z")
_WHO = "query { viewer { login } }"
# GitHub refuses longer bodies; the marker has to fit as well.
_MAX_BODY = 60_000


class Conversation:
    """Not safe for use by several threads. Raises what PyGithub raises: use within `github_errors`."""

    def __init__(self, connection: Connection, comment: Comment) -> None:
        self._connection = connection
        self._comment = comment
        self._login = ""

    def is_own(self) -> bool:
        """Whether the bot wrote the comment itself."""
        return self._comment.author.lower() == self._me()

    def is_permitted(self) -> bool:
        """Whether its author may write to the repository, as the API says now."""
        try:
            role = self._connection.api.get_collaborator_permission(self._comment.author)
        except GithubException as error:
            if error.status != _GONE:
                raise
            return False
        return role in _MAY_WRITE

    def pull(self) -> ApiPullRequest:
        return self._connection.api.get_pull(self._comment.number)

    def react(self, content: str) -> bool:
        """Adds the bot's reaction, once. False where the comment is gone."""
        path = f"{self._connection.api.url}/issues/comments/{self._comment.id}/reactions"
        client = self._connection.client

        def make() -> bool:
            client.requestJsonAndCheck("POST", path, input={"content": content})
            return True

        try:
            return client.ensure(lambda: None, make)
        except GithubException as error:
            if error.status != _GONE:
                raise
            return False

    def answered(self) -> str:
        """The reaction that the bot's answer came with; empty where there is no answer yet."""
        found = self._answers()
        return found[0][1] if found else ""

    def answer(self, body: str, reaction: str) -> None:
        """Posts the answer, unless there is one. Where another process posted one at the same moment, the first one
        stays."""
        text = f"{_clipped(body)}\n\n<!-- amts:answer {self._comment.id} {reaction} -->"
        issue = self._connection.api.get_issue(self._comment.number)

        def make() -> bool:
            issue.create_comment(text)
            return True

        if not self._answers():
            self._connection.client.ensure(lambda: bool(self._answers()) or None, make)
        for number, _ in self._answers()[1:]:
            self._delete(number)

    def _answers(self) -> list[tuple[int, str]]:
        """The bot's answers to this comment: id and reaction, the oldest first."""
        found = []
        for each in self._connection.api.get_issue(self._comment.number).get_comments():
            marker = _MARKER.search(each.body or "")
            # Anybody can write a marker; an account that was deleted is no user any more.
            author = _plain(getattr(each.user, "login", ""))
            if marker and int(marker[1]) == self._comment.id and author == self._me():
                found.append((each.id, marker[2]))
        return sorted(found)

    def _delete(self, number: int) -> None:
        path = f"{self._connection.api.url}/issues/comments/{number}"
        try:
            self._connection.client.requestJsonAndCheck("DELETE", path)
        except GithubException as error:
            if error.status != _GONE:
                raise

    def _me(self) -> str:
        if not self._login:
            viewer: dict[str, Any] = self._connection.graphql(_WHO)["viewer"]
            self._login = _plain(viewer["login"])
        return self._login


def _plain(login: str) -> str:
    """REST and GraphQL name an App's bot differently."""
    return login.removesuffix("[bot]").lower()


def _clipped(body: str) -> str:
    return body.rstrip() if len(body) <= _MAX_BODY else f"{body[:_MAX_BODY].rpartition(chr(10))[0]}\n\n…"
