"""Sentence beads to paragraph beads."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Bead, Document


def paragraph_beads(source: Document, target: Document, beads: Sequence[Bead]) -> tuple[Bead, ...]:
    """Beads of whole blocks: those that a bead of sentences joins are in one, with the mean score of these beads."""
    groups: list[tuple[set[int], set[int], list[Bead]]] = []
    by_source: dict[int, int] = {}
    by_target: dict[int, int] = {}
    for bead in beads:
        left = {source.segments[i].block for i in bead.source}
        right = {target.segments[i].block for i in bead.target}
        known = {by_source[b] for b in left if b in by_source} | {by_target[b] for b in right if b in by_target}
        group = (left, right, [bead])
        for index in sorted(known):
            for mine, theirs in zip(group[:2], groups[index][:2], strict=True):
                mine |= theirs
            group[2][:0] = groups[index][2]
        groups.append(group)
        by_source.update(dict.fromkeys(group[0], len(groups) - 1))
        by_target.update(dict.fromkeys(group[1], len(groups) - 1))
    alive = {*by_source.values(), *by_target.values()}
    return tuple(
        Bead(
            _segments(source, group[0]),
            _segments(target, group[1]),
            sum(bead.score for bead in group[2]) / len(group[2]),
        )
        for index, group in enumerate(groups)
        if index in alive
    )


def _segments(document: Document, blocks: set[int]) -> tuple[int, ...]:
    return tuple(i for b in sorted(blocks) for i in range(document.blocks[b].first, document.blocks[b].last))
