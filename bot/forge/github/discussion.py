"""The comments on GitHub's pull requests: who wrote them, the bot's reactions to them, and its one answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import count, islice
from typing import Any

from bot.forge.base import MAX_READ_COMMENTS, PullRequest, Reaction, Role, Thread
from bot.forge.comment import Comment, listed_comment
from bot.forge.github.client import GONE, Tolerated
from bot.forge.github.connection import Connection, plain_login
from bot.forge.github.failures import github_errors
from bot.forge.github.pulls import Pulls, as_pull
from bot.markup.notes import note, read_note

_WRITING_PERMISSIONS = frozenset({"admin", "maintain", "write"})
_ANSWER, _NAME = re.compile(r"(\d+) (\w+)", re.ASCII), "answer"
_VIEWER = "query { viewer { login } }"
_PAGE = 100
_MAX_COLLABORATORS = 1_000


class GitHubDiscussion:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fetch_own_logins(self) -> frozenset[str]:
        with github_errors(self._connection.name):
            login = self._viewer.lower()
            return frozenset({login, f"{plain_login(login)}[bot]"})

    def fetch_threads(self, is_wanted: Callable[[str], bool], read: Callable[[int], tuple[int, str]]) -> list[Thread]:
        threads = []
        with github_errors(self._connection.name):
            for pull in Pulls(self._connection).open(is_wanted):
                last, since = read(pull.number)
                # From a time on, the host also lists what was made in the same second, and what was edited since.
                following = (each for each in self._said(pull.number, since) if each["id"] > last)
                said = list(islice(following, MAX_READ_COMMENTS))
                heard = (listed_comment(self._connection.name, pull.number, comment) for comment in said)
                comments = tuple(comment for comment in heard if comment is not None)
                newest: Mapping[str, Any] = max(said, key=lambda comment: int(comment["id"]), default={})
                threads.append(Thread(pull.number, comments, newest.get("id", 0), newest.get("created_at", "")))
        return threads

    def fetch_writers(self) -> frozenset[str]:
        with github_errors(self._connection.name):
            people = islice(self._connection.api.get_collaborators(), _MAX_COLLABORATORS)
            return frozenset(person.login.lower() for person in people if person.permissions.push)

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
            return as_pull("", self._connection.api.get_pull(comment.number), self._connection.page)

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
        text = f"{body.rstrip()}\n\n{note(_NAME, f'{comment.id} {reaction.value}')}"
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
        for other in self._said(comment.number, comment.created):
            marker = _ANSWER.fullmatch(read_note(_NAME, other["body"] or "") or "")
            # Anybody can write a marker, so the author counts too; a deleted account has no user.
            author = plain_login((other["user"] or {}).get("login", ""))
            if marker and marker[1] == str(comment.id) and author == self._login and marker[2] in list(Reaction):
                answers.append((int(other["id"]), Reaction(marker[2])))
        return sorted(answers)

    def _said(self, number: int, since: str) -> Iterator[Mapping[str, Any]]:
        """The comments on a pull request as the API describes them, the oldest first; those that were made or edited
        from a time on, if one is given."""
        path = f"{self._connection.api.url}/issues/{number}/comments"
        for page in count(1):
            asked = {"per_page": _PAGE, "page": page, **({"since": since} if since else {})}
            found: list[dict[str, Any]] = self._connection.client.requestJsonAndCheck("GET", path, parameters=asked)[1]
            yield from found
            if len(found) < _PAGE:
                return

    @cached_property
    def _viewer(self) -> str:
        """The bot's login, fetched once."""
        return str(self._connection.graphql(_VIEWER)["viewer"]["login"])

    @property
    def _login(self) -> str:
        return plain_login(self._viewer)
