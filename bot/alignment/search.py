"""Finds the best sequence of beads through a table of gains, and how probable each bead is among all sequences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Shape = tuple[int, int]
"""How many source and target segments a bead joins."""

_NEVER = -np.inf


@dataclass(frozen=True, slots=True)
class Table:
    """Log-odds of everything that an alignment of n source with m target segments may contain.

    `gains[a, b][i, j]` links source segments i..i+a-1 with target segments j..j+b-1 (shape n-a+1, m-b+1). A run of
    segments without counterpart pays `open` for its first and `extend` for each further one (shapes n and m).
    """

    size: Shape
    gains: Mapping[Shape, Array]
    open_source: Array
    extend_source: Array
    open_target: Array
    extend_target: Array


@dataclass(frozen=True, slots=True)
class Link:
    """A bead by position: `shape[0]` segments from `source`, `shape[1]` from `target`; its gain (log-odds, 0 without a
    counterpart) and its posterior probability."""

    source: int
    target: int
    shape: Shape
    gain: float = 0.0
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class _States:
    """For each cell (source done, target done) the weight of paths: last in a bead, a source run, a target run."""

    bead: Array
    source_run: Array
    target_run: Array


def best_links(table: Table) -> list[Link]:
    """The path of highest gain, each bead with its posterior under the pair hidden Markov model of the same gains.

    Three states as in affine-gap alignment (Durbin et al., Biological Sequence Analysis, ch. 4): O(nm) per shape, a row
    at a time.
    """
    total = _forward(table, np.logaddexp)
    after = _backward(table)
    return [_with_probability(table, total, after, link) for link in _trace(table, _forward(table, np.maximum))]


def best_path(table: Table) -> list[Link]:
    """The path of highest gain alone; every probability is 1."""
    return _trace(table, _forward(table, np.maximum))


def _forward(table: Table, add: np.ufunc) -> _States:
    n, m = table.size
    bead, source_run, target_run, done = (np.full((n + 1, m + 1), _NEVER) for _ in range(4))
    bead[0, 0] = 0.0
    extended = np.concatenate(([0.0], np.cumsum(table.extend_target)))
    opened = table.open_target - extended[1:]
    starts = _starts(table)
    for i in range(n + 1):
        row = bead[i]
        for (a, b), gain in table.gains.items():
            if a <= i and starts[a, b][i - a]:
                add(row[b:], done[i - a, : m + 1 - b] + gain[i - a], out=row[b:])
        if i:
            source_run[i] = add(bead[i - 1] + table.open_source[i - 1], source_run[i - 1] + table.extend_source[i - 1])
        base = add(row, source_run[i])
        if m:
            target_run[i, 1:] = add.accumulate(base[:-1] + opened) + extended[1:]
        done[i] = add(base, target_run[i])
    return _States(bead, source_run, target_run)


def _backward(table: Table) -> _States:
    n, m = table.size
    bead, source_run, target_run = (np.full((n + 1, m + 1), _NEVER) for _ in range(3))
    extended = np.concatenate(([0.0], np.cumsum(table.extend_target)))
    add = np.logaddexp
    starts = _starts(table)
    for i in range(n, -1, -1):
        onward = np.full(m + 1, _NEVER)
        if i == n:
            onward[m] = 0.0
        for (a, b), gain in table.gains.items():
            if i + a <= n and starts[a, b][i]:
                add(onward[: m + 1 - b], gain[i] + bead[i + a, b:], out=onward[: m + 1 - b])
        target_run[i] = add.accumulate((onward + extended)[::-1])[::-1] - extended
        base = onward.copy()
        if m:
            add(base[:-1], target_run[i, 1:] + table.open_target, out=base[:-1])
        bead[i], source_run[i] = base, base
        if i < n:
            add(base, source_run[i + 1] + table.open_source[i], out=bead[i])
            add(base, source_run[i + 1] + table.extend_source[i], out=source_run[i])
    return _States(bead, source_run, target_run)


def _starts(table: Table) -> dict[Shape, list[bool]]:
    """At which source segments a bead of a shape can begin at all: most can't, and each row left out saves a step."""
    return {shape: [bool(row.any()) for row in np.isfinite(gain)] for shape, gain in table.gains.items()}


def _trace(table: Table, states: _States) -> list[Link]:
    """Walk back from the end; at each cell the predecessor is the one whose sum is the cell's value."""
    i, j = table.size
    links: list[Link] = []
    layers = (states.bead, states.source_run, states.target_run)
    state = _best_state(layers, i, j)
    while i or j:
        if state == 0:
            shape = max(
                (s for s in table.gains if s[0] <= i and s[1] <= j),
                key=lambda s: max(layer[i - s[0], j - s[1]] for layer in layers) + table.gains[s][i - s[0], j - s[1]],
            )
            i, j = i - shape[0], j - shape[1]
            state = _best_state(layers, i, j)
        elif state == 1:
            shape = (1, 0)
            i -= 1
            opened = states.bead[i, j] + table.open_source[i]
            state = 0 if opened >= states.source_run[i, j] + table.extend_source[i] else 1
        else:
            shape = (0, 1)
            j -= 1
            opened = max(states.bead[i, j], states.source_run[i, j]) + table.open_target[j]
            if opened >= states.target_run[i, j] + table.extend_target[j]:
                state = 0 if states.bead[i, j] >= states.source_run[i, j] else 1
        links.append(Link(i, j, shape, float(table.gains[shape][i, j]) if all(shape) else 0.0))
    return links[::-1]


def _best_state(layers: tuple[Array, Array, Array], i: int, j: int) -> int:
    return max(range(3), key=lambda state: layers[state][i, j])


def _with_probability(table: Table, before: _States, after: _States, link: Link) -> Link:
    """A link's posterior; for a segment without counterpart that of having none, wherever the run stands."""
    i, j = link.source, link.target
    end = (before.bead[-1, -1], before.source_run[-1, -1], before.target_run[-1, -1])
    total = float(np.logaddexp.reduce(end))
    if link.shape == (1, 0):
        log = np.logaddexp.reduce(before.source_run[i + 1] + after.source_run[i + 1])
    elif link.shape == (0, 1):
        log = np.logaddexp.reduce(before.target_run[:, j + 1] + after.target_run[:, j + 1])
    else:
        a, b = link.shape
        into = np.logaddexp.reduce((before.bead[i, j], before.source_run[i, j], before.target_run[i, j]))
        log = into + table.gains[link.shape][i, j] + after.bead[i + a, j + b]
    return replace(link, probability=min(1.0, float(np.exp(log - total))))
