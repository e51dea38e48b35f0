"""Links to beads, and beads of sentences to beads of paragraphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from bot.alignment.tables import Link
from bot.documents import directive_pairs
from bot.model import Bead, Document


def link_closing_lines(links: Iterable[Link], source: Document, target: Document) -> list[Link]:
    """The links, with a directive's closing line linked like its opening line: every `:end_tab:` is the same."""
    left, right = dict(directive_pairs(source)), dict(directive_pairs(target))
    closing_left, closing_right = set(left.values()), set(right.values())
    kept: list[Link] = []
    for link in links:
        shape = sum(i not in closing_left for i in link.rows), sum(j not in closing_right for j in link.columns)
        if any(shape):
            kept.append(link._replace(shape=shape))
    pairs = [
        Link(left[link.source], right[link.target], (1, 1), probability=link.probability)
        for link in kept
        if link.shape == (1, 1) and link.source in left and link.target in right
    ]
    alone_left = closing_left - {pair.source for pair in pairs}
    alone_right = closing_right - {pair.target for pair in pairs}
    return [*kept, *pairs, *(Link(i, 0, (1, 0)) for i in alone_left), *(Link(0, j, (0, 1)) for j in alone_right)]


def to_beads(links: Iterable[Link]) -> tuple[Bead, ...]:
    """Beads in source order; a bead of the target alone follows the bead that holds the target segment before it."""
    beads: dict[tuple[int, int], Bead] = {}
    before = -1
    for link in sorted(links, key=lambda link: link.target):
        if link.has_both_sides:
            before = link.source
        place = (link.source, -1) if link.shape[0] else (before, link.target)
        beads[place] = Bead(tuple(link.rows), tuple(link.columns), link.probability)
    return tuple(beads[place] for place in sorted(beads))


def paragraph_beads(source: Document, target: Document, beads: Sequence[Bead]) -> tuple[Bead, ...]:
    """Beads of whole blocks: blocks that a bead of sentences joins are in one bead, with the mean score of the
    sentences' beads."""
    blocks = [
        [
            *(("source", source.segments[i].block) for i in bead.source),
            *(("target", target.segments[j].block) for j in bead.target),
        ]
        for bead in beads
    ]
    return tuple(
        Bead(
            _block_segments(source, (i for k in group for i in beads[k].source)),
            _block_segments(target, (j for k in group for j in beads[k].target)),
            sum(beads[k].score for k in group) / len(group),
        )
        for group in sorted(connected(blocks), key=max)
    )


def _block_segments(document: Document, segments: Iterable[int]) -> tuple[int, ...]:
    """All segments of the blocks that these segments are in."""
    blocks = sorted({document.segments[i].block for i in segments})
    return tuple(i for b in blocks for i in range(document.blocks[b].first, document.blocks[b].last))


def connected(items: Sequence[Iterable[Hashable]]) -> list[list[int]]:
    """Groups of items (by number, ascending) that share a key, directly or through other items; ordered by their first
    item."""
    parents = list(range(len(items)))

    def find(number: int) -> int:
        while parents[number] != number:
            number = parents[number]
        return number

    first: dict[Hashable, int] = {}
    for number, keys in enumerate(items):
        for key in keys:
            parents[find(number)] = find(first.setdefault(key, number))
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for number in range(len(items)):
        groups[find(number)].append(number)
    return list(groups.values())
