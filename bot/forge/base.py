"""The contract of a forge: the place where pull requests are opened, updated and discussed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.model import PullRequestDraft


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class Outcome(StrEnum):
    """What became of a draft. `unchanged`: the branch, or the base itself, has all of it already; `declined`: people
    closed a pull request with the same content, and it is not opened again."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as it stands. `head` is the tip of its branch, people's commits included; `location` is a path or
    a URL for a person to open."""

    language: str
    number: int
    state: State
    branch: str
    base: str
    head: str
    title: str
    location: str


@dataclass(frozen=True, slots=True)
class Published:
    outcome: Outcome
    pull_request: PullRequest | None


class Forge(Protocol):
    """Drafts are made from the head of the open pull request, or from the base branch where none is open; a forge
    refuses a draft that was made from anything else, so that no commit of people is ever overwritten."""

    def find(self, language: str, branch: str, base: str) -> PullRequest | None:
        """The open pull request from `branch` into `base`. Writes nothing."""
        ...

    def declined(self, draft: PullRequestDraft) -> PullRequest | None:
        """The branch's newest pull request, where people closed it and it proposed exactly this. Writes nothing."""
        ...

    def publish(self, draft: PullRequestDraft) -> Published:
        """Opens or updates the one pull request of the draft's branch; the same draft again changes nothing.

        Raises RepositoryError where the branch moved since the draft was made, StorageError where the disk refuses.
        """
        ...

    def close(self, pull_request: PullRequest, reason: str) -> None:
        """Closes it with a comment that says why, where nothing is left to propose. Not taken for people's refusal."""
        ...

    def comment(self, pull_request: PullRequest, body: str) -> None:
        """Adds a comment to the thread, unless it ends with this very comment already."""
        ...
