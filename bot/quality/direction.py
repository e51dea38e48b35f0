"""Which way an examined engine translates."""

from __future__ import annotations

from enum import StrEnum

from bot.model import Direction


class EvaluatedDirection(StrEnum):
    """Which way is translated."""

    FROM_SOURCE = "from-source"
    INTO_SOURCE = "into-source"

    def languages(self, pair: Direction) -> Direction:
        """Those of the translation, from the book's source language and the language of its translation."""
        return pair if self is EvaluatedDirection.FROM_SOURCE else Direction(pair.target, pair.source)
