"""What the words of two stretches say about every possible bead between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from bot.alignment.features import Codes, Flags, Side, Tokens
from bot.alignment.lexicon import Odds
from bot.alignment.tables import Array, Shape

Table = NDArray[np.float32]

# Multiplications in a matrix product up to which OpenBLAS uses one thread.
_ONE_THREAD = 1 << 18


class Words:
    """Which pairs of a lexicon the segments of two stretches hold, as dense rows of 0 and 1: one table for each width
    of a bead, whose row i stands for the segments from i on."""

    def __init__(self, source: Side, target: Side, odds: Odds) -> None:
        left, right = _Occurrences(source.tokens, odds.by_source), _Occurrences(target.tokens, odds.by_target)
        on_left, on_right = left.found(len(odds.gains)), right.found(len(odds.gains))
        both = np.flatnonzero(on_left & on_right)
        used = np.concatenate((both, np.flatnonzero(on_left ^ on_right)))
        gains = odds.gains[used].astype(np.float32)
        self._shared = len(both)
        self._both = (gains[:, 0] - gains[:, 1] - gains[:, 2])[: len(both)]
        self._source, self._target = {1: left.table(used)}, {1: right.table(used)}
        self._source_odds, self._target_odds = gains[:, 1], gains[:, 2]

    def gains(self, rows: Codes, columns: Codes, shape: Shape, weight: float) -> Array:
        """Log-odds of the beads of a shape that begin at these segments (shape rows x columns), times a weight."""
        left, right = _joined(self._source, shape[0])[rows], _joined(self._target, shape[1])[columns]
        found = _product(left[:, : self._shared] * self._both, right[:, : self._shared])
        found += (left @ self._source_odds)[:, None]
        found += (right @ self._target_odds)[None, :]
        found *= weight
        return found.astype(np.float64)


class _Occurrences:
    """Where the pairs of a lexicon occur on one side."""

    def __init__(self, tokens: Sequence[Tokens], places: Mapping[str, int]) -> None:
        pairs = np.array(list(map(places.get, chain.from_iterable(tokens), repeat(-1))), dtype=np.intp)
        known = pairs >= 0
        self._size = len(tokens)
        self._segments = np.repeat(np.arange(len(tokens)), list(map(len, tokens)))[known]
        self._pairs = pairs[known]

    def found(self, size: int) -> Flags:
        """Whether each pair of a lexicon of this size occurs."""
        flags = np.zeros(size, dtype=bool)
        flags[self._pairs] = True
        return flags

    def table(self, used: Codes) -> Table:
        column = np.zeros(1 + int(used.max(initial=0)), dtype=np.intp)
        column[used] = np.arange(len(used))
        table = np.zeros((self._size, len(used)), dtype=np.float32)
        table[self._segments, column[self._pairs]] = 1.0
        return table


def _joined(tables: dict[int, Table], width: int) -> Table:
    """The table of this width, made from narrower ones."""
    if width not in tables:
        tables[width] = np.maximum(_joined(tables, width - 1)[:-1], tables[1][width - 1 :])
    return tables[width]


def _product(left: Table, right: Table) -> Table:
    """left @ right.T, in pieces that OpenBLAS does not share out to threads: at these sizes they wait more than they
    work, the more so where other processes use the cores."""
    width = max(1, _ONE_THREAD // (len(left) * len(right)))
    total = left[:, :width] @ right[:, :width].T
    for k in range(width, left.shape[1], width):
        total += left[:, k : k + width] @ right[:, k : k + width].T
    return total
