"""What the people of a book carry over when the English changes, and what they leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Habits:
    """By kind of change (`Nature`) how often people carried it over, and how often they left their sentence alone.

    `sign_inside` says whether they put the full stop inside a mark that ends the sentence; None: as the English does.
    `retranslate_below`: English less alike (0 to 1) made them write most sentences anew; None without enough evidence.
    """

    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    sign_inside: bool | None = None
    retranslate_below: float | None = None

    def carries(self, kind: str) -> bool:
        """Whether to carry a change of this kind over; without enough evidence, yes."""
        carried, left = self.counts.get(kind, (0, 0))
        return carried + left < _MIN_REVISIONS or carried >= left


_MIN_REVISIONS = 5


@dataclass(frozen=True)
class RepairPolicy:
    """How changed sentences are treated: those whose English is less alike than `retranslate_below` (0 to 1; 0 for
    none) are translated anew, from the others the book's `habits` are carried over."""

    retranslate_below: float = 0.0
    habits: Habits = field(default_factory=Habits)
