"""Beads whose two halves changed places: a search for an ascending path sees them as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from bot.alignment.tables import Array, Link, Shape

# The first source half belongs to the second target half.
_HALVES: dict[Shape, tuple[tuple[Shape, Shape], ...]] = {
    (2, 2): (((1, 1), (1, 1)),),
    (2, 3): (((1, 1), (1, 2)), ((1, 2), (1, 1))),
    (3, 2): (((1, 1), (2, 1)), ((2, 1), (1, 1))),
}
# Beads of which any sentence may stand for any other.
_SQUARES: tuple[Shape, ...] = ((3, 3), (4, 4))
# How often two neighbours change places; other orders come of two such changes.
_SWAPPED = np.log(0.03)


@dataclass(frozen=True)
class Crossings:
    """For each shape the gain of its halves crosswise (as in a Table), and which division into halves gives it;
    `single` holds the gains of 1-1 without their prior and without what borders say."""

    gains: Mapping[Shape, Array]
    divisions: Mapping[Shape, NDArray[np.intp]]
    single: Array


# The shapes of halves: what `crossings` must know of beads.
SMALL: frozenset[Shape] = frozenset(half for found in _HALVES.values() for halves in found for half in halves)


@dataclass(frozen=True)
class CrossingParts:
    """What `crossings` is made from: the gain of the small beads without what the borders of blocks say, and that: of
    the first and the last segments of a bead (each source with each target), and of a border within it."""

    gains: Mapping[Shape, Array]
    first: Array
    last: Array
    within_source: NDArray[np.floating]
    within_target: NDArray[np.floating]


def can_cross(shapes: Iterable[Shape]) -> bool:
    """Whether there is a shape among these whose halves may stand crosswise."""
    return not _HALVES.keys().isdisjoint(shapes)


def crossings(content: CrossingParts, shapes: Mapping[Shape, Array]) -> Crossings:
    """The crossings of all shapes that can have one."""
    gains: dict[Shape, Array] = {}
    divisions: dict[Shape, NDArray[np.intp]] = {}
    for shape in _HALVES.keys() & shapes.keys():
        if shapes[shape].size:
            found = np.stack([_crossed(content, one, other) for one, other in _HALVES[shape]])
            divisions[shape] = found.argmax(axis=0)
            gains[shape] = found.max(axis=0)
    return Crossings(gains, divisions, content.gains[1, 1])


def _crossed(content: CrossingParts, one: Shape, other: Shape) -> Array:
    a, b = one[0] + other[0], one[1] + other[1]
    n, m = content.first.shape[0] - a + 1, content.first.shape[1] - b + 1
    return np.asarray(
        content.gains[one][:n, other[1] : other[1] + m]
        + content.gains[other][one[0] : one[0] + n, :m]
        + content.first[:n, :m]
        + content.last[a - 1 : a - 1 + n, b - 1 : b - 1 + m]
        + content.within_source[one[0] : one[0] + n, None]
        + content.within_target[None, other[1] : other[1] + m]
        + _SWAPPED
    )


def uncrossed(link: Link, found: Crossings) -> list[Link]:
    """The links that a bead stands for, where its halves are crosswise or its sentences in another order."""
    if link.shape in _SQUARES:
        return _reordered(link, found.single)
    if link.shape not in found.gains or found.gains[link.shape][link.source, link.target] < link.gain:
        return [link]
    one, other = _HALVES[link.shape][found.divisions[link.shape][link.source, link.target]]
    gain = link.gain / 2.0
    return [
        Link(link.source, link.target + other[1], one, gain, link.probability),
        Link(link.source + one[0], link.target, other, gain, link.probability),
    ]


def _reordered(link: Link, single: Array) -> list[Link]:
    """The links of a bead whose sentences are the same in another order."""
    size = link.shape[0]
    gains = single[link.source : link.source + size, link.target : link.target + size].tolist()
    order = max(permutations(range(size)), key=lambda order: sum(gains[i][j] for i, j in enumerate(order)))
    found = [Link(link.source + i, link.target + j, (1, 1), gains[i][j], link.probability) for i, j in enumerate(order)]
    is_better = sum(part.gain for part in found) + 2.0 * _SWAPPED > link.gain
    return found if is_better and order != tuple(range(size)) else [link]
