"""The longest ascending subsequence: what keeps its order in two sequences (patience diff)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def longest_ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence of pairs (sorted by their first) whose second ascends."""
    # For each length, the last target index of the subsequence that ends lowest, and its place.
    tails: list[int] = []
    at: list[int] = []
    previous: list[int] = []
    for k, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        previous.append(at[length - 1] if length else -1)
        tails[length : length + 1] = [j]
        at[length : length + 1] = [k]
    chain: list[tuple[int, int]] = []
    k = at[-1] if at else -1
    while k >= 0:
        chain.append(pairs[k])
        k = previous[k]
    return chain[::-1]
