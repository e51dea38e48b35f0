"""The log-odds of every possible bead between two stretches: length, tokens, block borders, kinds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bot.alignment.crossing import Borders, Crossings, find_crossings
from bot.alignment.evidence import Words
from bot.alignment.features import NO_TAB, PARAGRAPH, Codes, TextSide
from bot.alignment.lexicon import ALONE, Odds
from bot.alignment.meaning import meaning_gains
from bot.alignment.opaque import opaque_gains
from bot.alignment.tables import NEVER, Array, Link, Shape, Table
from bot.alignment.wide import Wide

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

# A bead that is wider than any of these is so much rarer with each further segment.
_LOG_WIDER = np.log(0.8)
_MAX_COMMON_WIDTH = 4
_LOG_WIDE = {1: np.log(PRIORS[4, 1]), 2: np.log(PRIORS[4, 4] / 2)}

# Beads of at most so many segments may join paragraphs across their borders; a longer bead would stand for a rewritten
# paragraph.
_MAX_ACROSS_PARAGRAPHS = 3
# The log-odds that a run of segments without counterpart goes on in the same block, or beyond.
_EXTEND, _EXTEND_BEYOND = np.log([0.75, 0.2])
# Log-odds for a linked pair whose blocks do or do not agree.
_SAME_BORDER, _OTHER_BORDER, _INNER_BORDER = 0.4, -1.2, -2.5
_OTHER_SHAPE, _OTHER_TAB, _NO_TAB = -2.0, -8.0, -2.0
# Standard deviation of the log-ratio of lengths: in long links, the addition for few characters, and between any two.
_LENGTH_DEVIATION, _FEW_CHARACTERS, _ANY_DEVIATION = 0.15, 4.0, 0.8
# The tokens of a sentence depend on each other, so their log-odds count less than their sum.
_TOKEN_WEIGHT = 0.6


def build_table(
    source: TextSide,
    target: TextSide,
    odds: Odds,
    shapes: Iterable[Shape],
    population: int | None = None,
    alone: float = ALONE,
    wide: Wide | None = None,
) -> tuple[Table, Crossings]:
    """The gains of all beads of these shapes between two stretches of documents, and which of them have their halves
    crosswise.

    `population` counts the target segments from which `target` was selected, if it was: equal code is stronger evidence
    the more there was to choose from. `alone` is how often a run without counterpart begins. `wide` adds wider beads.
    """
    prose = _Prose(source, target, odds, wide)
    borders = Borders(
        _where_equal(source.opens, target.opens, _SAME_BORDER, _OTHER_BORDER),
        _where_equal(source.closes, target.closes, _SAME_BORDER, _OTHER_BORDER),
        np.where(source.opens, _INNER_BORDER, 0.0),
        np.where(target.opens, _INNER_BORDER, 0.0),
    )
    shapes = [*shapes, *(wide.shapes if wide else ())]
    content = {shape: prose.gains(shape) for shape in shapes}
    gains = {shape: inner + borders.outer(shape) + _log_prior(shape) for shape, inner in content.items()}
    crossings = find_crossings(content, borders)
    for shape, crossed in crossings.gains.items():
        np.maximum(gains[shape], crossed, out=gains[shape])
    rows, columns = np.flatnonzero(~source.prose), np.flatnonzero(~target.prose)
    if len(rows) and len(columns):
        left, right = source.pick(rows.tolist()), target.pick(columns.tolist())
        opaque = opaque_gains(left.segments, right.segments, population or len(target))
        opaque += _tab_gains(left.tab, right.tab)
        gains[1, 1][np.ix_(rows, columns)] = opaque + np.log(PRIORS[1, 1])
    costs = *_alone_costs(source, alone), *_alone_costs(target, alone)
    return Table((len(source), len(target)), gains, *costs), crossings


def _log_prior(shape: Shape) -> float:
    if shape in PRIORS:
        return float(np.log(PRIORS[shape]))
    narrow, width = sorted(shape)
    return float(_LOG_WIDE[narrow] + (width - _MAX_COMMON_WIDTH) * _LOG_WIDER)


def border_gain(source: TextSide, target: TextSide, link: Link) -> float:
    """The gain of one link from the borders of the blocks around it."""
    opens = source.opens[link.rows[0]] == target.opens[link.columns[0]]
    closes = source.closes[link.rows[-1]] == target.closes[link.columns[-1]]
    return sum(_SAME_BORDER if same else _OTHER_BORDER for same in (opens, closes))


def _alone_costs(side: TextSide, alone: float) -> tuple[Array, Array]:
    """The cost of beginning and of continuing a run without counterpart; what was taken out costs nothing."""
    costs = np.where(side.opens, _EXTEND_BEYOND, _EXTEND)
    return np.where(side.taken, 0.0, np.log(alone)), np.where(side.taken, 0.0, costs)


def _starts(side: TextSide, width: int, *, across: bool) -> Codes:
    """The starts of runs of `width` segments of one prose kind: within a block or, with `across`, over paragraphs."""
    starts = side.prose[: max(0, len(side) - width + 1)].copy()
    joinable = ~side.opens | ((side.kind == PARAGRAPH) & across)
    for k in range(1, width):
        following = slice(k, k + len(starts))
        starts &= (side.kind[following] == side.kind[: len(starts)]) & joinable[following]
    return np.flatnonzero(starts)


class _Prose:
    """The gains of beads of prose between two stretches, without priors and without the borders around beads."""

    def __init__(self, source: TextSide, target: TextSide, odds: Odds, wide: Wide | None = None) -> None:
        self.source, self.target, self._wide = source, target, wide
        self._words = Words(source, target, odds)
        # Heading levels, lists, tabs and kinds are compared once for each combination of them.
        (left, self._row), (right, self._column) = _combinations(source), _combinations(target)
        self._structure = _where_equal(source.shape[left], target.shape[right], 0.0, _OTHER_SHAPE)
        self._structure += _tab_gains(source.tab[left], target.tab[right])
        self._structure += _where_equal(source.kind[left], target.kind[right], 0.0, NEVER)

    def gains(self, shape: Shape) -> Array:
        """One gain for each bead of a shape (as in a Table), `NEVER` if there is no such bead of prose."""
        a, b = shape
        across = a + b <= _MAX_ACROSS_PARAGRAPHS
        rows, columns = _starts(self.source, a, across=across), _starts(self.target, b, across=across)
        if self._wide and shape in self._wide.shapes:
            rows, columns = self._wide.narrowed(shape, rows, columns)
        full = np.full((max(0, len(self.source) - a + 1), max(0, len(self.target) - b + 1)), NEVER)
        if len(rows) and len(columns):
            full[np.ix_(rows, columns)] = self._gains(rows, columns, shape)
        return full

    def _gains(self, rows: Codes, columns: Codes, shape: Shape) -> Array:
        """The gains of the beads that begin at these segments (shape rows x columns)."""
        source, target = self.source, self.target
        a, b = shape
        gains = _length_gains(_sums(source.length, rows, a), _sums(target.length, columns, b))
        gains += self._words.gains(rows, columns, shape, _TOKEN_WEIGHT)
        if source.meanings and target.meanings:
            gains += meaning_gains(source.meanings, target.meanings, rows, columns, shape)
        gains += self._structure.take(self._row[rows], axis=0).take(self._column[columns], axis=1)
        gains += _INNER_BORDER * _sums(source.opens, rows + 1, a - 1)[:, None]
        # If few segments are of a kind, two of that kind are more likely counterparts.
        share = np.bincount(target.kind[columns]) / len(columns)
        gains += _INNER_BORDER * _sums(target.opens, columns + 1, b - 1) - np.log(share[target.kind[columns]])
        return gains


def _combinations(side: TextSide) -> tuple[Codes, Codes]:
    """A segment of each combination of structure, and which of them each segment has."""
    numbers: dict[tuple[int, int, int], int] = {}
    codes = zip(side.shape.tolist(), side.tab.tolist(), side.kind.tolist(), strict=True)
    which = np.array([numbers.setdefault(code, len(numbers)) for code in codes], dtype=np.intp)
    segments = np.zeros(len(numbers), dtype=np.intp)
    segments[which] = np.arange(len(side))
    return segments, which


def _length_gains(source: Array, target: Array) -> Array:
    """Log-odds of each pair of lengths: the target's is log-normal around the source's (after Gale & Church 1993), with
    heavy tails and more spread for short texts, against the length of any segment."""
    logs = np.log(target)
    off = logs[None, :] - np.log(source)[:, None]
    variance = _LENGTH_DEVIATION**2 + _FEW_CHARACTERS / (source[:, None] + target[None, :])
    # -2 log(1 + off² / 3v) - log(v) / 2, with one logarithm.
    off *= off
    off /= 3.0
    off += variance
    off *= off
    linked = np.log(variance * np.sqrt(variance) / off)
    stranger = np.maximum(-((logs - logs.mean()) ** 2) / (2.0 * _ANY_DEVIATION**2), -3.0) - np.log(_ANY_DEVIATION)
    linked -= stranger[None, :]
    return np.asarray(linked)


def _where_equal(source: NDArray[np.generic], target: NDArray[np.generic], same: float, other: float) -> Array:
    return np.where(source[:, None] == target[None, :], same, other)


def _tab_gains(source: Codes, target: Codes) -> Array:
    """A segment in a tab hardly ever belongs to a segment in another tab, but often to a segment in no tab."""
    other = np.where((source == NO_TAB)[:, None] | (target == NO_TAB)[None, :], _NO_TAB, _OTHER_TAB)
    return np.where(source[:, None] == target[None, :], 0.0, other)


def _sums(values: NDArray[np.generic], starts: Codes, width: int) -> Array:
    """The sum of the `width` values from each start on."""
    return np.asarray(values[starts[:, None] + np.arange(width)].sum(axis=1), dtype=np.float64)
