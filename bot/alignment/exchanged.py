"""Finds sentences that changed places, whatever a search for an ascending path has linked them with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log, tanh

import numpy as np

from bot.alignment.features import Codes, Side
from bot.alignment.gains import PRIORS, border_gain, build_table
from bot.alignment.lexicon import Odds
from bot.alignment.tables import Array, Link

# Links with less gain than this for each segment but one may be wrong; the others are left alone.
_DOUBTED = 8.0
# Gains are cautious: what is added to the log-odds that anything was moved, which are counted in the document, with
# this many segments of which half a one was moved to start from.
_CAUTION, _SEGMENTS = 4.0, 50
# More pairs than this are not compared: two documents with so much in doubt have little in common.
_PAIRS = 1_000_000
_LARGEST = 50.0


def find_exchanged(source: Side, target: Side, links: Sequence[Link], odds: Odds, known: int) -> list[Link]:
    """Pairs of sentences that more likely belong together than with what they are linked to, or with any other; `known`
    pairs of the document were found before, and the more were, the more likely are others."""
    doubted = [link for link in links if link.gain < _DOUBTED * max(1, sum(link.shape) - 1)]
    rows, columns = _free_prose(source, doubted, 0), _free_prose(target, doubted, 1)
    if not len(rows) or not len(columns) or len(rows) * len(columns) > _PAIRS:
        return []
    pairs = _Pairs(source, target, doubted, (rows, columns), odds)
    prior = _CAUTION + log((known + 0.5) / (min(len(source), len(target)) + _SEGMENTS))
    return pairs.best(prior)


def _free_prose(side: Side, links: Sequence[Link], which: int) -> Codes:
    """The prose segments of one side of the links, as far as they are not taken out."""
    starts = [(link.source, link.target)[which] for link in links]
    found = {i for start, link in zip(starts, links, strict=True) for i in range(start, start + link.shape[which])}
    return np.array([i for i in sorted(found) if side.prose[i] and not side.taken[i]], dtype=np.intp)


class _Pairs:
    """The gains of all pairs of doubted sentences, without what the borders of blocks say: a sentence that was moved
    leaves them."""

    def __init__(
        self, source: Side, target: Side, links: Sequence[Link], doubted: tuple[Codes, Codes], odds: Odds
    ) -> None:
        self._sides = source, target
        self._rows, self._columns = doubted
        self._at_row = {i: k for k, i in enumerate(self._rows.tolist())}
        self._at_column = {j: k for k, j in enumerate(self._columns.tolist())}
        left, right = source.pick(self._rows.tolist()), target.pick(self._columns.tolist())
        _, found = build_table(left, right, odds, [(1, 1)])
        self._gains: Array = found.single + log(PRIORS[1, 1])
        self._by_source = {i: x for x in links for i in range(x.source, x.source + x.shape[0])}
        self._by_target = {j: x for x in links for j in range(x.target, x.target + x.shape[1])}

    def best(self, prior: float) -> list[Link]:
        """The likeliest pairs, each segment in one at most."""
        found: list[Link] = []
        taken: tuple[set[int], set[int]] = set(), set()
        for value, i, j in sorted(self._likely(prior), key=lambda pair: (-pair[0], pair[1:])):
            if i not in taken[0] and j not in taken[1]:
                taken[0].add(i)
                taken[1].add(j)
                probability = 0.5 * (1.0 + tanh(value / 2.0))
                found.append(Link(i, j, (1, 1), self._gain(i, j), probability))
        return found

    def _likely(self, prior: float) -> Iterator[tuple[float, int, int]]:
        """Log-odds of each pair that is more likely than not, and its segments."""
        weights = np.exp(np.minimum(self._gains, _LARGEST))
        linked = self._linked()
        weights[linked] = 0.0
        # That a sentence has no counterpart weighs as much as one of which nothing is known.
        others = 1.0 + np.maximum(weights.sum(axis=1, keepdims=True), weights.sum(axis=0)) - weights
        odds = self._gains - np.log(np.maximum(others, 1.0)) + prior
        odds[linked] = -np.inf
        for x, y in np.argwhere(odds >= 0.0).tolist():
            i, j = int(self._rows[x]), int(self._columns[y])
            one, other = self._by_source[i], self._by_target[j]
            value = float(odds[x, y]) - self._loss(one, source=i) - self._loss(other, target=j)
            if one.shape == other.shape == (1, 1):
                value += max(0.0, self._gain(other.source, one.target))
            if value >= 0.0:
                yield value, i, j

    def _linked(self) -> tuple[list[int], list[int]]:
        """Where pairs stand that are in one link."""
        pairs = [
            (k, self._at_column[j])
            for k, i in enumerate(self._rows.tolist())
            for link in [self._by_source[i]]
            for j in range(link.target, link.target + link.shape[1])
            if j in self._at_column
        ]
        return [x for x, _ in pairs], [y for _, y in pairs]

    def _loss(self, link: Link, source: int = -1, target: int = -1) -> float:
        """What a link loses without one of its segments; the ends of blocks stay those of what is left."""
        if not all(link.shape):
            return 0.0
        rows = [i for i in range(link.source, link.source + link.shape[0]) if i != source]
        columns = [j for j in range(link.target, link.target + link.shape[1]) if j != target]
        if not rows or not columns:
            return max(0.0, link.gain)
        rest = max(self._gain(i, j) for i in rows for j in columns) + border_gain(*self._sides, link)
        return max(0.0, link.gain - max(0.0, rest))

    def _gain(self, source: int, target: int) -> float:
        x, y = self._at_row.get(source), self._at_column.get(target)
        return 0.0 if x is None or y is None else float(self._gains[x, y])
