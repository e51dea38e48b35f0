"""Finds training sentences that are equal or nearly equal to sentences of the test set."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

# From this normalised indel similarity of the characters (rapidfuzz's `ratio`) two sentences are nearly equal: they
# differ in a fifth of their characters or less.
THRESHOLD = 0.8
# Rows of the similarity matrix that are computed at once: 1 MB for an article of 500 sentences.
_MATRIX_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Leak:
    """A training sentence (`taught`) and the test sentence (`examined`) that it gives away. `similarity` is 0 to 1."""

    taught: str
    examined: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Leaks:
    """`found[i]` is the leak of training sentence i or None; `nearest` is the highest similarity of the others."""

    found: tuple[Leak | None, ...]
    nearest: float


def find_leaks(taught: Sequence[str], examined: Sequence[str], threshold: float = THRESHOLD) -> Leaks:
    """Compares every training sentence with every test sentence, ignoring case and white space.

    Two sentences are nearly equal if their similarity reaches `threshold`, or if they differ in one word, which may be
    more than a fifth of a short sentence. The comparison is exact: an index might miss some.
    """
    left, right = [_normalised(text) for text in taught], [_normalised(text) for text in examined]
    by_words: dict[str, int] = {}
    for number, text in enumerate(right):
        for key in _but_one_word(text):
            by_words.setdefault(key, number)
    leaks: list[Leak | None] = []
    nearest = 0.0
    for start in range(0, len(left), _MATRIX_ROWS):
        rows = left[start : start + _MATRIX_ROWS]
        scores = process.cdist(rows, right, scorer=fuzz.ratio, dtype=np.float32) if right else np.zeros((len(rows), 1))
        for offset, text in enumerate(rows):
            best = int(np.argmax(scores[offset]))
            similarity = float(scores[offset, best]) / 100 if text else 0.0
            known = (by_words[key] for key in _but_one_word(text) if key in by_words)
            place = best if similarity >= threshold else next(known, None)
            if place is None:
                nearest = max(nearest, similarity)
                leaks.append(None)
            else:
                similarity = fuzz.ratio(text, right[place]) / 100
                leaks.append(Leak(taught[start + offset], examined[place], similarity))
    return Leaks(tuple(leaks), nearest)


def _normalised(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _but_one_word(text: str) -> Iterator[str]:
    """The text, and the text without each of its words, if it has several (deletion neighbourhoods: Bocek et al. 2007,
    "Fast similarity search in large dictionaries", with words for letters)."""
    words = text.split(" ")
    if len(words) > 1:
        yield text
        for place in range(len(words)):
            yield " ".join([*words[:place], *words[place + 1 :]])
