"""Sentences that changed places: no search for an ascending path can link them.

`find_exchanged` finds sentences that are linked to a wrong counterpart though the right one stands elsewhere.
`link_moved` links these, and segments without counterpart, with what stands around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log, tanh

import numpy as np

from bot.alignment.crossing import uncrossed
from bot.alignment.features import Codes, TextSide
from bot.alignment.gains import PRIORS, border_gain, build_table
from bot.alignment.lexicon import Odds, link_competitively
from bot.alignment.search import best_links
from bot.alignment.tables import Link

# A link is doubted when it gains less than this for each of its segments but the first.
_DOUBTED_GAIN = 8.0
# The share of exchanged sentences is counted in the document, which starts with half a sentence in this many segments.
# Gains are cautious, so log-odds are added to the gains of this share.
_INITIAL_SEGMENTS, _CAUTION = 50, 4.0
# Two documents with more pairs of segments in doubt, or without counterpart, have little in common: no comparison.
_MAX_DOUBTED_PAIRS, _MAX_LEFTOVER_PAIRS = 1_000_000, 250_000
# Keeps exponentials finite.
_MAX_GAIN = 50.0
# How likely a segment without counterpart, or with a weak link, was moved; and the least probability of a new link.
_MOVED, _MIN_PROBABILITY = 0.3, 0.5
# A link of two sentences with less gain than this may be given up for a better one.
_WEAK_GAIN = 3.0

Run = tuple[int, int]


def find_exchanged(source: TextSide, target: TextSide, links: Sequence[Link], odds: Odds, known: int) -> list[Link]:
    """Links between sentences that more likely belong together than either does to its present link or to any other
    sentence.

    `known` counts the pairs of this document that earlier searches found; the more there are, the likelier are others.
    """
    doubted = [link for link in links if link.gain < _DOUBTED_GAIN * max(1, sum(link.shape) - 1)]
    rows = _available(source, {i for link in doubted for i in link.rows})
    columns = _available(target, {j for link in doubted for j in link.columns})
    if not len(rows) or not len(columns) or len(rows) * len(columns) > _MAX_DOUBTED_PAIRS:
        return []
    pairs = _DoubtedPairs(source, target, doubted, (rows, columns), odds)
    prior = _CAUTION + log((known + 0.5) / (min(len(source), len(target)) + _INITIAL_SEGMENTS))
    likely = sorted(pairs.likely(prior), key=lambda pair: (-pair[0], pair[1:]))
    chosen = [likely[k] for k in link_competitively((i, j) for _, i, j in likely)]
    return [Link(i, j, (1, 1), pairs.gain(i, j), _probability(log_odds)) for log_odds, i, j in chosen]


def _available(side: TextSide, segments: set[int]) -> Codes:
    """The prose among these segments that was not taken out."""
    return np.array([i for i in sorted(segments) if side.prose[i] and not side.taken[i]], dtype=np.intp)


class _DoubtedPairs:
    """All pairs of sentences with doubted links. Their gains ignore the borders of blocks: a moved sentence leaves its
    block."""

    def __init__(
        self, source: TextSide, target: TextSide, links: Sequence[Link], sentences: tuple[Codes, Codes], odds: Odds
    ) -> None:
        self._source, self._target = source, target
        self._rows, self._columns = (side.tolist() for side in sentences)
        self._at_row = {i: x for x, i in enumerate(self._rows)}
        self._at_column = {j: y for y, j in enumerate(self._columns)}
        _, crossings = build_table(source.pick(self._rows), target.pick(self._columns), odds, [(1, 1)])
        self._gains = crossings.single + log(PRIORS[1, 1])
        self._links = links
        self._by_source = {i: k for k, link in enumerate(links) for i in link.rows}
        self._by_target = {j: k for k, link in enumerate(links) for j in link.columns}

    def gain(self, source: int, target: int) -> float:
        """0 for a sentence whose link is not doubted."""
        x, y = self._at_row.get(source), self._at_column.get(target)
        return 0.0 if x is None or y is None else float(self._gains[x, y])

    def likely(self, prior: float) -> Iterator[tuple[float, int, int]]:
        """The log-odds and the two segments of each pair that is more likely linked than not."""
        by_row = np.array([self._by_source[i] for i in self._rows])
        by_column = np.array([self._by_target[j] for j in self._columns])
        linked = by_row[:, None] == by_column[None, :]
        weights = np.where(linked, 0.0, np.exp(np.minimum(self._gains, _MAX_GAIN)))
        # The 1 stands for a sentence without counterpart: as likely as a counterpart of which nothing is known.
        others = 1.0 + np.maximum(weights.sum(axis=1, keepdims=True), weights.sum(axis=0)) - weights
        odds = np.where(linked, -np.inf, self._gains - np.log(np.maximum(others, 1.0)) + prior)
        for x, y in np.argwhere(odds >= 0.0).tolist():
            i, j = self._rows[x], self._columns[y]
            left, right = self._links[by_row[x]], self._links[by_column[y]]
            log_odds = float(odds[x, y]) - self._loss(left, source=i) - self._loss(right, target=j)
            if left.shape == right.shape == (1, 1):
                log_odds += max(0.0, self.gain(right.source, left.target))
            if log_odds >= 0.0:
                yield log_odds, i, j

    def _loss(self, link: Link, source: int = -1, target: int = -1) -> float:
        """The gain that a link loses with one of its segments. The rest keeps the gain of the link's block borders."""
        if not link.has_both_sides:
            return 0.0
        pairs = [(i, j) for i in link.rows for j in link.columns if i != source and j != target]
        if not pairs:
            return max(0.0, link.gain)
        rest = max(self.gain(i, j) for i, j in pairs) + border_gain(self._source, self._target, link)
        return max(0.0, link.gain - max(0.0, rest))


