"""The rounds of an alignment: cut, search, learn words, search again, then look for what was moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bot.alignment.confidence import with_surroundings
from bot.alignment.features import Side
from bot.alignment.gains import COMMON, PRIORS, build_table
from bot.alignment.lexicon import Counts, Lexicon, Odds, Tokens, count, equal_tokens, learn, usage, weigh
from bot.alignment.moved import with_moved
from bot.alignment.search import Link, best_links, best_path
from bot.alignment.stretches import Stretch, common_ends, cut

# Segments a side that one search may take: the whole of a usual chapter, and a table of some 30,000 cells.
_LIMIT = 128
# The language's length ratio counts as much as this many linked sentences.
_DOUBT = 10


def find_links(source: Side, target: Side, lexicon: Lexicon | None) -> list[Link]:
    """Without a lexicon, a first round teaches one (as hunalign's realign, Varga et al. 2005)."""
    middle = common_ends(source, target)
    stretches = list(cut(source, target, middle, _LIMIT))
    used = usage(source.prose_tokens()), usage(target.prose_tokens())
    equal = equal_tokens(*used)
    if lexicon is None:
        first = _first_round(source, target, stretches, weigh(equal, *used))
        lexicon = learn(count(_token_pairs(source, target, first)))
        target = target.scaled(_length_correction(source, target, first))
    odds = weigh(lexicon | equal, *used)
    found = [link for part in stretches for link in _walk(source, target, part, odds, final=True)]
    found = with_moved(source, target, with_surroundings(found), odds)
    tail = zip(range(middle.source_end, len(source)), range(middle.target_end, len(target)), strict=True)
    ends = [(k, k) for k in range(middle.source)] + list(tail)
    return found + [Link(i, j, (1, 1)) for i, j in ends]


def count_words(source: Side, target: Side) -> Counts:
    """What a first round teaches."""
    stretches = list(cut(source, target, common_ends(source, target), _LIMIT))
    used = usage(source.prose_tokens()), usage(target.prose_tokens())
    first = _first_round(source, target, stretches, weigh(equal_tokens(*used), *used))
    return count(_token_pairs(source, target, first))


def _first_round(source: Side, target: Side, stretches: Sequence[Stretch], odds: Odds) -> list[Link]:
    """Links by what both documents show alike: formulas, numbers, names, lengths, structure."""
    found = (link for part in stretches for link in _walk(source, target, part, odds, final=False))
    return [link for link in found if all(link.shape) and source.prose[link.source]]


def _token_pairs(source: Side, target: Side, links: Sequence[Link]) -> list[tuple[Tokens, Tokens]]:
    return [(source.joined_tokens(x.source, x.shape[0]), target.joined_tokens(x.target, x.shape[1])) for x in links]


def _length_correction(source: Side, target: Side, links: Sequence[Link]) -> float:
    """What target lengths have to be multiplied with, as the linked sentences show; few of them change little."""
    pairs = [(x.source, x.target) for x in links if x.shape == (1, 1)]
    if not pairs:
        return 1.0
    at = np.array(pairs)
    off = float(np.median(np.log(source.length[at[:, 0]] / target.length[at[:, 1]])))
    return float(np.exp(off * len(pairs) / (len(pairs) + _DOUBT)))


def _walk(source: Side, target: Side, part: Stretch, odds: Odds, *, final: bool) -> Iterator[Link]:
    """Links of a stretch. One that has no anchors to cut at is walked through in overlapping windows, of which only the
    first half counts, since the end of a window need not be an end of the correspondence."""
    i, j = part.source, part.target
    while i < part.source_end or j < part.target_end:
        start_i, start_j = i, j
        stop_i, stop_j = min(part.source_end, i + 2 * _LIMIT), min(part.target_end, j + 2 * _LIMIT)
        is_last = (stop_i, stop_j) == (part.source_end, part.target_end)
        left, right = source.part(start_i, stop_i), target.part(start_j, stop_j)
        if final:
            links = best_links(build_table(left, right, odds, tuple(PRIORS)))
        else:
            links = best_path(build_table(left, right, odds, COMMON))
        for link in links:
            if not is_last and max(link.source, link.target) >= _LIMIT:
                break
            link = Link(start_i + link.source, start_j + link.target, link.shape, link.gain, link.probability)
            yield link
            i, j = link.source + link.shape[0], link.target + link.shape[1]
