"""Links segments that changed places, which no search for an ascending path can find."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, tanh

import numpy as np

from bot.alignment.crossing import uncrossed
from bot.alignment.features import Side
from bot.alignment.gains import PRIORS, build_table
from bot.alignment.lexicon import Odds
from bot.alignment.search import best_links
from bot.alignment.tables import Link

# How often a segment without counterpart was moved, how often one that is linked, and how sure we must be.
_MOVED, _EXCHANGED, _SURE = 0.3, 0.3, 0.5
# Links of two sentences with less gain than this may be wrong: something else may have taken the place.
_WEAK = 3.0
# More pairs than this are not compared: two documents that leave so much over have little in common.
_PAIRS = 250_000

Run = tuple[int, int]


def with_moved(source: Side, target: Side, links: Sequence[Link], exchanged: Sequence[Link], odds: Odds) -> list[Link]:
    """The links and those `exchanged`, whose segments are taken out of both sides; and wherever else a source and a
    target segment clearly belong together though they stand in different places, they are linked. With each goes what
    stands around both. Only segments that have no counterpart, or hardly resemble the one they have, are looked at."""
    kept = _Kept(source, links)
    found: list[Link] = []
    for seed in exchanged:
        around = _with_surroundings(source, target, seed, kept.alone(), odds)
        kept.take(around[1:])
        found += around
    rows, columns = sorted(kept.by_source), sorted(kept.by_target)
    if not rows or not columns or len(rows) * len(columns) > _PAIRS:
        return kept.remaining() + found
    table, _ = build_table(source.pick(rows), target.pick(columns), odds, [(1, 1)], population=len(target))
    gains = table.gains[1, 1] - log(len(columns))
    likely = np.argwhere(gains + _log_odds(_MOVED) >= _log_odds(_SURE))
    order = sorted(likely.tolist(), key=lambda at: (-gains[at[0], at[1]], at))
    # The first of two exchanged sentences frees the place of the second.
    for x, y in (*order, *order):
        row, column = rows[x], columns[y]
        if row in kept.by_source and column in kept.by_target and kept.by_source[row] is not kept.by_target[column]:
            probability = _probability(float(gains[x, y]) - kept.cost(row, column))
            if probability >= _SURE:
                seed = Link(row, column, (1, 1), probability=probability)
                kept.release(row, column)
                moved = _with_surroundings(source, target, seed, kept.alone(), odds)
                kept.take(moved)
                found += moved
    return kept.remaining() + found


class _Kept:
    """Which links still stand; `by_source` and `by_target` find the ones that may be given up."""

    def __init__(self, source: Side, links: Sequence[Link]) -> None:
        weak = [x for x in links if x.shape == (1, 1) and x.gain < _WEAK and source.prose[x.source]]
        single = [x for x in links if not all(x.shape)]
        self.by_source = {x.source: x for x in (*weak, *single) if x.shape[0]}
        self.by_target = {x.target: x for x in (*weak, *single) if x.shape[1]}
        given = {id(x) for x in (*weak, *single)}
        self._others = [x for x in links if id(x) not in given]

    def cost(self, row: int, column: int) -> float:
        """The log-odds that must be outweighed to give up what these segments are linked to."""
        linked = [x for x in (self.by_source[row], self.by_target[column]) if all(x.shape)]
        prior = _EXCHANGED if linked else _MOVED
        return sum(max(0.0, x.gain) for x in linked) - _log_odds(prior)

    def release(self, row: int, column: int) -> None:
        for link in (self.by_source[row], self.by_target[column]):
            if all(link.shape):
                self.by_source[link.source] = Link(link.source, link.target, (1, 0), 0.0, _SURE)
                self.by_target[link.target] = Link(link.source, link.target, (0, 1), 0.0, _SURE)

    def alone(self) -> tuple[set[int], set[int]]:
        """Segments that have no counterpart."""
        rows = {i for i, link in self.by_source.items() if not link.shape[1]}
        return rows, {j for j, link in self.by_target.items() if not link.shape[0]}

    def take(self, links: Sequence[Link]) -> None:
        for link in links:
            for i in range(link.source, link.source + link.shape[0]):
                del self.by_source[i]
            for j in range(link.target, link.target + link.shape[1]):
                del self.by_target[j]

    def remaining(self) -> list[Link]:
        return [*self._others, *self.by_source.values(), *(x for x in self.by_target.values() if not x.shape[0])]


def _with_surroundings(
    source: Side, target: Side, seed: Link, free: tuple[set[int], set[int]], odds: Odds
) -> list[Link]:
    """The seed, and links on both sides of it, as far as segments without counterpart reach."""
    (a, b), (c, d) = _run(seed.source, free[0]), _run(seed.target, free[1])
    found = [seed]
    for rows, columns in (((a, seed.source), (c, seed.target)), ((seed.source + 1, b), (seed.target + 1, d))):
        if rows[0] < rows[1] and columns[0] < columns[1]:
            table, crossed = build_table(source.part(*rows), target.part(*columns), odds, tuple(PRIORS))
            links = [part for link in best_links(table) for part in uncrossed(link, crossed) if all(link.shape)]
            found += [
                Link(rows[0] + x.source, columns[0] + x.target, x.shape, x.gain, x.probability)
                for x in links
                if x.probability >= _SURE
            ]
    return found


def _run(index: int, free: set[int]) -> Run:
    start, stop = index, index + 1
    while start - 1 in free:
        start -= 1
    while stop in free:
        stop += 1
    return start, stop


def _log_odds(probability: float) -> float:
    return log(probability / (1.0 - probability))


def _probability(odds: float) -> float:
    return 0.5 * (1.0 + tanh(odds / 2.0))
