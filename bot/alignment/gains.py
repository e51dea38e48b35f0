"""The log-odds of every possible bead between two stretches: length, tokens, block borders, kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bot.alignment.crossing import Content, Crossings, crossings
from bot.alignment.evidence import Words
from bot.alignment.features import NO_TAB, Codes, Flags, Side
from bot.alignment.lexicon import Odds
from bot.alignment.meaning import meaning_gains
from bot.alignment.opaque import opaque_gains
from bot.alignment.search import Array, Link, Shape, Table
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
    words = Words(source, target, odds)
    gains: dict[Shape, Array] = {}
    content: dict[Shape, Array] = {}
    for shape in shapes:
        gains[shape], content[shape] = _shape_gains(source, target, shape, words)
    crossed = crossings(_content(source, target, content), gains)
    for shape, found in crossed.gains.items():
        gains[shape] = np.maximum(gains[shape], found)
    _add_opaque(source, target, gains[1, 1], population or len(target))
    return Table((len(source), len(target)), gains, *_null_costs(source, alone), *_null_costs(target, alone)), crossed


def _shape_gains(source: Side, target: Side, shape: Shape, words: Words) -> tuple[Array, Array]:
    """The gain of every prose bead of a shape, and the same without its prior and without what borders say."""
    a, b = shape
    full, content = np.full((2, max(0, len(source) - a + 1), max(0, len(target) - b + 1)), -np.inf)
    rows, columns = _starts(source, a, a + b), _starts(target, b, a + b)
    if len(rows) and len(columns):
        found = _prose_gains(source, target, rows, columns, shape, words)
        content[rows[:, None], columns[None, :]] = found
        found += _border_gains(
            (source.opens[rows], source.closes[rows + a - 1]), (target.opens[columns], target.closes[columns + b - 1])
        )
        full[rows[:, None], columns[None, :]] = found + np.log(PRIORS[shape])
    return full, content


def _content(source: Side, target: Side, gains: Mapping[Shape, Array]) -> Content:
    return Content(
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


def _starts(side: Side, width: int, total: int) -> Codes:
    """Where `width` segments of one prose kind begin. Only paragraphs may be joined across their borders, and only in
    beads of few segments: longer ones stand for one rewritten paragraph."""
    starts = side.prose[: max(0, len(side) - width + 1)].copy()
    crossing = side.kind == list(Kind).index(Kind.PARAGRAPH) if total <= 3 else np.zeros(len(side), dtype=bool)
    for k in range(1, width):
        following = slice(k, k + len(starts))
        starts &= (side.kind[following] == side.kind[: len(starts)]) & (crossing[following] | ~side.opens[following])
    return np.flatnonzero(starts)


def _prose_gains(source: Side, target: Side, rows: Codes, columns: Codes, shape: Shape, words: Words) -> Array:
    a, b = shape
    found = _length_gains(_sums(source.length, rows, a), _sums(target.length, columns, b))
    found += _TOKEN_WEIGHT * words.gains(rows, columns, shape)
    if source.vectors is not None and target.vectors is not None:
        found += meaning_gains(source.vectors, target.vectors, rows, columns, shape)
    found += _structure_gains(source, target, rows, columns)
    found += _INNER_BORDER * _inner_borders(source, rows, a)[:, None]
    share = np.bincount(target.kind[columns]) / len(columns)
    found += (_INNER_BORDER * _inner_borders(target, columns, b) - np.log(share[target.kind[columns]]))[None, :]
    return found


def _structure_gains(source: Side, target: Side, rows: Codes, columns: Codes) -> Array:
    """What heading levels, lists, tabs and kinds say: worked out once for each combination of them."""
    (left, row), (right, column) = _combinations(source, rows), _combinations(target, columns)
    gains = _where_equal(source.shape[left], target.shape[right], 0.0, _OTHER_SHAPE)
    gains += _tab_gains(source.tab[left], target.tab[right])
    gains += _where_equal(source.kind[left], target.kind[right], 0.0, -np.inf)
    return gains.take(row, axis=0).take(column, axis=1)


def _combinations(side: Side, at: Codes) -> tuple[Codes, Codes]:
    """A segment of each combination of structure among these, and which of them each has."""
    first: dict[tuple[int, int, int], int] = {}
    codes = zip(side.shape[at].tolist(), side.tab[at].tolist(), side.kind[at].tolist(), strict=True)
    numbers = [first.setdefault(code, len(first)) for code in codes]
    which = np.array(numbers, dtype=np.intp)
    segments = np.zeros(len(first), dtype=np.intp)
    segments[which] = at
    return segments, which


def _length_gains(source: Array, target: Array) -> Array:
    """Log-odds of each pair of lengths: the target's is log-normal around the source's (after Gale & Church 1993), with
    heavy tails and more spread where there are few characters, against that of any segment."""
    logs = np.log(target)
    off = logs[None, :] - np.log(source)[:, None]
    variance = _SPREAD**2 + _FEW_CHARACTERS / (source[:, None] + target[None, :])
    # -2 log(1 + off² / 3v) - log(v) / 2, with one logarithm.
    linked = np.log(variance**1.5 / (variance + off**2 / 3.0) ** 2)
    stranger = np.maximum(-((logs - logs.mean()) ** 2) / (2.0 * _ANY_SPREAD**2), -3.0) - np.log(_ANY_SPREAD)
    return np.asarray(linked - stranger[None, :])


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
    return np.asarray(values[starts[:, None] + np.arange(width)].sum(axis=1))


def _inner_borders(side: Side, starts: Codes, width: int) -> Array:
    return np.asarray(side.opens[starts[:, None] + np.arange(1, width)].sum(axis=1), dtype=np.float64)
