"""What an alignment is searched in, and what it is made of: tables of gains, and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Shape = tuple[int, int]
"""How many source and target segments a bead joins."""

NEVER = -np.inf


class _Choice(NamedTuple):
    """Some shapes: their numbers, and how many source and target segments each joins."""

    numbers: NDArray[np.intp]
    shapes: Sequence[tuple[int, Shape]]
    source: NDArray[np.intp]
    target: NDArray[np.intp]


def _choice(shapes: Sequence[Shape], chosen: Sequence[bool]) -> _Choice:
    numbered = list(compress(enumerate(shapes), chosen))
    columns = np.array([(k, a, b) for k, (a, b) in numbered], dtype=np.intp).reshape(-1, 3).T
    return _Choice(columns[0], numbered, columns[1], columns[2])


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

    @cached_property
    def shapes(self) -> Sequence[Shape]:
        return tuple(self.gains)

    @cached_property
    def arriving(self) -> Array:
        """The gain of the bead of each shape that ends at a cell (source done, shape, target done)."""
        n, m = self.size
        stacked = np.full((n + 1, len(self.shapes), m + 1), NEVER)
        for k, ((a, b), gain) in enumerate(self.gains.items()):
            stacked[a:, k, b:] = gain
        return stacked

    @cached_property
    def possible(self) -> list[_Choice]:
        """The shapes in which a bead can end behind each number of source segments: mostly few."""
        finite = (self.arriving.max(axis=2, initial=NEVER) > NEVER).tolist()
        choices: dict[tuple[bool, ...], _Choice] = {}
        return [choices.get(key) or choices.setdefault(key, _choice(self.shapes, key)) for key in map(tuple, finite)]


class Link(NamedTuple):
    """A bead by position: `shape[0]` segments from `source`, `shape[1]` from `target`; its gain (log-odds, 0 without a
    counterpart) and its posterior probability."""

    source: int
    target: int
    shape: Shape
    gain: float = 0.0
    probability: float = 1.0
