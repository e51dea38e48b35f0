"""What the people of a book carry over when the English changes, and what they leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from bot.model import Assistance
from bot.repair.changes import Nature

# How a text looks is the team's choice; what it says (an address, a number, …) is carried over whatever they did.
OPTIONAL = frozenset(
    {
        Nature.LINK,
        Nature.MARK,
        Nature.FINAL,
        Nature.LIST_MARK,
        Nature.LETTER,
        Nature.SYMBOL,
        Nature.OPENING,
        Nature.PHRASE,
    }
)
MIN_REVISIONS = 5
_MOST = 2 / 3


class Habit(StrEnum):
    CARRIED = "carried over"
    LEFT = "left"
    UNDECIDED = "undecided"


def verdict(carried: int, left: int) -> Habit:
    """A habit shows in five cases at least, and in two of three."""
    total = carried + left
    if total < MIN_REVISIONS or max(carried, left) < _MOST * total:
        return Habit.UNDECIDED
    return Habit.CARRIED if carried > left else Habit.LEFT


class KeptShare(NamedTuple):
    """Of `revisions` sentences whose English got other words and stayed from `low` to below `high` per cent alike,
    people kept this `share` (0 to 1, the median) of the words of their translation."""

    low: int
    high: int
    revisions: int
    share: float


@dataclass(frozen=True)
class Habits:
    """By kind of change (`Nature`) how often people carried it over, and how often they left their sentence alone.

    `sign_inside` says whether they put the full stop inside a mark that ends the sentence; None: as the English does.
    `retranslate_below`: English less alike (0 to 1) made them write most sentences anew; None without enough evidence.
    `kept` says how much of a sentence stays, `revisions` from how many all this was learned.
    """

    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    sign_inside: bool | None = None
    retranslate_below: float | None = None
    kept: tuple[KeptShare, ...] = ()
    revisions: int = 0

    def verdict(self, kind: str) -> Habit:
        """What people mostly do with changes of a kind."""
        return verdict(*self.counts.get(kind, (0, 0)))

    def carries(self, kind: str) -> bool:
        """Whether to carry a change of this kind over: unless it is a matter of taste that people mostly leave."""
        return kind not in OPTIONAL or self.verdict(kind) is not Habit.LEFT

    def has_sign_inside(self, *, english: bool) -> bool:
        """Whether a full stop goes inside the mark, which it does in the `english` or not."""
        return english if self.sign_inside is None else self.sign_inside


@dataclass(frozen=True)
class RepairPolicy:
    """How changed sentences are treated: those whose English is less alike than `retranslate_below` (0 to 1; 0 for
    none) are translated anew, from the others the book's `habits` are carried over. `assistance` is what the engine is
    asked for where that does not suffice."""

    retranslate_below: float = 0.0
    habits: Habits = field(default_factory=Habits)
    assistance: Assistance = Assistance.NONE
