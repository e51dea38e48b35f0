"""What two sequences have in common, in order, in time that stays near their length whatever they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from bot.alignment.ascending import longest_ascending

Pair = tuple[int, int]
Area = tuple[int, int, int, int]
"""The half-open ranges of the first and of the second sequence that are compared: a0, a1, b0, b1."""
Opcode = tuple[str, int, int, int, int]
"""One of difflib's: `equal`, `replace`, `delete` or `insert`, and an Area."""

# What difflib is asked: up to so many pairs of places, of which so many are equal. No two texts of a book have more.
_MAX_PAIRS, _MAX_EQUAL_PAIRS = 16_000_000, 1_000_000
# How often an area is divided: each time costs as much as its length.
_MAX_DEPTH = 16


def opcodes(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Opcode]:
    """The way from `a` to `b` as difflib gives it (Ratcliff and Obershelp), without its heuristic for long sequences.

    Where that would take too long, the sequences are divided at what is unique in both first (patience diff), and what
    is still too much to compare is replaced as a whole.
    """
    if is_quick(a, b):
        return [*SequenceMatcher(None, a, b, autojunk=False).get_opcodes()]
    return _opcodes_of(equal_pairs(a, b, _quick_pairs), len(a), len(b))


def is_quick(a: Sequence[Hashable], b: Sequence[Hashable]) -> bool:
    """Whether difflib compares these in seconds."""
    if len(a) * len(b) > _MAX_PAIRS:
        return False
    there = Counter(b)
    return sum(number * there[item] for item, number in Counter(a).items()) <= _MAX_EQUAL_PAIRS


def equal_pairs(
    a: Sequence[Hashable],
    b: Sequence[Hashable],
    settle: Callable[[Sequence[Hashable], Sequence[Hashable]], Iterable[Pair]],
) -> list[Pair]:
    """Places with equal items, ascending on both sides: the common ends, then what is unique in both (patience diff,
    Cohen), and so on between these. `settle` gives the pairs of a stretch that holds nothing unique."""
    pairs: list[Pair] = []
    areas = [((0, len(a), 0, len(b)), 0)]
    while areas:
        (a0, a1, b0, b1), depth = areas.pop()
        while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
            pairs.append((a0, b0))
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and a[a1 - 1] == b[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            pairs.append((a1, b1))
        if a0 == a1 or b0 == b1:
            continue
        anchors = _unique_anchors(a, b, (a0, a1, b0, b1)) if depth < _MAX_DEPTH else []
        if not anchors:
            pairs += [(a0 + i, b0 + j) for i, j in settle(a[a0:a1], b[b0:b1])]
            continue
        pairs += anchors
        for (i, j), (k, m) in pairwise([(a0 - 1, b0 - 1), *anchors, (a1, b1)]):
            if i + 1 < k and j + 1 < m:
                areas.append(((i + 1, k, j + 1, m), depth + 1))
    return sorted(pairs)


def _unique_anchors(a: Sequence[Hashable], b: Sequence[Hashable], area: Area) -> list[Pair]:
    """The longest ascending run of pairs that are equal and occur once on each side of the area."""
    a0, a1, b0, b1 = area
    count_a, count_b = Counter(a[a0:a1]), Counter(b[b0:b1])
    where = {b[j]: j for j in range(b0, b1) if count_b[b[j]] == 1}
    pairs = [(i, where[a[i]]) for i in range(a0, a1) if count_a[a[i]] == 1 and a[i] in where]
    return longest_ascending(pairs)


def _quick_pairs(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterable[Pair]:
    if not is_quick(a, b):
        return
    for i, j, size in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        yield from zip(range(i, i + size), range(j, j + size), strict=True)


def _opcodes_of(pairs: Sequence[Pair], n: int, m: int) -> list[Opcode]:
    found: list[Opcode] = []
    i = j = 0
    for k, p in (*pairs, (n, m)):
        if i < k or j < p:
            found.append(("replace" if i < k and j < p else "delete" if i < k else "insert", i, k, j, p))
        if k < n and p < m:
            if found and found[-1][0] == "equal":
                found[-1] = ("equal", found[-1][1], k + 1, found[-1][3], p + 1)
            else:
                found.append(("equal", k, k + 1, p, p + 1))
        i, j = k + 1, p + 1
    return found