def link_moved(
    source: TextSide, target: TextSide, links: Sequence[Link], exchanged: Sequence[Link], odds: Odds
) -> list[Link]:
    """The links, the `exchanged` ones, and new ones between segments that clearly belong together at different places.

    `links` leave the exchanged sentences out. Only segments without counterpart, or with a weak link, get new links.
    Around each moved pair the neighbours without counterpart are linked too.
    """
    kept = _KeptLinks(source, links)
    added: list[Link] = []
    for seed in exchanged:
        around = _with_neighbours(source, target, seed, kept.alone(), odds)
        kept.take(around[1:])
        added += around
    rows, columns = sorted(kept.by_source), sorted(kept.by_target)
    if not rows or not columns or len(rows) * len(columns) > _MAX_LEFTOVER_PAIRS:
        return kept.remaining() + added
    table, _ = build_table(source.pick(rows), target.pick(columns), odds, [(1, 1)], population=len(target))
    gains = table.gains[1, 1] - log(len(columns))
    likely = np.argwhere(gains + _log_odds(_MOVED) >= _log_odds(_MIN_PROBABILITY))
    order = sorted(likely.tolist(), key=lambda at: (-gains[at[0], at[1]], at))
    # A move may free a segment for a pair that was passed over before.
    for x, y in (*order, *order):
        row, column = rows[x], columns[y]
        if row in kept.by_source and column in kept.by_target and kept.by_source[row] is not kept.by_target[column]:
            probability = _probability(float(gains[x, y]) - kept.log_odds(row, column))
            if probability >= _MIN_PROBABILITY:
                seed = Link(row, column, (1, 1), probability=probability)
                kept.release(row, column)
                moved = _with_neighbours(source, target, seed, kept.alone(), odds)
                kept.take(moved)
                added += moved
    return kept.remaining() + added


class _KeptLinks:
    """The links that still stand. `by_source` and `by_target` hold the links that may be given up, by segment."""

    def __init__(self, source: TextSide, links: Sequence[Link]) -> None:
        self.by_source: dict[int, Link] = {}
        self.by_target: dict[int, Link] = {}
        self._others: list[Link] = []
        for link in links:
            is_weak = link.shape == (1, 1) and link.gain < _WEAK_GAIN and source.prose[link.source]
            if is_weak or not link.has_both_sides:
                self.by_source.update(dict.fromkeys(link.rows, link))
                self.by_target.update(dict.fromkeys(link.columns, link))
            else:
                self._others.append(link)

    def log_odds(self, row: int, column: int) -> float:
        """Log-odds of the current links of these segments; a move must exceed them."""
        links = self.by_source[row], self.by_target[column]
        return sum(max(0.0, link.gain) for link in links if link.has_both_sides) - _log_odds(_MOVED)

    def release(self, row: int, column: int) -> None:
        """Gives up the links of these segments; each of their segments then stands alone."""
        for link in (self.by_source[row], self.by_target[column]):
            if link.has_both_sides:
                self.by_source[link.source] = Link(link.source, link.target, (1, 0), 0.0, _MIN_PROBABILITY)
                self.by_target[link.target] = Link(link.source, link.target, (0, 1), 0.0, _MIN_PROBABILITY)

    def alone(self) -> tuple[set[int], set[int]]:
        """The source and the target segments without counterpart."""
        rows = {i for i, link in self.by_source.items() if not link.shape[1]}
        return rows, {j for j, link in self.by_target.items() if not link.shape[0]}

    def take(self, links: Sequence[Link]) -> None:
        for link in links:
            for i in link.rows:
                del self.by_source[i]
            for j in link.columns:
                del self.by_target[j]

    def remaining(self) -> list[Link]:
        alone = [link for link in self.by_target.values() if not link.shape[0]]
        return [*self._others, *self.by_source.values(), *alone]


def _with_neighbours(
    source: TextSide, target: TextSide, seed: Link, alone: tuple[set[int], set[int]], odds: Odds
) -> list[Link]:
    """The seed, and links before and after it as far as the segments `alone` reach."""
    (a, b), (c, d) = _run(seed.source, alone[0]), _run(seed.target, alone[1])
    linked = [seed]
    for rows, columns in (((a, seed.source), (c, seed.target)), ((seed.source + 1, b), (seed.target + 1, d))):
        if rows[0] < rows[1] and columns[0] < columns[1]:
            table, crossings = build_table(source.part(*rows), target.part(*columns), odds, PRIORS)
            links = (part for link in best_links(table) for part in uncrossed(link, crossings))
            linked += [
                link.shifted(rows[0], columns[0])
                for link in links
                if link.has_both_sides and link.probability >= _MIN_PROBABILITY
            ]
    return linked


def _run(index: int, alone: set[int]) -> Run:
    start, stop = index, index + 1
    while start - 1 in alone:
        start -= 1
    while stop in alone:
        stop += 1
    return start, stop


def _log_odds(probability: float) -> float:
    return log(probability / (1.0 - probability))


def _probability(log_odds: float) -> float:
    return 0.5 * (1.0 + tanh(log_odds / 2.0))
