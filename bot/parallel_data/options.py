"""The choices that users have about parallel data, apart from the code that makes it, so that options need not load it.

The defaults are also those of the data that is pushed to an engine.
"""

from __future__ import annotations

from enum import StrEnum

MIN_SCORE = 0.7
"""The least alignment score of a pair."""

HELD_OUT = 50
"""About one source text in so many is held out."""


class Level(StrEnum):
    """What a pair is."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


class Format(StrEnum):
    """How pairs are written."""

    CSV = "csv"
    TSV = "tsv"
    TMX = "tmx"
