"""What the parts of the service tell each other, and the contracts of what it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.forge.comment import Comment


@dataclass(frozen=True, slots=True, order=True)
class LanguageId:
    """A language of a configuration; `config` is its file as the command line names it."""

    config: str
    language: str

    def __str__(self) -> str:
        return f"{self.config}:{self.language}"


class CommentHandler(Protocol):
    """Answers the comments that may hold a command. The same comment may come again, after a kill or a redelivery: it
    is the handler that looks at GitHub and answers once."""

    def handle(self, language: LanguageId, comment: Comment, *, lasting: bool) -> None:
        """Runs in the language's own thread, so beside no sync of it. Raises PendingError where it has to be handled
        again later, AmtsError where it can't be now; after many failures, `lasting`, people are told of the last."""
        ...

    def missed(self, language: LanguageId) -> Iterable[Comment]:
        """Comments of the open pull request that may hold a command, answered ones included: how those are found whose
        webhook got lost."""
        ...


class AbandonedError(Exception):
    """The service stops; the work ended at a safe point and is found again at the next start."""


Checkpoint = Callable[[], None]
"""Called by a sync wherever it may be cut off; raises AbandonedError when the service stops."""


class Outcome(StrEnum):
    """What became of a piece of work. `synced`: the book is in step, or a pull request says what is left to do;
    `incomplete`: some files failed, or a limit deferred it; `crashed`: by a mistake of the program's own; `answered`: a
    comment was dealt with."""

    SYNCED = "synced"
    INCOMPLETE = "incomplete"
    PENDING = "pending"
    FAILED = "failed"
    CRASHED = "crashed"
    ABANDONED = "abandoned"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class SyncResult:
    """How a sync that came to its end ended: `synced` or `incomplete`, and in words."""

    outcome: Outcome
    message: str


SyncFunction = Callable[[LanguageId, Checkpoint], SyncResult]
"""Syncs one language without waiting for batch jobs. Raises PendingError for those, AmtsError where it can't."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker did: a sync, or (with a `comment`) a command."""

    language: LanguageId
    outcome: Outcome
    seconds: float
    message: str
    comment: Comment | None = None
