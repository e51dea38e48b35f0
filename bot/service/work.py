"""One thread for each language: it does its work one piece after another, and equal requests once."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from enum import Enum

from bot.errors import AmtsError, PendingError
from bot.forge.comment import Comment
from bot.service.base import (
    AbandonedError,
    LanguageId,
    LanguageWork,
    Seen,
    WorkOutcome,
    WorkReport,
    WorkResult,
)
from bot.service.logs import run_context

_LOG = logging.getLogger(__name__)
_MAX_REMEMBERED_COMMENTS = 1000
# A sync that waits goes before the comments after so many of them, or so many seconds: neither starves the other.
_MAX_COMMENTS_BEFORE_SYNC = 10
_MAX_SECONDS_BEFORE_SYNC = 20.0
# With the service's retries, more than an hour passes before a failure is answered.
_MAX_SILENT_FAILURES = 6


class Taken(Enum):
    """The result of a request for work: `coalesced` with an equal request that waits already, or `full`: refused."""

    QUEUED = "queued"
    COALESCED = "coalesced"
    FULL = "full"


class Worker:
    """At most one sync, `size` comments of people whom the host knows, and as many of strangers wait. `done` is called
    after each piece of work, in the worker's thread."""

    def __init__(
        self,
        language: LanguageId,
        work: LanguageWork,
        done: Callable[[WorkReport], None],
        *,
        size: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.language = language
        self._work = work
        self._done = done
        self._size = size
        self._clock = clock
        self._changed = threading.Condition()
        self._reasons: list[str] = []
        self._requested = 0.0
        """When the sync that waits was requested."""
        self._before_sync = 0
        """Number of comments that went before it."""
        self._known: OrderedDict[int, Comment] = OrderedDict()
        self._strangers: OrderedDict[int, Comment] = OrderedDict()
        self._handled = Seen(_MAX_REMEMBERED_COMMENTS)
        self._failed: Counter[int] = Counter()
        """Number of failures of each comment that is to be handled again."""
        self._stopping = False
        self._began: float | None = None
        self._thread = threading.Thread(target=self._run, name=f"amts {language}", daemon=True)

    @property
    def waiting(self) -> int:
        """Number of waiting pieces of work."""
        with self._changed:
            return bool(self._reasons) + len(self._known) + len(self._strangers)

    @property
    def busy_seconds(self) -> float:
        """How long the current work has taken so far; 0 without work."""
        began = self._began
        return self._clock() - began if began is not None else 0.0

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Starts no more syncs: a running sync is abandoned at a safe point, and the next start finds a waiting one.
        Accepted comments are still answered."""
        with self._changed:
            self._stopping = True
            self._reasons.clear()
            self._changed.notify_all()

    def join(self, seconds: float | None) -> bool:
        """Whether the thread ended within so many seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def request_sync(self, reason: str) -> Taken:
        """Never refused, since all waiting requests become one sync."""
        with self._changed:
            waits = bool(self._reasons)
            if not self._stopping and reason not in self._reasons:
                if not waits:
                    self._requested, self._before_sync = self._clock(), 0
                self._reasons.append(reason)
                self._changed.notify_all()
            return Taken.COALESCED if waits else Taken.QUEUED

    def request_comment(self, comment: Comment) -> Taken:
        with self._changed:
            lane = self._strangers if comment.is_by_stranger else self._known
            if comment.id in self._known or comment.id in self._strangers or comment.id in self._handled:
                return Taken.COALESCED
            if len(lane) >= self._size or self._stopping:
                return Taken.FULL
            lane[comment.id] = comment
            self._changed.notify_all()
            return Taken.QUEUED

    def forget(self, comment: Comment) -> None:
        """A comment that failed does not come again by itself."""
        self._failed.pop(comment.id, None)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._known or self._strangers or self._reasons or self._stopping)
                comment = None if self._is_sync_due() else self._next_comment()
                reasons = [] if comment else self._reasons
                if comment is not None:
                    self._handled.add(comment.id)
                    self._before_sync += 1
                else:
                    self._reasons = []
                # Under the lock: nobody may find the work neither waiting nor begun.
                self._began = self._clock() if comment or reasons else None
            if comment is not None:
                self._answer(comment)
            elif reasons:
                self._do_sync(", ".join(reasons))
            else:
                return

    def _is_sync_due(self) -> bool:
        """Whether a sync has waited for long enough. Comments go first: people wait for the answers."""
        if not self._reasons:
            return False
        waited = self._clock() - self._requested
        return self._before_sync >= _MAX_COMMENTS_BEFORE_SYNC or waited >= _MAX_SECONDS_BEFORE_SYNC

    def _next_comment(self) -> Comment | None:
        """Strangers come last, and wait in a lane of their own: they can't take the places of people who may write."""
        lane = self._known or self._strangers
        return lane.popitem(last=False)[1] if lane else None

    def _do_sync(self, reason: str) -> None:
        def work() -> WorkResult:
            # First: commands are answered even if every sync fails.
            for comment in self._work.missed(self.language):
                self.request_comment(comment)
            return self._work.sync(self.language, self._checkpoint)

        self._attempt(work, f"sync ({reason})", None)

    def _answer(self, comment: Comment) -> None:
        def work() -> WorkResult:
            result = self._work.handle(self.language, comment, lasting=self._failed[comment.id] >= _MAX_SILENT_FAILURES)
            return result or WorkResult(WorkOutcome.ANSWERED, "answered")

        self._attempt(work, f"comment {comment.id} on {comment.repository}#{comment.number}", comment)

    def _checkpoint(self) -> None:
        if self._stopping:
            raise AbandonedError

    def _attempt(self, work: Callable[[], WorkResult], title: str, comment: Comment | None) -> None:
        began = self._clock()
        with run_context(self.language):
            _LOG.info("%s begins", title)
            try:
                result = work()
            except AbandonedError:
                result = WorkResult(WorkOutcome.ABANDONED, "the service stops; the next start takes it up")
            except PendingError as error:
                result = WorkResult(WorkOutcome.PENDING, str(error))
            except AmtsError as error:
                result = WorkResult(WorkOutcome.FAILED, str(error))
            except Exception as error:
                # A bug must not end the thread: it is logged, counted and tried again.
                result = WorkResult(WorkOutcome.CRASHED, f"{type(error).__name__}: {error}")
                _LOG.exception("%s crashed", title)
            if comment is not None:
                if result.outcome.is_failure:
                    self._failed[comment.id] += 1
                else:
                    self._failed.pop(comment.id, None)
                if result.outcome in (WorkOutcome.PENDING, WorkOutcome.FAILED, WorkOutcome.CRASHED):
                    with self._changed:
                        self._handled.discard(comment.id)  # so that the comment may be requested again
            seconds = self._clock() - began
            level = logging.WARNING if result.outcome.is_failure else logging.INFO
            facts = {"outcome": result.outcome.value, "seconds": round(seconds, 3)}
            _LOG.log(level, "%s: %s", title, result.message, extra=facts)
            self._began = None
            self._done(WorkReport(self.language, result.outcome, seconds, comment))
