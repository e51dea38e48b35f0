"""The log-odds of every possible bead between two stretches: length, tokens, block borders, kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bot.alignment.crossing import SMALL, CrossingParts, Crossings, can_cross, crossings
from bot.alignment.evidence import Words
from bot.alignment.features import NO_TAB, Codes, Flags, Side
from bot.alignment.lexicon import Odds
from bot.alignment.meaning import meaning_gains
from bot.alignment.opaque import opaque_gains
from bot.alignment.tables import Array, Link, Shape, Table
from bot.model import Kind

# How often translators link, join and split sentences: orders of magnitude as in Gale & Church 1993, table 5.
PRIORS: dict[Shape, float] = {
    (1, 1): 0.85,
    (2, 1): 0.04,
    (1, 2): 0.04,
    (2, 2): 0.007,
    (3, 1): 0.005,
    (1, 3): 0.005,
    (3, 2): 0.0015,
    (2, 3): 0.0015,
    (4, 1): 0.001,
    (1, 4): 0.001,
    (3, 3): 0.0005,
    (4, 4): 0.0003,
}
COMMON: tuple[Shape, ...] = ((1, 1), (2, 1), (1, 2))

# Only paragraphs may be joined across their borders, and only in beads of so many segments: longer ones stand for one
# rewritten paragraph.
_CROSSING = 3
# A run of segments without counterpart: how often one begins, and the log-odds that it goes on in the same block, or
# beyond it.
ALONE = 0.025
_EXTEND, _EXTEND_BEYOND = np.log([0.75, 0.2])
# Log-odds of what a linked pair shares, or does not, of its blocks.
_SAME_BORDER, _OTHER_BORDER, _INNER_BORDER = 0.4, -1.2, -2.5
_OTHER_SHAPE, _OTHER_TAB, _NO_TAB = -2.0, -8.0, -2.0
# Of the log-ratio of lengths: standard deviation in long links, what short ones add, and that of strangers.
_SPREAD, _FEW_CHARACTERS, _ANY_SPREAD = 0.15, 4.0, 0.8
# Tokens of a sentence are not independent, so their log-odds don't simply add up.
_TOKEN_WEIGHT = 0.6


def build_table(
    source: Side,
    target: Side,
    odds: Odds,
    shapes: Iterable[Shape],
    population: int | None = None,
    alone: float = ALONE,
) -> tuple[Table, Crossings]:
    """The gains of all beads of these shapes between two stretches of documents, and which of them have their halves
    crosswise. `population` counts the segments that the target was selected from, if it was: equal code means the more,
    the more there was to choose from."""
    prose = _Prose(source, target, odds)
    gains: dict[Shape, Array] = {}
    content: dict[Shape, Array] = {}
    for shape in shapes:
        gains[shape] = _shape_gains(prose, shape, content)
    crossed = Crossings({}, {}, content[1, 1])
    if can_cross(gains):
        crossed = crossings(_content(source, target, content), gains)
    for shape, found in crossed.gains.items():
        np.maximum(gains[shape], found, out=gains[shape])
    _add_opaque(source, target, gains[1, 1], population or len(target))
    return Table((len(source), len(target)), gains, *_null_costs(source, alone), *_null_costs(target, alone)), crossed


def _shape_gains(prose: _Prose, shape: Shape, content: dict[Shape, Array]) -> Array:
    """The gain of every prose bead of a shape; without its prior and what borders say, it goes to `content`, as far as
    that is for crossings."""
    a, b = shape
    source, target = prose.source, prose.target
    full = np.full((max(0, len(source) - a + 1), max(0, len(target) - b + 1)), -np.inf)
    if shape in SMALL:
        content[shape] = full.copy()
    rows, columns = prose.starts(shape)
    if len(rows) and len(columns):
        found = prose.gains(rows, columns, shape)
        at = rows[:, None], columns[None, :]
        if shape in SMALL:
            content[shape][at] = found
        found += _border_gains(
            (source.opens[rows], source.closes[rows + a - 1]), (target.opens[columns], target.closes[columns + b - 1])
        )
        found += np.log(PRIORS[shape])
        full[at] = found
    return full


def _content(source: Side, target: Side, gains: Mapping[Shape, Array]) -> CrossingParts:
    return CrossingParts(
        gains,
        _where_equal(source.opens, target.opens, _SAME_BORDER, _OTHER_BORDER),
        _where_equal(source.closes, target.closes, _SAME_BORDER, _OTHER_BORDER),
        _INNER_BORDER * source.opens,
        _INNER_BORDER * target.opens,
    )


def border_gain(source: Side, target: Side, link: Link) -> float:
    """What the borders of blocks say about a link."""
    i, j = link.source, link.target
    last = i + link.shape[0] - 1, j + link.shape[1] - 1
    left, right = (source.opens[i], source.closes[last[0]]), (target.opens[j], target.closes[last[1]])
    return float(_BORDERS[2 * left[0] + left[1], 2 * right[0] + right[1]])


def _null_costs(side: Side, alone: float) -> tuple[Array, Array]:
    """What it costs to begin and to continue a run without counterpart; what was taken out costs nothing."""
    taken = side.taken
    costs = np.where(side.opens, _EXTEND_BEYOND, _EXTEND)
    return np.where(taken, 0.0, np.log(alone)), np.where(taken, 0.0, costs)


def _add_opaque(source: Side, target: Side, table: Array, population: int) -> None:
    rows, columns = np.flatnonzero(~source.prose), np.flatnonzero(~target.prose)
    if len(rows) and len(columns):
        left, right = source.pick(rows.tolist()).segments, target.pick(columns.tolist()).segments
        found = opaque_gains(left, right, population)
        found += _tab_gains(source.tab[rows], target.tab[columns])
        table[rows[:, None], columns[None, :]] = found + np.log(PRIORS[1, 1])


def _starts(side: Side, width: int, *, crosses: bool) -> Codes:
    """Where `width` segments of one prose kind begin; those of paragraphs may cross their borders, where it is said."""
    if width == 1:
        return np.flatnonzero(side.prose)
    starts = side.prose[: max(0, len(side) - width + 1)].copy()
    crossing = side.kind == list(Kind).index(Kind.PARAGRAPH) if crosses else np.zeros(len(side), dtype=bool)
    for k in range(1, width):
        following = slice(k, k + len(starts))
        starts &= (side.kind[following] == side.kind[: len(starts)]) & (crossing[following] | ~side.opens[following])
    return np.flatnonzero(starts)


class _Prose:
    """What beads of prose gain between two stretches, but for what borders say and for how frequent they are."""

    def __init__(self, source: Side, target: Side, odds: Odds) -> None:
        self.source, self.target = source, target
        self._words = Words(source, target, odds)
        # What heading levels, lists, tabs and kinds say: worked out once for each combination of them.
        (left, self._row), (right, self._column) = _combinations(source), _combinations(target)
        self._starts: dict[tuple[int, int, bool], Codes] = {}
        self._structure = _where_equal(source.shape[left], target.shape[right], 0.0, _OTHER_SHAPE)
        self._structure += _tab_gains(source.tab[left], target.tab[right])
        self._structure += _where_equal(source.kind[left], target.kind[right], 0.0, -np.inf)

    def starts(self, shape: Shape) -> tuple[Codes, Codes]:
        """Where the source and the target segments of beads of this shape begin."""
        crosses = sum(shape) <= _CROSSING
        keys = (0, shape[0], crosses), (1, shape[1], crosses)
        for side, key in zip((self.source, self.target), keys, strict=True):
            if key not in self._starts:
                self._starts[key] = _starts(side, key[1], crosses=crosses)
        return self._starts[keys[0]], self._starts[keys[1]]

    def gains(self, rows: Codes, columns: Codes, shape: Shape) -> Array:
        """Those of the beads of a shape that begin at these segments (shape rows x columns)."""
        source, target = self.source, self.target
        a, b = shape
        found = _length_gains(_sums(source.length, rows, a), _sums(target.length, columns, b))
        found += self._words.gains(rows, columns, shape, _TOKEN_WEIGHT)
        if source.vectors is not None and target.vectors is not None:
            found += meaning_gains(source.vectors, target.vectors, rows, columns, shape)
        found += self._structure.take(self._row[rows], axis=0).take(self._column[columns], axis=1)
        share = np.bincount(target.kind[columns]) / len(columns)
        of_column = -np.log(share[target.kind[columns]])
        if b > 1:
            of_column += _INNER_BORDER * _inner_borders(target, columns, b)
        if a > 1:
            found += _INNER_BORDER * _inner_borders(source, rows, a)[:, None]
        found += of_column[None, :]
        return found


def _combinations(side: Side) -> tuple[Codes, Codes]:
    """A segment of each combination of structure, and which of them each segment has."""
    first: dict[tuple[int, int, int], int] = {}
    codes = zip(side.shape.tolist(), side.tab.tolist(), side.kind.tolist(), strict=True)
    which = np.array([first.setdefault(code, len(first)) for code in codes], dtype=np.intp)
    segments = np.zeros(len(first), dtype=np.intp)
    segments[which] = np.arange(len(side))
    return segments, which


def _length_gains(source: Array, target: Array) -> Array:
    """Log-odds of each pair of lengths: the target's is log-normal around the source's (after Gale & Church 1993), with
    heavy tails and more spread where there are few characters, against that of any segment."""
    logs = np.log(target)
    off = logs[None, :] - np.log(source)[:, None]
    variance = _SPREAD**2 + _FEW_CHARACTERS / (source[:, None] + target[None, :])
    # -2 log(1 + off² / 3v) - log(v) / 2, with one logarithm.
    off *= off
    off /= 3.0
    off += variance
    off *= off
    linked = np.log(variance * np.sqrt(variance) / off)
    stranger = np.maximum(-((logs - logs.mean()) ** 2) / (2.0 * _ANY_SPREAD**2), -3.0) - np.log(_ANY_SPREAD)
    linked -= stranger[None, :]
    return np.asarray(linked)


# By what a source and a target bead do: neither open nor close a block, only close one, only open one, both.
_BORDERS = np.array(
    [
        [
            sum(_SAME_BORDER if mine == theirs else _OTHER_BORDER for mine, theirs in zip(one, other, strict=True))
            for other in product((False, True), repeat=2)
        ]
        for one in product((False, True), repeat=2)
    ]
)


def _border_gains(source: tuple[Flags, Flags], target: tuple[Flags, Flags]) -> Array:
    """What it says that beads open and close a block; flags of each source and each target bead."""
    row, column = (2 * opens + closes for opens, closes in (source, target))
    return _BORDERS.take(row, axis=0).take(column, axis=1)


def _where_equal(source: NDArray[np.generic], target: NDArray[np.generic], same: float, other: float) -> Array:
    return np.where(source[:, None] == target[None, :], same, other)


def _tab_gains(source: Codes, target: Codes) -> Array:
    """What is in no tab on one side may well be in one on the other; what is in another tab hardly belongs to it."""
    other = np.where((source == NO_TAB)[:, None] | (target == NO_TAB)[None, :], _NO_TAB, _OTHER_TAB)
    return np.where(source[:, None] == target[None, :], 0.0, other)


def _sums(values: Array, starts: Codes, width: int) -> Array:
    if width == 1:
        return values[starts]
    return np.asarray(values[starts[:, None] + np.arange(width)].sum(axis=1))


def _inner_borders(side: Side, starts: Codes, width: int) -> Array:
    return np.asarray(side.opens[starts[:, None] + np.arange(1, width)].sum(axis=1), dtype=np.float64)
