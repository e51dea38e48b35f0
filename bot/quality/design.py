"""The design of an experiment, apart from the code that runs it: command-line options need not load that code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model import Direction
from bot.parallel_data.options import Level


class EvaluatedDirection(StrEnum):
    """Which way is translated."""

    FROM_SOURCE = "from-source"
    INTO_SOURCE = "into-source"

    def languages(self, book: Direction) -> Direction:
        """The languages of the translation; `book` goes from the source to its translation."""
        return book if self is EvaluatedDirection.FROM_SOURCE else Direction(book.target, book.source)


@dataclass(frozen=True, slots=True)
class Design:
    """Articles are translated in all `directions` and `units`, without training and with the pairs of each level of
    `taught`. `together`: one training set leaves out all articles; else each article has its own training set."""

    directions: tuple[EvaluatedDirection, ...]
    units: tuple[Level, ...]
    taught: tuple[Level, ...]
    together: bool
