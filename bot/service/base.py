"""The values that the parts of the service exchange, and the contracts of its collaborators."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
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


class AbandonedError(Exception):
    """The service stops. The work ended at a safe point, and the next start finds it again."""


Checkpoint = Callable[[], None]
"""Called by a sync wherever it may be interrupted; raises AbandonedError when the service stops."""


class WorkOutcome(StrEnum):
    """How a piece of work ended. `synced`: the book is in step, or a pull request says what is left to do;
    `incomplete`: some files failed, or a limit deferred the sync; `crashed`: by a bug; `answered`: a comment was
    handled; `ignored` and `limited`: it was not to be, or its author gave too many commands."""

    SYNCED = "synced"
    INCOMPLETE = "incomplete"
    PENDING = "pending"
    FAILED = "failed"
    CRASHED = "crashed"
    ABANDONED = "abandoned"
    ANSWERED = "answered"
    IGNORED = "ignored"
    LIMITED = "limited"

    @property
    def is_failure(self) -> bool:
        return self in (WorkOutcome.FAILED, WorkOutcome.CRASHED)


@dataclass(frozen=True, slots=True)
class WorkResult:
    """The outcome of a piece of work, and a message for the log. A sync that ends is `synced` or `incomplete`."""

    outcome: WorkOutcome
    message: str


class LanguageWork(Protocol):
    """The work of the workers. Each method runs in the language's own thread, so no two run for one language at
    once."""

    def sync(self, language: LanguageId, checkpoint: Checkpoint) -> WorkResult:
        """Syncs one language without waiting for batch jobs. Raises PendingError for a job, AmtsError if the sync
        fails."""

    def handle(self, language: LanguageId, comment: Comment, *, lasting: bool) -> WorkResult | None:
        """Answers a comment that may hold a command (None), or says why not. It may come again, after a kill or a
        redelivery; it is answered once. Raises PendingError if the comment has to be handled again later, AmtsError if
        it can't be handled now. With `lasting`, after many failures, the failure is answered."""

    def missed(self, language: LanguageId) -> Iterable[Comment]:
        """Comments of the open pull requests that may hold a command: a webhook may have been lost."""


@dataclass(frozen=True, slots=True)
class WorkReport:
    """A worker's finished work: a sync, or (with a `comment`) a command."""

    language: LanguageId
    outcome: WorkOutcome
    seconds: float
    comment: Comment | None = None


class Seen:
    """Remembers the last `size` keys. Not safe for use by several threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._keys: OrderedDict[Hashable, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: Hashable) -> bool:
        if key not in self._keys:
            return False
        self._keys.move_to_end(key)
        return True

    def add(self, key: Hashable) -> None:
        self._keys[key] = None
        self._keys.move_to_end(key)
        if len(self._keys) > self._size:
            self._keys.popitem(last=False)

    def discard(self, key: Hashable) -> None:
        self._keys.pop(key, None)
