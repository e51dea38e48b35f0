"""The users' choices about parallel data. They stand apart from the code that makes it, so options need not load that
code. The same defaults hold for the data that is pushed to an engine.
"""

from __future__ import annotations

from enum import StrEnum

MIN_SCORE = 0.7
"""The least alignment score of a pair."""

HELD_OUT = 50
"""About one source text in so many is held out…"""
SMALL_BOOK_HELD_OUT = 10
"""…or one in so many of a book in which the former would make too few to score an engine by, if this makes enough."""
HELD_OUT_WANTED = 125
"""So many are wanted: with chance, at least 100 of them stay."""


class Level(StrEnum):
    """The unit of a pair."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


class Format(StrEnum):
    """How pairs are written."""

    CSV = "csv"
    TSV = "tsv"
    TMX = "tmx"
