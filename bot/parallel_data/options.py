"""What a user chooses of parallel data, apart from what makes it, so that options need not load that."""

from __future__ import annotations

from enum import StrEnum

# What `amts parallel-data build` writes by default is what is pushed.
MIN_SCORE = 0.7
HELD_OUT = 50


class Level(StrEnum):
    """What a pair is."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


class Format(StrEnum):
    """How pairs are written."""

    CSV = "csv"
    TSV = "tsv"
    TMX = "tmx"
