"""Beads whose two halves changed places: a search for an ascending path sees each as a single bead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from bot.alignment.tables import Array, Link, Shape

# The beads that can be divided. A division has the shape of the source's first half, whose translation comes last, and
# the shape of the second half.
_HALVES: dict[Shape, tuple[tuple[Shape, Shape], ...]] = {
    (2, 2): (((1, 1), (1, 1)),),
    (2, 3): (((1, 1), (1, 2)), ((1, 2), (1, 1))),
    (3, 2): (((1, 1), (2, 1)), ((2, 1), (1, 1))),
}
# Beads in which the sentences may stand in any order.
_REORDERED_SHAPES: tuple[Shape, ...] = ((3, 3), (4, 4))
# How often two neighbours change places. Any other order counts as two such changes.
_LOG_SWAPPED = np.log(0.03)


@dataclass(frozen=True)
class Borders:
    """Gains from the borders of blocks: `first` and `last` for each pair of source and target segments as the first and
    the last of a bead (shape source x target), `inner_*` for each segment inside a bead."""

    first: Array
    last: Array
    inner_source: Array
    inner_target: Array

    def outer(self, shape: Shape) -> Array:
        """The gains from both ends of every bead of a shape."""
        last = self.last[shape[0] - 1 :, shape[1] - 1 :]
        return np.asarray(self.first[: last.shape[0], : last.shape[1]] + last)


@dataclass(frozen=True)
class Crossings:
    """For each shape the gains with the halves crosswise (as in a Table), and the index of the best division into
    halves. `single` holds the gains of 1-1 beads without their prior and without block borders."""

    gains: Mapping[Shape, Array]
    divisions: Mapping[Shape, NDArray[np.intp]]
    single: Array


def find_crossings(content: Mapping[Shape, Array], borders: Borders) -> Crossings:
    """The crossings of all shapes that can have one. `content` holds the gains of beads without their priors and
    without the borders of blocks around them."""
    gains: dict[Shape, Array] = {}
    divisions: dict[Shape, NDArray[np.intp]] = {}
    for shape in _HALVES.keys() & content.keys():
        if content[shape].size:
            crossed = np.stack([_crossed(content, borders, *halves) for halves in _HALVES[shape]])
            divisions[shape] = crossed.argmax(axis=0)
            gains[shape] = crossed.max(axis=0)
    return Crossings(gains, divisions, content[1, 1])


def _crossed(content: Mapping[Shape, Array], borders: Borders, first: Shape, second: Shape) -> Array:
    n, m = (size - a - b + 1 for size, a, b in zip(borders.first.shape, first, second, strict=True))
    rows, columns = slice(first[0], first[0] + n), slice(second[1], second[1] + m)
    return np.asarray(
        content[first][:n, columns]
        + content[second][rows, :m]
        + borders.first[:n, :m]
        + borders.last[-n:, -m:]
        + borders.inner_source[rows, None]
        + borders.inner_target[None, columns]
        + _LOG_SWAPPED
    )


def uncrossed(link: Link, crossings: Crossings) -> list[Link]:
    """The links of a bead whose halves are crosswise or whose sentences stand in another order."""
    if link.shape in _REORDERED_SHAPES:
        return _reordered(link, crossings.single)
    if link.shape not in crossings.gains or crossings.gains[link.shape][link.source, link.target] < link.gain:
        return [link]
    first, second = _HALVES[link.shape][crossings.divisions[link.shape][link.source, link.target]]
    gain = link.gain / 2.0
    return [
        Link(link.source, link.target + second[1], first, gain, link.probability),
        Link(link.source + first[0], link.target, second, gain, link.probability),
    ]


def _reordered(link: Link, single: Array) -> list[Link]:
    """The links of a bead whose sentences are the same in another order."""
    gains = single[link.rows][:, link.columns].tolist()
    order = max(permutations(range(link.shape[0])), key=lambda order: sum(gains[i][j] for i, j in enumerate(order)))
    links = [Link(link.source + i, link.target + j, (1, 1), gains[i][j], link.probability) for i, j in enumerate(order)]
    is_better = sum(part.gain for part in links) + 2.0 * _LOG_SWAPPED > link.gain
    return links if is_better and list(order) != sorted(order) else [link]
