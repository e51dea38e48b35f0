"""The contract of a forge: the place where pull requests are opened, updated and discussed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.model import PullRequestDraft


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class Outcome(StrEnum):
    """What became of a draft. `unchanged`: the branch, or the base itself, has all of it already; `closed`: the base
    has all that was proposed; `declined`: people closed a pull request with the same content, and it is not opened
    again; `deferred`: a limit is reached, so nothing was changed this time."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    DECLINED = "declined"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as it stands. `head` is the tip of its branch, people's commits included; `location` is a path or
    a URL for a person to open. `number` is 0 (and `location` empty) for a branch that a bot pushed and was killed
    before it opened its pull request: publishing opens it. `body` is what the draft said. What is not `finished` was
    cut short: the draft of its last commit has to be published again."""

    language: str
    number: int
    state: State
    branch: str
    base: str
    head: str
    title: str
    location: str
    body: str = ""
    finished: bool = True


@dataclass(frozen=True, slots=True)
class Published:
    """`reason` says why a draft was deferred; `warnings` what the host refused besides (a reviewer who is no
    collaborator, say), each a sentence for a person."""

    outcome: Outcome
    pull_request: PullRequest | None
    reason: str = ""
    warnings: tuple[str, ...] = ()


MOST_REFUSED = 10
"""How many closed pull requests are looked at: what was refused longer ago may be asked again."""


class Forge(Protocol):
    """Drafts are made from the head of the open pull request, or from the base branch where none is open; a forge
    refuses a draft that was made from anything else, so that no commit of people is ever overwritten. The one exception
    is a draft whose commit is the head: it was published before, and what is missing of it is added."""

    def find(self, language: str, branch: str, base: str) -> PullRequest | None:
        """The open pull request from `branch` into `base`. Writes nothing."""
        ...

    def refused(self, language: str, branch: str, base: str) -> Sequence[PullRequest]:
        """The latest pull requests from `branch` into `base` that people closed without merging them, newest first; the
        repository holds their commits."""
        ...

    def room(self) -> int:
        """How many more pull requests may be opened before a limit is reached."""
        ...

    def declined(self, draft: PullRequestDraft) -> PullRequest | None:
        """A pull request of the branch that people closed and that proposed exactly this. Writes nothing."""
        ...

    def publish(self, draft: PullRequestDraft) -> Published:
        """Opens or updates the one pull request of the draft's branch; the same draft again changes nothing.

        Raises MovedError where the branch moved since the draft was made, StorageError where the disk refuses.
        """
        ...

    def close(self, pull_request: PullRequest, reason: str) -> None:
        """Closes it with a comment that says why, where nothing is left to propose. Not taken for people's refusal."""
        ...

    def comment(self, pull_request: PullRequest, body: str) -> None:
        """Adds a comment to the thread, unless it ends with this very comment already."""
        ...
