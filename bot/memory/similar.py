"""Finds the texts most like a given one among tens of thousands, by the character trigrams that they share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

# Up to this many texts all are compared, which takes less time than choosing among them.
_FEW = 500
# The rarest trigrams of a text are looked up until they have named this many texts (with repetitions)…
_NAMED = 10_000
# …and so many of those that share most of them are compared in full.
_COMPARED = 64
_BITS = 18
# Odd multipliers spread trigrams over the buckets (Knuth's multiplicative hashing).
_SPREAD = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], dtype=np.uint32)

Numbers = npt.NDArray[np.int64]


class SimilarTexts:
    """An index of texts, built at its first use: half a second and 30 MB for 50,000 sentences.

    Similarity is the normalised indel similarity of the characters, 0 to 1 (rapidfuzz's `ratio`). Candidates are chosen
    by their rarest grams first, as in Xiao et al., "Efficient similarity joins for near duplicate detection" (2008).
    Up to 500 texts the answer is exact; above, benchmarks/lookup.py measures what is missed.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._lengths = np.array([len(text) for text in texts], dtype=np.int64)
        self._index: tuple[Numbers, Numbers] | None = None

    def __len__(self) -> int:
        return len(self._texts)

    def find(self, text: str, floor: float, limit: int) -> list[tuple[int, float]]:
        """Number and similarity of at most `limit` texts that reach `floor`, best first, then in their order."""
        near = self._candidates(text, floor)
        found = process.extract(
            text, [self._texts[i] for i in near], scorer=fuzz.ratio, score_cutoff=floor * 100, limit=limit
        )
        return [(near[place], score / 100) for _, score, place in found]

    def _candidates(self, text: str, floor: float) -> list[int]:
        # 2 · common / (n + m) can't reach the floor where one text is too much longer than the other.
        widest = (2 - floor) / floor
        if not text:
            return []
        if len(self._texts) <= _FEW:
            near = (self._lengths >= len(text) / widest) & (self._lengths <= len(text) * widest)
            return [int(i) for i in np.flatnonzero(near)]
        if self._index is None:
            self._index = _build_index(self._texts)
        offsets, postings = self._index
        grams = _distinct(_grams(text)[0])
        sizes = offsets[grams + 1] - offsets[grams]
        order = np.argsort(sizes, kind="stable")
        enough = int(np.searchsorted(np.cumsum(sizes[order]), _NAMED)) + 1
        named = [postings[offsets[gram] : offsets[gram + 1]] for gram in grams[order[:enough]]]
        shared = np.bincount(np.concatenate(named), minlength=len(self._texts))
        reached = np.flatnonzero(shared > 0)
        lengths = self._lengths[reached]
        reached = reached[(lengths >= len(text) / widest) & (lengths <= len(text) * widest)]
        if len(reached) > _COMPARED:
            likeness = shared[reached] / (self._lengths[reached] + len(text))
            reached = np.sort(reached[np.argpartition(-likeness, _COMPARED)[:_COMPARED]])
        return [int(i) for i in reached]


def _build_index(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """For each bucket of trigrams the texts that have one of it: `postings[offsets[b] : offsets[b + 1]]`."""
    grams, owners = _grams("\0".join(text.replace("\0", " ") for text in texts))
    keys = _distinct(grams * len(texts) + owners)
    postings = keys % len(texts)
    offsets = np.searchsorted(keys // len(texts), np.arange((1 << _BITS) + 1))
    return offsets, postings


def _distinct(numbers: Numbers) -> Numbers:
    """Sorted. (`np.unique` hashes since NumPy 2.3, which takes a hundred times as long on millions.)"""
    numbers = np.sort(numbers)
    return numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]


def _grams(text: str) -> tuple[Numbers, Numbers]:
    """The bucket of each trigram, the ends of a text included, and which of the texts between NULs it is of."""
    codes = np.frombuffer(f"\0{text}\0".encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    mixed = codes[:-2] * _SPREAD[0] + codes[1:-1] * _SPREAD[1] + codes[2:] * _SPREAD[2]
    inside = codes[1:-1] != 0
    owners = np.cumsum(~inside)
    return (mixed >> np.uint32(32 - _BITS))[inside].astype(np.int64), owners[inside]
