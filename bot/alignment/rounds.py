"""The rounds of an alignment: cut, search, learn words, search again, link moved sentences, lower doubtful scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, compress, islice, pairwise

import numpy as np

from bot.alignment.crossing import Crossings, uncrossed
from bot.alignment.features import HEADING, TextSide
from bot.alignment.gains import COMMON, PRIORS, build_table
from bot.alignment.lexicon import EMPTY_LEXICON, Counts, Lexicon, Odds, count, learn, weigh
from bot.alignment.moved import find_exchanged, link_moved
from bot.alignment.search import best_links, best_path
from bot.alignment.stretches import Stretch, common_ends, cut
from bot.alignment.tables import Link
from bot.alignment.wide import find_wide

# Segments a side that one search takes: the whole of a usual chapter, and a table of some 30,000 cells.
_MAX_STRETCH = 128
# A longer stretch, which no book has, is walked through in windows of half the width, in a quarter of the time, and
# without a second search, be it for wide beads or for exchanged sentences: where both sides are in another order, the
# first search leaves room for wide beads in every window, and these take three times as long as all the rest.
_MAX_WALK = 4096
# About so many segments teach words: more teach little, see `lexicon.count`.
_MAX_TAUGHT = 8192
# Below this mean gain of the first links, so many more rounds teach words: chapters with formulas and code are mostly
# above it, plain prose is below.
_CLEAR_GAIN, _MORE_ROUNDS = 3.5, 2
# How often exchanged sentences are searched: each discovery makes others likelier.
_MAX_EXCHANGE_ROUNDS = 4
# Links before and after a link that its probability is judged with.
_NEIGHBOURS = 8
# Mean gain at which corresponding and foreign text are equally likely, and how fast that changes. In chapters full of
# formulas and names the mean is about 10, in short plain prose 3 to 5, between unrelated chapters 2.5. Two files that a
# book pairs nearly always correspond, so only means below the means of plain prose are doubted.
_EVEN_GAIN, _STEEPNESS = 2.2, 2.5
# What a sentence says for its neighbours that both texts have in common: as much as a chapter full of formulas.
_EQUAL_GAIN = 8.0


def find_links(source: TextSide, target: TextSide, lexicon: Lexicon | None) -> list[Link]:
    """Without a lexicon, a first round teaches one (as hunalign's realign, Varga et al. 2005)."""
    lexicon = lexicon or learn(count_words(source, target))
    middle = common_ends(source, target)
    stretches = list(cut(source, target, middle, _MAX_STRETCH))
    odds = weigh(lexicon, source.usage, target.usage)
    # A title may be the same in texts that have nothing else in common.
    sentences = source.prose & (source.kind != HEADING)
    equal = int(sentences[: middle.source].sum()), int(sentences[middle.source_end :].sum())
    links = _final_round(source, target.scaled(lexicon.length_factor), stretches, odds, equal, lexicon.alone)
    tail = zip(range(middle.source_end, len(source)), range(middle.target_end, len(target)), strict=True)
    return links + [Link(i, j, (1, 1)) for i, j in (*((k, k) for k in range(middle.source)), *tail)]


def count_words(source: TextSide, target: TextSide) -> Counts:
    """The words of segments that a first round links by what both documents have in common: formulas, numbers, names,
    lengths, structure. Where that is little, the words that it teaches link the segments anew, which teaches better
    ones."""
    stretches = list(cut(source, target, common_ends(source, target), _MAX_STRETCH))
    stretches = stretches[:: 1 + len(source) // _MAX_TAUGHT]
    counts, gain = _counted_round(source, target, stretches, EMPTY_LEXICON)
    for _ in range(_MORE_ROUNDS if gain < _CLEAR_GAIN else 0):
        counts, _ = _counted_round(source, target, stretches, learn(counts))
    return counts


def _counted_round(
    source: TextSide, target: TextSide, stretches: Sequence[Stretch], lexicon: Lexicon
) -> tuple[Counts, float]:
    """The counts of a round of links that a lexicon finds, and the mean gain of these."""
    odds = weigh(lexicon, source.usage, target.usage)
    scaled = target.scaled(lexicon.length_factor)
    prose = [
        link
        for stretch in stretches
        for link in islice(_walk(source, scaled, stretch, odds, final=False, alone=lexicon.alone), _MAX_TAUGHT)
        if (source.prose[link.source] if link.shape[0] else target.prose[link.target])
    ]
    links = [link for link in prose if link.has_both_sides]
    ratios = [source.length[link.source] / target.length[link.target] for link in links if link.shape == (1, 1)]
    counts = count(
        [(source.joined_tokens(link.rows), target.joined_tokens(link.columns)) for link in links],
        float(np.median(np.log(ratios))) if ratios else 0.0,
        sum(not link.has_both_sides and link.shape != before.shape for before, link in pairwise(prose)),
    )
    return counts, sum(link.gain for link in links) / max(1, len(links))


def _final_round(
    source: TextSide,
    target: TextSide,
    stretches: Sequence[Stretch],
    odds: Odds,
    equal: tuple[int, int],
    alone: float,
) -> list[Link]:
    """Links by all evidence. Exchanged sentences are taken out, and their stretches are searched again without them.
    `equal` counts the sentences before and after the stretches that are the same on both sides."""
    searched = [list(_walk(source, target, stretch, odds, final=True, alone=alone)) for stretch in stretches]
    again = [stretch.longest <= _MAX_WALK for stretch in stretches]
    exchanged: list[Link] = []
    for _ in range(_MAX_EXCHANGE_ROUNDS):
        links = list(chain.from_iterable(compress(searched, again)))
        pairs = find_exchanged(source, target, links, odds, len(exchanged))
        if not pairs:
            break
        exchanged += pairs
        source = source.without([link.source for link in pairs], 0)
        target = target.without([link.target for link in pairs], 1)
        often = max(alone, len(exchanged) / min(len(source), len(target)))
        for k, stretch in enumerate(stretches):
            if any(stretch.touches(link) for link in pairs):
                searched[k] = list(_walk(source, target, stretch, odds, final=True, alone=often))
    # A segment that was taken out stands alone in its former place.
    links = [
        link
        for link in chain.from_iterable(searched)
        if not (source.taken[link.source] if link.shape[0] else target.taken[link.target])
    ]
    return link_moved(source, target, _judged_by_neighbours(links, equal), exchanged, odds)


def _judged_by_neighbours(links: Sequence[Link], equal: tuple[int, int]) -> list[Link]:
    """The links of an ascending path, each probability times the probability that the text around corresponds: a search
    finds a best path through any two texts. So many `equal` sentences before and after are neighbours, too."""
    linked = [k for k, link in enumerate(links) if link.has_both_sides]
    before, after = (min(_NEIGHBOURS, number) for number in equal)
    gains = [_EQUAL_GAIN] * before + [links[k].gain for k in linked] + [_EQUAL_GAIN] * after
    sums = np.concatenate(([0.0], np.cumsum(gains)))
    places = np.arange(before, before + len(linked))
    starts, stops = np.maximum(0, places - _NEIGHBOURS), np.minimum(len(gains), places + _NEIGHBOURS + 1)
    means = (sums[stops] - sums[starts]) / (stops - starts)
    related = 0.5 * (1.0 + np.tanh(_STEEPNESS * (means - _EVEN_GAIN) / 2.0))
    judged = list(links)
    for k, share in zip(linked, related.tolist(), strict=True):
        judged[k] = links[k]._replace(probability=links[k].probability * share)
    return judged


def _searched(
    source: TextSide, target: TextSide, odds: Odds, alone: float, *, final: bool, again: bool
) -> tuple[list[Link], Crossings]:
    """The links of a search; with `again`, of a second one with wider beads where the first left room for them."""
    table, crossings = build_table(source, target, odds, PRIORS if final else COMMON, alone=alone)
    links = best_links(table) if final else best_path(table)
    wide = find_wide(source, target, links) if final and again else None
    if wide:
        table, crossings = build_table(source, target, odds, PRIORS, alone=alone, wide=wide)
        links = best_links(table)
    return links, crossings


def _walk(
    source: TextSide, target: TextSide, stretch: Stretch, odds: Odds, *, final: bool, alone: float
) -> Iterator[Link]:
    """The links of a stretch. A stretch that is too long, for lack of anchors to cut it at, is walked through in
    overlapping windows. Only the first half of a window counts, since texts need not correspond at its end."""
    i, j = stretch.source, stretch.target
    again = stretch.longest <= _MAX_WALK
    width = _MAX_STRETCH if again else _MAX_STRETCH // 2
    while i < stretch.source_end or j < stretch.target_end:
        start_i, start_j = i, j
        stop_i = min(stretch.source_end, i + 2 * width)
        stop_j = min(stretch.target_end, j + 2 * width)
        is_last = (stop_i, stop_j) == (stretch.source_end, stretch.target_end)
        left, right = source.part(start_i, stop_i), target.part(start_j, stop_j)
        beads, crossings = _searched(left, right, odds, alone, final=final, again=again)
        for bead in beads:
            if not is_last and max(bead.source, bead.target) >= width:
                break
            yield from (link.shifted(start_i, start_j) for link in uncrossed(bead, crossings))
            i, j = start_i + bead.source + bead.shape[0], start_j + bead.target + bead.shape[1]
