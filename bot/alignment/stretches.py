"""Cuts two long documents into stretches short enough for a search, at segments that need no translation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from bot.alignment.ascending import longest_ascending
from bot.alignment.features import TextSide
from bot.alignment.opaque import essence
from bot.alignment.tables import Link
from bot.model import Kind

# Code or placeables with fewer characters occur in many places.
_MIN_ANCHOR_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Stretch:
    """Source segments [source, source_end) that belong to target segments [target, target_end)."""

    source: int
    source_end: int
    target: int
    target_end: int

    @property
    def longest(self) -> int:
        return max(self.source_end - self.source, self.target_end - self.target)

    def touches(self, link: Link) -> bool:
        return self.source <= link.source < self.source_end or self.target <= link.target < self.target_end


def common_ends(source: TextSide, target: TextSide) -> Stretch:
    """The stretch between the equal segments at both ends, which need no search."""
    size = min(len(source), len(target))
    head = next((k for k in range(size) if _exact_key(source, k) != _exact_key(target, k)), size)
    ends = len(source) - 1, len(target) - 1
    rest = range(size - head)
    tail = next((k for k in rest if _exact_key(source, ends[0] - k) != _exact_key(target, ends[1] - k)), len(rest))
    return Stretch(head, len(source) - tail, head, len(target) - tail)


def _exact_key(side: TextSide, i: int) -> Hashable:
    segment = side.segments[i]
    return segment.kind, segment.text, side.shape[i], side.tab[i], side.opens[i]


def cut(source: TextSide, target: TextSide, whole: Stretch, limit: int) -> Iterator[Stretch]:
    """Stretches of about `limit` segments a side, if there are anchors to cut at."""
    if whole.longest <= limit:
        yield whole
        return
    start = (whole.source, whole.target)
    last = start
    for anchor in [*_anchors(source, target, whole), (whole.source_end, whole.target_end)]:
        if max(anchor[0] - start[0], anchor[1] - start[1]) > limit and last != start:
            yield Stretch(start[0], last[0], start[1], last[1])
            start = last
        last = anchor
    yield Stretch(start[0], whole.source_end, start[1], whole.target_end)


def _anchors(source: TextSide, target: TextSide, whole: Stretch) -> list[tuple[int, int]]:
    """Segments with the same unique key on both sides, in the longest chain that ascends on both (patience diff)."""
    left = _unique_keys(source, whole.source, whole.source_end)
    right = _unique_keys(target, whole.target, whole.target_end)
    chain = longest_ascending([(i, right[key]) for key, i in left.items() if key in right])
    ends = (whole.source - 1, whole.target - 1), (whole.source_end, whole.target_end)
    path = [ends[0], *chain, ends[1]]
    return [at for k, at in enumerate(chain, 1) if _near(path[k - 1], at) and _near(at, path[k + 1])]


def _near(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two anchors are about equally far apart on both sides; a moved segment is not."""
    short, long = sorted((other[0] - one[0], other[1] - one[1]))
    return long <= 2 * short + 10


def _unique_keys(side: TextSide, start: int, stop: int) -> dict[Hashable, int]:
    keys = [_key(side, i) for i in range(start, stop)]
    counts = Counter(keys)
    return {key: i for i, key in enumerate(keys, start) if key is not None and counts[key] == 1}


def _key(side: TextSide, index: int) -> Hashable | None:
    """A label, an address, code, a formula; the placeables of a sentence. None if that is too short to be an anchor."""
    segment = side.segments[index]
    if segment.is_prose:
        fixed = frozenset(token for token in side.tokens[index] if token[0] in "=#")
        return (segment.kind, fixed) if sum(map(len, fixed)) >= _MIN_ANCHOR_LENGTH else None
    kept = essence(segment.text, segment.kind)
    is_long = segment.kind in (Kind.LABEL, Kind.IMAGE) or len(kept.text) >= _MIN_ANCHOR_LENGTH
    return kept if is_long else None
