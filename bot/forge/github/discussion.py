"""The comments on GitHub's pull requests: who wrote them, the bot's reactions to them, and its one answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from bot.forge.base import PullRequest, Reaction, Role
from bot.forge.comment import Comment
from bot.forge.github.client import GONE, Tolerated
from bot.forge.github.connection import Connection, plain_login
from bot.forge.github.failures import github_errors
from bot.forge.github.pulls import Pulls, as_pull

_WRITING_PERMISSIONS = frozenset({"admin", "maintain", "write"})
_ANSWER = re.compile(r"<!-- amts:answer (\d+) (\w+) -->\s*\Z")
_VIEWER = "query { viewer { login } }"
# GitHub refuses comments of more than 65,536 characters; the marker has to fit as well.
_MAX_CHARACTERS = 60_000


class GitHubDiscussion:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fetch_own_logins(self) -> frozenset[str]:
        with github_errors(self._connection.name):
            login = self._viewer.lower()
            return frozenset({login, f"{plain_login(login)}[bot]"})

    def fetch_comments(self, is_wanted: Callable[[str], bool]) -> list[Comment]:
        name, comments = self._connection.name, []
        with github_errors(name):
            for pull in Pulls(self._connection).open(is_wanted):
                for comment in self._connection.api.get_issue(pull.number).get_comments():
                    author: Any = comment.user  # None for a deleted account, whatever PyGithub declares
                    if author is not None and author.type == "User":
                        comments.append(Comment(name, pull.number, comment.id, author.login, comment.body or ""))
        return comments

    def fetch_role(self, comment: Comment) -> Role:
        with github_errors(self._connection.name):
            if comment.author.lower() == self._login:
                return Role.BOT
            with Tolerated(GONE):
                if self._connection.api.get_collaborator_permission(comment.author) in _WRITING_PERMISSIONS:
                    return Role.WRITER
            return Role.READER

    def fetch_pull_request(self, comment: Comment) -> PullRequest:
        with github_errors(self._connection.name):
            return as_pull("", self._connection.api.get_pull(comment.number))

    def fetch_answer(self, comment: Comment) -> Reaction | None:
        with github_errors(self._connection.name):
            answers = self._answers(comment)
        return answers[0][1] if answers else None

    def react(self, comment: Comment, reaction: Reaction) -> bool:
        path = f"{self._connection.api.url}/issues/comments/{comment.id}/reactions"
        client = self._connection.client
        with github_errors(self._connection.name), Tolerated(GONE):
            client.ensure(lambda: client.requestJsonAndCheck("POST", path, input={"content": reaction.value}))
            return True
        return False

    def answer(self, comment: Comment, body: str, reaction: Reaction) -> None:
        if len(body) > _MAX_CHARACTERS:
            body = f"{body[:_MAX_CHARACTERS].rpartition(chr(10))[0]}\n\n…"
        text = f"{body.rstrip()}\n\n<!-- amts:answer {comment.id} {reaction.value} -->"
        client = self._connection.client
        with github_errors(self._connection.name):
            issue = self._connection.api.get_issue(comment.number)
            if not self._answers(comment):
                client.ensure(lambda: issue.create_comment(text), lambda: self._answers(comment) or None)
            for number, _ in self._answers(comment)[1:]:
                client.delete(f"{self._connection.api.url}/issues/comments/{number}")

    def _answers(self, comment: Comment) -> list[tuple[int, Reaction]]:
        """The bot's answers to the comment: id and reaction, the oldest first."""
        answers = []
        for other in self._connection.api.get_issue(comment.number).get_comments():
            marker = _ANSWER.search(other.body or "")
            # Anybody can write a marker, so the author counts too; a deleted account has no user.
            author = plain_login(getattr(other.user, "login", ""))
            if marker and int(marker[1]) == comment.id and author == self._login and marker[2] in list(Reaction):
                answers.append((other.id, Reaction(marker[2])))
        return sorted(answers)

    @cached_property
    def _viewer(self) -> str:
        """The bot's login, fetched once."""
        return str(self._connection.graphql(_VIEWER)["viewer"]["login"])

    @property
    def _login(self) -> str:
        return plain_login(self._viewer)
