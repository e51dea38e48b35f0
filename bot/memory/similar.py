"""Finds the most similar of tens of thousands of texts, by shared character trigrams."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

# Up to this many texts, comparing all is faster than choosing among them.
_MAX_EXHAUSTIVE = 500
# The rarest trigrams of a text are looked up until they have given this many texts (with repetitions)…
_MIN_POSTINGS = 10_000
# …and this many of the texts with most trigrams in common are compared in full.
_MAX_COMPARED = 64
_BUCKET_BITS = 18
# Odd multipliers spread trigrams over the buckets (Knuth's multiplicative hashing).
_HASH_FACTORS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], dtype=np.uint32)

Numbers = npt.NDArray[np.int64]


class SimilarTexts:
    """An index of texts, built at the first search: half a second and 30 MB for 50,000 sentences.

    Similarity is the normalised indel similarity of the characters, 0 to 1 (rapidfuzz's `ratio`). Candidates are chosen
    by their rarest trigrams, as in Xiao et al., "Efficient similarity joins for near duplicate detection" (2008). Up to
    500 texts the result is exact; for more, benchmarks/lookup.py measures how many are missed.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._lengths = np.array([len(text) for text in texts], dtype=np.int64)

    def find(self, text: str, floor: float, limit: int) -> list[tuple[int, float]]:
        """Index and similarity of at most `limit` texts that reach `floor`: best first, then in their order."""
        near = self._candidates(text, floor)
        matches = process.extract(
            text, [self._texts[i] for i in near], scorer=fuzz.ratio, score_cutoff=floor * 100, limit=limit
        )
        return [(near[place], score / 100) for _, score, place in matches]

    def _candidates(self, text: str, floor: float) -> list[int]:
        if not text:
            return []
        # 2 · common / (n + m) can't reach the floor if one text is too much longer than the other.
        max_ratio = (2 - floor) / floor
        near = (self._lengths >= len(text) / max_ratio) & (self._lengths <= len(text) * max_ratio)
        if len(self._texts) <= _MAX_EXHAUSTIVE:
            return np.flatnonzero(near).tolist()
        offsets, postings = self._index
        grams = _distinct(_grams(text)[0])
        sizes = offsets[grams + 1] - offsets[grams]
        order = np.argsort(sizes, kind="stable")
        enough = int(np.searchsorted(np.cumsum(sizes[order]), _MIN_POSTINGS)) + 1
        rarest = [postings[offsets[gram] : offsets[gram + 1]] for gram in grams[order[:enough]]]
        shared = np.bincount(np.concatenate(rarest), minlength=len(self._texts))
        candidates = np.flatnonzero((shared > 0) & near)
        if len(candidates) > _MAX_COMPARED:
            likeness = shared[candidates] / (self._lengths[candidates] + len(text))
            candidates = np.sort(candidates[np.argpartition(-likeness, _MAX_COMPARED)[:_MAX_COMPARED]])
        return candidates.tolist()

    @cached_property
    def _index(self) -> tuple[Numbers, Numbers]:
        """Offsets and postings: bucket b of trigrams occurs in the texts `postings[offsets[b] : offsets[b + 1]]`."""
        grams, owners = _grams("\0".join(text.replace("\0", " ") for text in self._texts))
        keys = _distinct(grams * len(self._texts) + owners)
        buckets = np.arange((1 << _BUCKET_BITS) + 1)
        return np.searchsorted(keys // len(self._texts), buckets), keys % len(self._texts)


def _distinct(numbers: Numbers) -> Numbers:
    """The distinct numbers, sorted. (`np.unique` takes a hundred times as long on millions since NumPy 2.3.)"""
    numbers = np.sort(numbers)
    return numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]


def _grams(text: str) -> tuple[Numbers, Numbers]:
    """The bucket of each trigram, including those at the ends of a text, and the index of its text between NULs."""
    codes = np.frombuffer(f"\0{text}\0".encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    hashes = codes[:-2] * _HASH_FACTORS[0] + codes[1:-1] * _HASH_FACTORS[1] + codes[2:] * _HASH_FACTORS[2]
    inside = codes[1:-1] != 0
    buckets = (hashes >> np.uint32(32 - _BUCKET_BITS))[inside].astype(np.int64)
    return buckets, np.cumsum(~inside)[inside]
