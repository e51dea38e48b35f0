"""The input and the output of a search: a table of the gains of all possible beads, and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Shape = tuple[int, int]
"""How many source and target segments a bead joins."""

NEVER = -np.inf


class _Choice(NamedTuple):
    """Some of a table's shapes, each with its index in the table; indices and widths are repeated as arrays."""

    indices: NDArray[np.intp]
    shapes: Sequence[tuple[int, Shape]]
    source: NDArray[np.intp]
    target: NDArray[np.intp]


@dataclass(frozen=True)
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

    @property
    def reach(self) -> int:
        """The most segments that a bead has on a side: how far back a cell's predecessors lie."""
        return max((max(shape) for shape in self.gains), default=1)

    @cached_property
    def arriving(self) -> Array:
        """The gain of the bead of each shape that ends at a cell (source done, shape, target done)."""
        n, m = self.size
        stacked = np.full((n + 1, len(self.gains), m + 1), NEVER)
        for k, ((a, b), gain) in enumerate(self.gains.items()):
            stacked[a:, k, b:] = gain
        return stacked

    @cached_property
    def possible(self) -> Sequence[_Choice]:
        """The shapes in which a bead can end behind each number of source segments: mostly few."""
        finite = [tuple(row) for row in (self.arriving.max(axis=2, initial=NEVER) > NEVER).tolist()]
        choices: dict[tuple[bool, ...], _Choice] = {}
        for chosen in set(finite):
            shapes = list(compress(enumerate(self.gains), chosen))
            columns = np.array([(k, a, b) for k, (a, b) in shapes], dtype=np.intp).reshape(-1, 3).T
            choices[chosen] = _Choice(columns[0], shapes, columns[1], columns[2])
        return [choices[chosen] for chosen in finite]


class Link(NamedTuple):
    """A bead by position: `shape[0]` segments from `source`, `shape[1]` from `target`; its gain (log-odds, 0 without a
    counterpart) and its posterior probability."""

    source: int
    target: int
    shape: Shape
    gain: float = 0.0
    probability: float = 1.0

    @property
    def has_both_sides(self) -> bool:
        return all(self.shape)

    @property
    def rows(self) -> range:
        """The source segments."""
        return range(self.source, self.source + self.shape[0])

    @property
    def columns(self) -> range:
        """The target segments."""
        return range(self.target, self.target + self.shape[1])

    def shifted(self, source: int, target: int) -> Link:
        """The link in documents where its stretches begin at these segments."""
        return self._replace(source=self.source + source, target=self.target + target)
