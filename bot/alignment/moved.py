"""Links segments that changed places, which no search for an ascending path can find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log

import numpy as np

from bot.alignment.features import Side
from bot.alignment.gains import build_table
from bot.alignment.lexicon import Odds
from bot.alignment.search import Array, Link

# How often a segment without counterpart was moved, and how often one whose neighbour was moved came along.
_MOVED, _CAME_ALONG = 0.05, 0.8
# How sure we must be of either.
_SURE = 0.85
# More pairs than this are not compared: two documents that leave so much over have little in common.
_PAIRS = 250_000

Found = dict[int, tuple[int, float]]


def with_moved(source: Side, target: Side, links: Sequence[Link], odds: Odds) -> list[Link]:
    """The links, where a source and a target segment without counterpart that clearly belong together are linked."""
    rows = [link.source for link in links if link.shape == (1, 0)]
    columns = [link.target for link in links if link.shape == (0, 1)]
    if not rows or not columns or len(rows) * len(columns) > _PAIRS:
        return list(links)
    gains = build_table(source.pick(rows), target.pick(columns), odds, [(1, 1)], population=len(target)).gains[1, 1]
    found = {rows[x]: (columns[y], probability) for x, (y, probability) in _choose(gains, rows, columns).items()}
    taken = {target for target, _ in found.values()}
    return [_moved(link, found) for link in links if not (link.shape == (0, 1) and link.target in taken)]


def _choose(gains: Array, rows: Sequence[int], columns: Sequence[int]) -> Found:
    """The column that a row of `gains` is linked to, with the probability: the best first, each with its neighbours."""
    probability = _probability(gains + _log_odds(_MOVED / len(columns)))
    beside = _probability(gains + _log_odds(_CAME_ALONG))
    found: Found = {}
    taken: set[int] = set()
    sure = np.argwhere(probability >= _SURE)
    for x, y in sorted(sure.tolist(), key=lambda at: (-probability[at[0], at[1]], at)):
        if x in found or y in taken:
            continue
        found[x] = y, float(probability[x, y])
        taken.add(y)
        for step in (-1, 1):
            for u, v in _neighbours(x, y, step, rows, columns):
                if u in found or v in taken or beside[u, v] < _SURE:
                    break
                found[u] = v, float(beside[u, v])
                taken.add(v)
    return found


def _neighbours(x: int, y: int, step: int, rows: Sequence[int], columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs onwards from (x, y), as long as both are the very next segments of their documents."""
    while 0 <= x + step < len(rows) and 0 <= y + step < len(columns):
        if rows[x + step] != rows[x] + step or columns[y + step] != columns[y] + step:
            return
        x, y = x + step, y + step
        yield x, y


def _log_odds(probability: float) -> float:
    return log(probability / (1.0 - probability))


def _probability(odds: Array) -> Array:
    return np.asarray(0.5 * (1.0 + np.tanh(odds / 2.0)))


def _moved(link: Link, found: Found) -> Link:
    if link.shape != (1, 0) or link.source not in found:
        return link
    target, probability = found[link.source]
    return Link(link.source, target, (1, 1), probability=probability)
