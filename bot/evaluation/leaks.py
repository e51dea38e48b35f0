"""Whether a translation engine was taught sentences that it is then examined on, or nearly the same ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

# Normalised indel similarity of the characters (rapidfuzz's `ratio`) from which on two sentences are nearly the same:
# 0.8 keeps apart what differs by more than a fifth of its characters.
THRESHOLD = 0.8
# Rows of the similarity matrix made at once: 1 MB for an article of 500 sentences.
_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Leak:
    """A sentence that was taught and the examined one that it gives away. `similarity` is 0 to 1."""

    taught: str
    examined: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Leaks:
    """`found[i]` is the leak of the i-th taught sentence or None; `nearest` the highest similarity that is no leak."""

    found: tuple[Leak | None, ...]
    nearest: float


def find_leaks(taught: Sequence[str], examined: Sequence[str], threshold: float = THRESHOLD) -> Leaks:
    """Compares each sentence with each, letter case and white space aside.

    Two are nearly the same where their similarity reaches `threshold`, or where all but one word on each side agree: in
    a short sentence one word is more than a fifth. Exact, no index that may miss some.
    """
    left, right = [_normalised(text) for text in taught], [_normalised(text) for text in examined]
    by_words: dict[str, int] = {}
    for number, text in enumerate(right):
        for key in _but_one_word(text):
            by_words.setdefault(key, number)
    found: list[Leak | None] = []
    nearest = 0.0
    for start in range(0, len(left), _ROWS):
        rows = left[start : start + _ROWS]
        scores = process.cdist(rows, right, scorer=fuzz.ratio, dtype=np.float32) if right else np.zeros((len(rows), 1))
        for offset, text in enumerate(rows):
            best = int(np.argmax(scores[offset]))
            similarity = float(scores[offset, best]) / 100 if text else 0.0
            place = best if similarity >= threshold else _first(by_words, text)
            if place is None:
                nearest = max(nearest, similarity)
                found.append(None)
            else:
                similarity = fuzz.ratio(text, right[place]) / 100
                found.append(Leak(taught[start + offset], examined[place], similarity))
    return Leaks(tuple(found), nearest)


def _normalised(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _first(by_words: dict[str, int], text: str) -> int | None:
    return next((by_words[key] for key in _but_one_word(text) if key in by_words), None)


def _but_one_word(text: str) -> Iterator[str]:
    """The words, and the words without each one of them, where some remain (Bocek et al., 2007, "Fast similarity search
    in large dictionaries", with words for letters)."""
    words = text.split(" ")
    if len(words) > 1:
        yield text
        for place in range(len(words)):
            yield " ".join([*words[:place], *words[place + 1 :]])
