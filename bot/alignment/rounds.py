"""The rounds of an alignment: cut, search, learn words, search again, then look for what was moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from bot.alignment.confidence import with_surroundings
from bot.alignment.crossing import uncrossed
from bot.alignment.exchanged import find_exchanged
from bot.alignment.features import Side
from bot.alignment.gains import ALONE, COMMON, PRIORS, build_table
from bot.alignment.lexicon import NOTHING, Counts, Lexicon, Odds, count, learn, weigh
from bot.alignment.moved import with_moved
from bot.alignment.search import best_links, best_path
from bot.alignment.stretches import Stretch, common_ends, cut
from bot.alignment.tables import Link

# Segments a side that one search may take: the whole of a usual chapter, and a table of some 30,000 cells.
_LIMIT = 128
# How often sentences that changed places are looked for: what is found makes others likelier.
_TURNS = 4


def find_links(source: Side, target: Side, lexicon: Lexicon | None) -> list[Link]:
    """Without a lexicon, a first round teaches one (as hunalign's realign, Varga et al. 2005)."""
    middle = common_ends(source, target)
    stretches = list(cut(source, target, middle, _LIMIT))
    used = source.usage, target.usage
    if lexicon is None:
        lexicon = learn(_count(source, target, _first_round(source, target, stretches, weigh(NOTHING, *used))))
    target = target.scaled(lexicon.length_factor)
    odds = weigh(lexicon, *used)
    found = _final_round(source, target, stretches, odds)
    tail = zip(range(middle.source_end, len(source)), range(middle.target_end, len(target)), strict=True)
    ends = [(k, k) for k in range(middle.source)] + list(tail)
    return found + [Link(i, j, (1, 1)) for i, j in ends]


def _final_round(source: Side, target: Side, stretches: Sequence[Stretch], odds: Odds) -> list[Link]:
    """Links by everything that is known. Sentences that changed places are taken out, and the stretches that they stood
    in are searched again without them."""
    searched = [list(_walk(source, target, part, odds, final=True)) for part in stretches]
    exchanged: list[Link] = []
    for _ in range(_TURNS):
        found = find_exchanged(source, target, list(chain.from_iterable(searched)), odds, len(exchanged))
        if not found:
            break
        exchanged += found
        source = source.without([link.source for link in found], 0)
        target = target.without([link.target for link in found], 1)
        alone = max(ALONE, len(exchanged) / min(len(source), len(target)))
        for k, part in enumerate(stretches):
            if any(part.touches(link) for link in found):
                searched[k] = list(_walk(source, target, part, odds, final=True, alone=alone))
    links = [link for link in chain.from_iterable(searched) if not _is_taken(link, source, target)]
    return with_moved(source, target, with_surroundings(links), exchanged, odds)


def _is_taken(link: Link, source: Side, target: Side) -> bool:
    """Whether this is what is left in the place of a segment that was taken out."""
    return bool(target.taken[link.target] if not link.shape[0] else source.taken[link.source])


def count_words(source: Side, target: Side) -> Counts:
    """What a first round teaches."""
    stretches = list(cut(source, target, common_ends(source, target), _LIMIT))
    used = source.usage, target.usage
    first = _first_round(source, target, stretches, weigh(NOTHING, *used))
    return _count(source, target, first)


def _first_round(source: Side, target: Side, stretches: Sequence[Stretch], odds: Odds) -> list[Link]:
    """Links by what both documents show alike: formulas, numbers, names, lengths, structure."""
    found = (link for part in stretches for link in _walk(source, target, part, odds, final=False))
    return [link for link in found if all(link.shape) and source.prose[link.source]]


def _count(source: Side, target: Side, links: Sequence[Link]) -> Counts:
    pairs = [(source.joined_tokens(x.source, x.shape[0]), target.joined_tokens(x.target, x.shape[1])) for x in links]
    lengths = [source.length[x.source] / target.length[x.target] for x in links if x.shape == (1, 1)]
    return count(pairs, float(np.median(np.log(lengths))) if lengths else 0.0)


def _walk(
    source: Side, target: Side, part: Stretch, odds: Odds, *, final: bool, alone: float = ALONE
) -> Iterator[Link]:
    """Links of a stretch. One that has no anchors to cut at is walked through in overlapping windows, of which only the
    first half counts, since the end of a window need not be an end of the correspondence."""
    i, j = part.source, part.target
    while i < part.source_end or j < part.target_end:
        start_i, start_j = i, j
        stop_i, stop_j = min(part.source_end, i + 2 * _LIMIT), min(part.target_end, j + 2 * _LIMIT)
        is_last = (stop_i, stop_j) == (part.source_end, part.target_end)
        left, right = source.part(start_i, stop_i), target.part(start_j, stop_j)
        table, crossed = build_table(left, right, odds, tuple(PRIORS) if final else COMMON, alone=alone)
        for bead in (best_links if final else best_path)(table):
            if not is_last and max(bead.source, bead.target) >= _LIMIT:
                break
            for link in uncrossed(bead, crossed):
                yield Link(start_i + link.source, start_j + link.target, link.shape, link.gain, link.probability)
            i, j = start_i + bead.source + bead.shape[0], start_j + bead.target + bead.shape[1]
