"""Links to beads in the order that other rooms rely on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.alignment.tables import Link
from bot.model import Bead


def to_beads(links: Iterable[Link]) -> tuple[Bead, ...]:
    """Beads in source order, those of the target alone behind what precedes them in the target."""
    alone: dict[int, Bead] = {}
    linked: dict[int, Bead] = {}
    for link in links:
        bead = Bead(
            tuple(range(link.source, link.source + link.shape[0])),
            tuple(range(link.target, link.target + link.shape[1])),
            link.probability,
        )
        if bead.source:
            linked[bead.source[0]] = bead
        else:
            alone[bead.target[0]] = bead
    return tuple(_ordered(linked, alone))


def _ordered(linked: dict[int, Bead], alone: dict[int, Bead]) -> Iterator[Bead]:
    yield from _following(alone, 0)
    for _, bead in sorted(linked.items()):
        yield bead
        if bead.target:
            yield from _following(alone, bead.target[-1] + 1)


def _following(alone: dict[int, Bead], index: int) -> Iterator[Bead]:
    """The run of target-only beads that begins at a target segment."""
    while index in alone:
        yield alone[index]
        index += 1
