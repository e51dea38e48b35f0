"""Which way an examined engine translates."""

from __future__ import annotations

from enum import StrEnum

from bot.model import Language


class Direction(StrEnum):
    """Which way is translated."""

    FROM_SOURCE = "from-source"
    INTO_SOURCE = "into-source"

    def languages(self, pair: tuple[Language, Language]) -> tuple[Language, Language]:
        """Those of the translation, from the book's source language and the language of its translation."""
        return pair if self is Direction.FROM_SOURCE else (pair[1], pair[0])
