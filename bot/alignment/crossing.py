"""Beads whose two halves changed places: a search for an ascending path sees them as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.alignment.search import Array, Link, Shape

# The first source half belongs to the second target half.
_HALVES: dict[Shape, tuple[tuple[Shape, Shape], ...]] = {
    (2, 2): (((1, 1), (1, 1)),),
    (2, 3): (((1, 1), (1, 2)), ((1, 2), (1, 1))),
    (3, 2): (((1, 1), (2, 1)), ((2, 1), (1, 1))),
}
# How often two neighbours change places.
_SWAPPED = np.log(0.03)


@dataclass(frozen=True)
class Crossings:
    """For each shape the gain of its halves crosswise (as in a Table), and which division into halves gives it."""

    gains: Mapping[Shape, Array]
    divisions: Mapping[Shape, NDArray[np.intp]]


@dataclass(frozen=True)
class Content:
    """What `crossings` is made from: the gain of the small beads without what the borders of blocks say, and that: of
    the first and the last segments of a bead (each source with each target), and of a border within it."""

    gains: Mapping[Shape, Array]
    first: Array
    last: Array
    within_source: NDArray[np.floating]
    within_target: NDArray[np.floating]


def crossings(content: Content, shapes: Mapping[Shape, Array]) -> Crossings:
    """The crossings of all shapes that can have one."""
    gains: dict[Shape, Array] = {}
    divisions: dict[Shape, NDArray[np.intp]] = {}
    for shape in _HALVES.keys() & shapes.keys():
        if shapes[shape].size:
            found = np.stack([_crossed(content, one, other) for one, other in _HALVES[shape]])
            divisions[shape] = found.argmax(axis=0)
            gains[shape] = found.max(axis=0)
    return Crossings(gains, divisions)


def _crossed(content: Content, one: Shape, other: Shape) -> Array:
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
    """The two links that a bead stands for, where its halves are crosswise."""
    if link.shape not in found.gains or found.gains[link.shape][link.source, link.target] < link.gain:
        return [link]
    one, other = _HALVES[link.shape][found.divisions[link.shape][link.source, link.target]]
    gain = link.gain / 2.0
    return [
        Link(link.source, link.target + other[1], one, gain, link.probability),
        Link(link.source + one[0], link.target, other, gain, link.probability),
    ]
