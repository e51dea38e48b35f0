"""The evidence of words for every possible bead between two stretches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from bot.alignment.features import Codes, TextSide, Tokens
from bot.alignment.lexicon import Odds
from bot.alignment.tables import Array, Flags, Shape

Table = NDArray[np.float32]

# OpenBLAS computes a matrix product of up to so many multiplications in one thread.
_MAX_SINGLE_THREAD_PRODUCTS = 1 << 18


class Words:
    """The pairs of a lexicon in the segments of two stretches, as dense tables of 0 and 1: one for each width of a
    bead, with a row for the segments from i on."""

    def __init__(self, source: TextSide, target: TextSide, odds: Odds) -> None:
        left, right = _Occurrences(source.tokens, odds.by_source), _Occurrences(target.tokens, odds.by_target)
        on_left, on_right = left.occurring(len(odds.gains)), right.occurring(len(odds.gains))
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
        gains = _product(left[:, : self._shared] * self._both, right[:, : self._shared])
        gains += (left @ self._source_odds)[:, None]
        gains += (right @ self._target_odds)[None, :]
        gains *= weight
        return gains.astype(np.float64)


class _Occurrences:
    """The occurrences of a lexicon's pairs on one side."""

    def __init__(self, tokens: Sequence[Tokens], places: Mapping[str, int]) -> None:
        pairs = np.array(list(map(places.get, chain.from_iterable(tokens), repeat(-1))), dtype=np.intp)
        known = pairs >= 0
        self._size = len(tokens)
        self._segments = np.repeat(np.arange(len(tokens)), list(map(len, tokens)))[known]
        self._pairs = pairs[known]

    def occurring(self, size: int) -> Flags:
        """Marks the pairs that occur, of a lexicon of this size."""
        flags = np.zeros(size, dtype=bool)
        flags[self._pairs] = True
        return flags

    def table(self, used: Codes) -> Table:
        """A row for each segment and a column for each of these pairs."""
        column = np.zeros(1 + int(used.max(initial=0)), dtype=np.intp)
        column[used] = np.arange(len(used))
        table = np.zeros((self._size, len(used)), dtype=np.float32)
        table[self._segments, column[self._pairs]] = 1.0
        return table


def _joined(tables: dict[int, Table], width: int) -> Table:
    """The table of a width, computed from the narrower ones."""
    if width not in tables:
        tables[width] = np.maximum(_joined(tables, width - 1)[:-1], tables[1][width - 1 :])
    return tables[width]


def _product(left: Table, right: Table) -> Table:
    """left @ right.T, in pieces that OpenBLAS does not distribute over threads: at these sizes threads wait longer than
    they work, the more so on busy cores."""
    width = max(1, _MAX_SINGLE_THREAD_PRODUCTS // (len(left) * len(right)))
    total = left[:, :width] @ right[:, :width].T
    for k in range(width, left.shape[1], width):
        total += left[:, k : k + width] @ right[:, k : k + width].T
    return total
