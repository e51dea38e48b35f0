"""Who is heard in one repository, and how often: strangers cost next to nothing, and nobody can keep the bot busy."""

from __future__ import annotations

import logging
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import AmtsError, TransientError
from bot.forge.base import Discussion, Role
from bot.forge.comment import Comment

_LOG = logging.getLogger(__name__)
_HOUR = 3600.0
# A right that was just taken away counts so much longer at most, and commands in a row ask once.
_WRITER_SECONDS = 60.0
_LIST_SECONDS = 900.0
_MAX_KNOWN = 1_000
_QUESTIONS_PER_AUTHOR = 10
_QUESTIONS_OF_MEMBERS = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """Per hour, in one repository: the commands of one person and of all together that are carried out, and the
    questions whether somebody of whom the host knows nothing may write."""

    commands_per_author: int = 30
    commands: int = 120
    strangers: int = 20


class Budget:
    """At most `each` items of one key, and `total` of all, in any hour of the clock. Not safe for several threads."""

    def __init__(self, each: int, total: int, clock: Callable[[], float]) -> None:
        self._each, self._total, self._clock = each, total, clock
        self._taken: deque[tuple[float, str, int]] = deque()
        self._counts: Counter[str] = Counter()

    def take(self, key: str, item: int) -> bool:
        """Whether the item is within the budget; the same item again is free."""
        oldest = self._clock() - _HOUR
        while self._taken and self._taken[0][0] <= oldest:
            self._forget(self._taken.popleft())
        if any((key, item) == taken[1:] for taken in self._taken):
            return True
        if self._counts.get(key, 0) >= self._each or len(self._taken) >= self._total:
            return False
        self._taken.append((self._clock(), key, item))
        self._counts[key] += 1
        return True

    def give_back(self, key: str, item: int) -> None:
        """Undoes a `take`."""
        for taken in [taken for taken in self._taken if taken[1:] == (key, item)]:
            self._taken.remove(taken)
            self._forget(taken)

    def _forget(self, taken: tuple[float, str, int]) -> None:
        self._counts[taken[1]] -= 1
        if not self._counts[taken[1]]:
            del self._counts[taken[1]]


@dataclass(frozen=True, slots=True)
class _Known:
    role: Role
    asked: float


class Audience:
    """The people who comment in one repository. The host is asked for each of them, as long as few comment whom it
    knows nothing of; in a flood, once in a quarter of an hour for the list of all who may write. Not safe for several
    threads."""

    def __init__(
        self,
        discussion: Discussion,
        allowance: Allowance | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.discussion = discussion
        allowance = allowance or Allowance()
        self._clock = clock
        self._allowance = allowance
        self._strangers = Budget(_QUESTIONS_PER_AUTHOR, allowance.strangers, clock)
        self._members = Budget(_QUESTIONS_PER_AUTHOR, _QUESTIONS_OF_MEMBERS, clock)
        self._commands = Budget(allowance.commands_per_author, allowance.commands, clock)
        self._told = Budget(1, allowance.commands, clock)
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._writers: frozenset[str] = frozenset()
        self._listed = -_LIST_SECONDS + clock()

    def role(self, comment: Comment) -> Role:
        """Who wrote the comment, as the host says now, or said a minute ago of somebody who may write. Raises
        RepositoryError, or TransientError if the failure may pass."""
        author, now = comment.author.lower(), self._clock()
        if author in self.discussion.fetch_own_logins():
            return Role.BOT
        known = self._known.get(author)
        if known is not None and known.role is Role.WRITER and now - known.asked < _WRITER_SECONDS:
            return known.role
        questions = self._strangers if comment.is_by_stranger else self._members
        if questions.take(author, comment.id):
            role = self.discussion.fetch_role(comment)
            self._known[author] = _Known(role, now)
            self._known.move_to_end(author)
            if len(self._known) > _MAX_KNOWN:
                self._known.popitem(last=False)
            return role
        if known is not None and now - known.asked < _HOUR:
            return known.role
        return Role.WRITER if author in self._fetch_writers() else Role.READER

    def is_over(self, comment: Comment) -> str:
        """Why a command of somebody who may write is not carried out: a sentence; "" if it is."""
        if self._commands.take(comment.author.lower(), comment.id):
            return ""
        each, total = self._allowance.commands_per_author, self._allowance.commands
        return (
            f"In one hour I carry out {each} commands of one person here, and {total} of all people together; that many"
            " were given. Nothing was done, and until the hour is over I do not answer more of them. Then write the"
            " command again."
        )

    def is_to_be_told(self, comment: Comment) -> bool:
        """Whether a person is to be told that a budget is used up: of one comment in an hour."""
        return self._told.take(comment.author.lower(), comment.id)

    def answered_before(self, comment: Comment) -> None:
        """A command that was answered earlier does not count."""
        self._commands.give_back(comment.author.lower(), comment.id)

    def _fetch_writers(self) -> frozenset[str]:
        if self._clock() - self._listed >= _LIST_SECONDS:
            self._listed = self._clock()
            _LOG.warning("many comments of strangers: they are looked up in the list of those who may write")
            try:
                self._writers = self.discussion.fetch_writers()
            except TransientError:
                self._listed -= _LIST_SECONDS
                raise
            except AmtsError as error:
                # Then nobody counts whom the host was not asked for.
                _LOG.warning("the host does not list who may write: %s", error)
                self._writers = frozenset()
        return self._writers
