"""Beads wider than a search usually tries: a segment in which markup glued many sentences together.

A first search shows where such beads may be: sentences without counterpart beside a segment that is too long for what
it is linked to. There the search is repeated with wider beads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import numpy as np

from bot.alignment.features import Codes, TextSide
from bot.alignment.tables import Flags, Link, Shape

# A usual bead has at most so many segments on a side; a wide one has at most so many.
_USUAL_WIDTH, _MAX_WIDTH = 4, 32
# The narrow side of a wide bead has one segment, or two between which a sentence was cut.
_NARROW = (1, 2)
# A segment is too long when it exceeds what it is linked to by this factor.
_TOO_LONG = 1.05

Segments = Sequence[int]


@dataclass(frozen=True)
class Wide:
    """Where wide beads may be: `source` and `target` mark the long segments that may be the narrow side of one, `width`
    is the most segments of a source and of a target side."""

    source: Flags
    target: Flags
    width: Shape

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        down = ((a, b) for b in _NARROW for a in range(_USUAL_WIDTH + (b == 1), self.width[0] + 1))
        across = ((a, b) for a in _NARROW for b in range(_USUAL_WIDTH + (a == 1), self.width[1] + 1))
        return (*(down if self.target.any() else ()), *(across if self.source.any() else ()))

    def narrowed(self, shape: Shape, rows: Codes, columns: Codes) -> tuple[Codes, Codes]:
        """The starts of the beads of a wide shape that have a long segment on their narrow side."""
        if shape[0] > shape[1]:
            return rows, columns[_any(self.target, columns, shape[1])]
        return rows[_any(self.source, rows, shape[0])], columns


def _any(flags: Flags, starts: Codes, width: int) -> Flags:
    return np.asarray(flags[starts[:, None] + np.arange(width)].any(axis=1))


def find_wide(source: TextSide, target: TextSide, links: Sequence[Link]) -> Wide | None:
    """Where the links of a first search leave room for wide beads; mostly nowhere. The links are in path order."""
    widest = (_Gap((), (), [(link.rows, link.columns)]) for link in links if _is_widest(link.shape))
    gaps = [*_gaps(links), *widest, *_around_very_long(source, target, links)]
    long_target, height = _find_long(source, target, gaps)
    flipped = [_Gap(gap.columns, gap.rows, [side[::-1] for side in gap.beside]) for gap in gaps]
    long_source, width = _find_long(target, source, flipped)
    wide = Wide(long_source, long_target, (height, width))
    return wide if wide.shapes else None


class _Gap(NamedTuple):
    """Segments without counterpart between two links, and the segments of the links beside them."""

    rows: Segments
    columns: Segments
    beside: Sequence[tuple[Segments, Segments]]


def _is_widest(shape: Shape) -> bool:
    return max(shape) == _USUAL_WIDTH and min(shape) in _NARROW


def _around_very_long(source: TextSide, target: TextSide, links: Sequence[Link]) -> Iterator[_Gap]:
    """What is left of one side, with the segments of the other that are too long for any usual bead, wherever they are:
    a first search may take what follows a long segment for its translation."""
    alone = [link for link in links if not link.has_both_sides]
    rows = [link.source for link in alone if link.shape[0]]
    columns = [link.target for link in alone if link.shape[1]]
    if len(rows) > _USUAL_WIDTH:
        yield _Gap(rows, sorted(_very_long(target, source) & set(columns)), [])
    if len(columns) > _USUAL_WIDTH:
        yield _Gap(sorted(_very_long(source, target) & set(rows)), columns, [])


def _very_long(few: TextSide, many: TextSide) -> set[int]:
    if not many.prose.any():
        return set()
    usual = float(np.median(many.length[many.prose]))
    return set(np.flatnonzero(few.prose & (few.length > _USUAL_WIDTH * usual)).tolist())


def _gaps(links: Sequence[Link]) -> Iterator[_Gap]:
    groups = [(linked, list(group)) for linked, group in groupby(links, key=lambda link: link.has_both_sides)]
    for k, (linked, group) in enumerate(groups):
        if not linked:
            around = [*(groups[k - 1][1][-1:] if k else ()), *(groups[k + 1][1][:1] if k + 1 < len(groups) else ())]
            yield _Gap(
                [link.source for link in group if link.shape[0]],
                [link.target for link in group if link.shape[1]],
                [(link.rows, link.columns) for link in around],
            )


def _find_long(many: TextSide, few: TextSide, gaps: Sequence[_Gap]) -> tuple[Flags, int]:
    """Marks the segments of `few` that are too long for what they are linked to beside sentences of `many` without
    counterpart, and counts the most sentences that may belong to one."""
    is_long, most = np.zeros(len(few), dtype=bool), 0
    blocks = np.cumsum(many.opens)
    for alone, also_alone, beside in gaps:
        in_block = Counter(int(blocks[i]) for i in alone if many.prose[i] and not many.taken[i])
        most_in_one = max(in_block.values(), default=0)
        for linked, narrow in (*beside, *(([], [j]) for j in also_alone)):
            if len(narrow) > max(_NARROW) or not few.prose[narrow[0]] or (linked and not many.prose[linked[0]]):
                continue
            near = max((in_block[int(blocks[i])] for i in linked), default=0) if linked else most_in_one
            joined = len(linked) + near
            is_wide = joined > _USUAL_WIDTH or len(linked) == _USUAL_WIDTH
            if is_wide and few.length[list(narrow)].sum() > _TOO_LONG * many.length[list(linked)].sum():
                is_long[list(narrow)] = True
                most = max(most, min(joined + _USUAL_WIDTH, _MAX_WIDTH))
    return is_long, most
