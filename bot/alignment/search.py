"""Finds the best sequence of beads through a table of gains, and how probable each bead is among all sequences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

from bot.alignment.tables import NEVER, Array, Link, Shape, Table

# Paths farther than this many target segments from the best path add nothing to any probability, but could overflow.
_BAND_WIDTH = 32


@dataclass(frozen=True, slots=True)
class _States:
    """For each cell (source done, target done) the weight of the paths whose last part is a bead, a run of source or of
    target segments without counterpart, or any of these (`done`)."""

    bead: Array
    source_run: Array
    target_run: Array
    done: Array


def best_path(table: Table) -> list[Link]:
    """The path of highest gain, without probabilities: each is 1."""
    return _trace(table, _best(table))


def best_links(table: Table) -> list[Link]:
    """The path of highest gain, each bead with its posterior in a pair hidden Markov model with these gains.

    Three states as in affine-gap alignment (Durbin et al., Biological Sequence Analysis, ch. 4): O(nm) per shape, a row
    at a time.
    """
    states = _best(table)
    links = _trace(table, states)
    return _Posteriors(table, states.done, links).applied(links)


def _best(table: Table) -> _States:
    n, m = table.size
    bead, source_run, target_run = (np.full((n + 1, m + 1), NEVER) for _ in range(3))
    done, before = _padded(n, m, table.reach, NEVER)
    extended = np.concatenate(([0.0], np.cumsum(table.extend_target)))
    opened = table.open_target - extended[1:]
    open_source, extend_source = table.open_source.tolist(), table.extend_source.tolist()
    base, run = np.empty(m + 1), np.empty(m)
    for i, (indices, shapes, a, b) in enumerate(table.possible):
        if len(shapes) == 1:
            [(k, shape)] = shapes
            np.add(before[(i, *shape)], table.arriving[i, k], out=bead[i])
        elif shapes:
            np.maximum.reduce(before[i, a, b] + table.arriving[i, indices], axis=0, out=bead[i])
        if i:
            np.add(bead[i - 1], open_source[i - 1], out=base)
            np.add(source_run[i - 1], extend_source[i - 1], out=source_run[i])
            np.maximum(base, source_run[i], out=source_run[i])
        else:
            bead[0, 0] = 0.0
        np.maximum(bead[i], source_run[i], out=base)
        np.add(base[:-1], opened, out=run)
        np.maximum.accumulate(run, out=run)
        np.add(run, extended[1:], out=target_run[i, 1:])
        np.maximum(base, target_run[i], out=done[i])
    return _States(bead, source_run, target_run, done)


def _padded(n: int, m: int, reach: int, empty: float) -> tuple[Array, Array]:
    """A table of (n+1) x (m+1) cells, and a view of it: `before[i, a, b, j]` is cell (i-a, j-b), or `empty` outside."""
    whole = np.full((n + 1 + reach, m + 1 + reach), empty)
    cells = whole[reach:, reach:]
    down, right = whole.strides
    before = as_strided(cells, (n + 1, reach + 1, reach + 1, m + 1), (down, -down, -right, right), writeable=False)
    return cells, before


def _trace(table: Table, states: _States) -> list[Link]:
    """The path of highest gain, walked back from the end: the predecessor of a cell is the cell that gave its value."""
    i, j = table.size
    bead, source_run, target_run, done = states.bead, states.source_run, states.target_run, states.done
    links: list[Link] = []
    state = _last_state(states, i, j)
    while i or j:
        if state == 0:
            shape, gain = _last_bead(table, done, i, j)
            i, j = i - shape[0], j - shape[1]
            links.append(Link(i, j, shape, gain))
            state = _last_state(states, i, j)
            continue
        if state == 1:
            i -= 1
            opened = bead[i, j] + table.open_source[i]
            state = 0 if opened >= source_run[i, j] + table.extend_source[i] else 1
            links.append(Link(i, j, (1, 0)))
            continue
        j -= 1
        opened = max(bead[i, j], source_run[i, j]) + table.open_target[j]
        if opened >= target_run[i, j] + table.extend_target[j]:
            state = 0 if bead[i, j] >= source_run[i, j] else 1
        links.append(Link(i, j, (0, 1)))
    return links[::-1]


def _last_state(states: _States, i: int, j: int) -> int:
    weights = (states.bead[i, j], states.source_run[i, j], states.target_run[i, j])
    return weights.index(max(weights))


def _last_bead(table: Table, done: Array, i: int, j: int) -> tuple[Shape, float]:
    """The last bead of the best path that ends at this cell with a bead, and its gain."""
    beads = [
        (done.item(i - a, j - b) + gain, (a, b), gain)
        for k, (a, b) in table.possible[i].shapes
        if b <= j
        for gain in [table.arriving.item(i, k, j)]
    ]
    _, shape, gain = max(beads, key=lambda bead: bead[0])
    return shape, gain


class _Posteriors:
    """Sums over the paths near the best one. Weights are relative to the best of each row: much faster than logarithms,
    and within the range of floating point."""

    def __init__(self, table: Table, done: Array, path: Sequence[Link]) -> None:
        self.table = table
        self.band = _band(table.size, path)
        best = np.array([row[near].max() for row, near in zip(done, self.band, strict=True)])
        # The factors of the possible beads that end in each row, near the path.
        self.steps = [
            np.exp(table.arriving[i, choice.indices, near] + (best[i - choice.source] - best[i])[:, None])
            for i, (choice, near) in enumerate(zip(table.possible, self.band, strict=True))
        ]
        down = best[:-1] - best[1:]
        self.open_source, self.extend_source = np.exp(table.open_source + down), np.exp(table.extend_source + down)
        self.extended = np.exp(np.concatenate(([0.0], np.cumsum(table.extend_target))))
        self.open_target = np.exp(table.open_target)
        self.before = self._forward()
        self.after = self._backward()

    def _forward(self) -> _States:
        n, m = self.table.size
        bead, source_run, target_run = (np.zeros((n + 1, m + 1)) for _ in range(3))
        done, before = _padded(n, m, self.table.reach, 0.0)
        opened = self.open_target / self.extended[1:]
        open_source, extend_source = self.open_source.tolist(), self.extend_source.tolist()
        base, run = np.empty(m + 1), np.empty(m)
        for i, ((_, shapes, a, b), near) in enumerate(zip(self.table.possible, self.band, strict=True)):
            if len(shapes) == 1:
                [(_, shape)] = shapes
                np.multiply(before[(i, *shape, near)], self.steps[i][0], out=bead[i, near])
            elif shapes:
                np.einsum("kj,kj->j", before[i, a, b, near], self.steps[i], out=bead[i, near])
            if i:
                np.multiply(bead[i - 1], open_source[i - 1], out=base)
                np.multiply(source_run[i - 1], extend_source[i - 1], out=source_run[i])
                source_run[i] += base
            else:
                bead[0, 0] = 1.0
            np.add(bead[i], source_run[i], out=base)
            np.multiply(base[:-1], opened, out=run)
            np.add.accumulate(run, out=run)
            np.multiply(run, self.extended[1:], out=target_run[i, 1:])
            np.add(base, target_run[i], out=done[i])
        return _States(bead, source_run, target_run, done)

    def _backward(self) -> _States:
        n, m = self.table.size
        bead, source_run, target_run = (np.zeros((n + 1, m + 1)) for _ in range(3))
        # Cells to the left of the table stand for beads that would begin there; no path leads to them.
        reach = self.table.reach
        whole = np.zeros((n + 1, reach + m + 1))
        onward = whole[:, reach:]
        onward[n, m] = 1.0
        open_source, extend_source = self.open_source.tolist(), self.extend_source.tolist()
        run = np.empty(m + 1)
        for i in range(n, -1, -1):
            row, near = onward[i], self.band[i]
            np.multiply(row, self.extended, out=run)
            np.add.accumulate(run[::-1], out=run[::-1])
            np.divide(run, self.extended, out=target_run[i])
            bead[i] = row
            bead[i, :-1] += target_run[i, 1:] * self.open_target
            source_run[i] = bead[i]
            if i < n:
                np.multiply(source_run[i + 1], open_source[i], out=run)
                bead[i] += run
                np.multiply(source_run[i + 1], extend_source[i], out=run)
                source_run[i] += run
            # Each bead that ends in this row adds to the cell where it begins.
            start, stop = near.start + reach, near.stop + reach
            for (_, (a, b)), step in zip(self.table.possible[i].shapes, self.steps[i] * bead[i, near], strict=True):
                cells = whole[i - a, start - b : stop - b]
                np.add(cells, step, out=cells)
        return _States(bead, source_run, target_run, onward)

    def applied(self, links: Sequence[Link]) -> list[Link]:
        """The links with their posteriors. For a segment without counterpart this is the probability that it has none,
        whatever the position of its run."""
        before, after = self.before, self.after
        total = before.done[-1, -1]
        no_source = (before.source_run * after.source_run).sum(axis=1) / total
        no_target = (before.target_run * after.target_run).sum(axis=0) / total
        scored: list[Link] = []
        for link in links:
            if link.shape == (1, 0):
                probability = no_source[link.source + 1]
            elif link.shape == (0, 1):
                probability = no_target[link.target + 1]
            else:
                i, j = link.source + link.shape[0], link.target + link.shape[1]
                at = [shape for _, shape in self.table.possible[i].shapes].index(link.shape)
                step = self.steps[i][at, j - self.band[i].start]
                probability = before.done[link.source, link.target] * step * after.bead[i, j] / total
            scored.append(link._replace(probability=min(1.0, float(probability))))
        return scored


def _band(size: Shape, path: Sequence[Link]) -> list[slice]:
    """The columns near the path, for each row."""
    n, m = size
    first, last = np.full(n + 1, m), np.zeros(n + 1, dtype=np.intp)
    for i, j in [*((link.source, link.target) for link in path), (n, m)]:
        first[i], last[i] = min(first[i], j), max(last[i], j)
    # A bead of several source segments passes through rows in which the path has no cell of its own.
    first, last = np.minimum.accumulate(first[::-1])[::-1], np.maximum.accumulate(last)
    starts, stops = np.maximum(0, first - _BAND_WIDTH), np.minimum(m, last + _BAND_WIDTH) + 1
    return [slice(start, stop) for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
