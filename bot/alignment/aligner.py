"""The order of the steps: cut, search, learn the words, search again, look for what was moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.alignment.features import Side, read_side
from bot.alignment.gains import COMMON, PRIORS, LengthModel, build_table
from bot.alignment.lexicon import Correspondence, equal_tokens, learn
from bot.alignment.search import Link, Shape, Table, best_links, best_path
from bot.alignment.stretches import Stretch, common_ends, cut
from bot.model import Bead, Document, Language

_LIMIT = 128


def align(source: Document, target: Document, languages: tuple[Language, Language]) -> tuple[Bead, ...]:
    left, right = read_side(source, languages[0]), read_side(target, languages[1])
    middle = common_ends(left, right)
    parts = list(cut(left, right, middle, _LIMIT))
    equal = equal_tokens(_prose_tokens(left), _prose_tokens(right))
    lengths = LengthModel()

    def search(lexicon: Sequence[Correspondence], shapes: Sequence[Shape], find: Callable[[Table], list[Link]]) -> list[Link]:
        solve = lambda l, r: find(build_table(l, r, lexicon, lengths, shapes))
        return [link for part in parts for link in _search(left, right, part, solve)]

    first = search(equal, COMMON, best_path)
    lexicon = [*equal, *learn([_tokens_of(left, right, x) for x in first if all(x.shape) and left.prose[x.source]])]
    links = search(lexicon, tuple(PRIORS), best_links)
    head = [Link(k, k, (1, 1), 1.0) for k in range(middle.source)]
    tail = [Link(i, j, (1, 1), 1.0) for i, j in zip(range(middle.source_end, len(left)), range(middle.target_end, len(right)), strict=True)]
    return tuple(_bead(link) for link in [*head, *links, *tail])

def _bead(link):
    return Bead(tuple(range(link.source, link.source + link.shape[0])), tuple(range(link.target, link.target + link.shape[1])), link.probability)

def _prose_tokens(side):
    return [t for t, p in zip(side.tokens, side.prose) if p]

def _tokens_of(left, right, x):
    return left.joined_tokens(x.source, x.shape[0]), right.joined_tokens(x.target, x.shape[1])

def _search(left: Side, right: Side, part: Stretch, solve) -> Iterator[Link]:
    """Links of a stretch; one that is too long for the search is walked through in overlapping windows."""
    i, j = part.source, part.target
    while i < part.source_end or j < part.target_end:
        end_i, end_j = min(part.source_end, i + 2*_LIMIT), min(part.target_end, j + 2*_LIMIT)
        last = end_i == part.source_end and end_j == part.target_end
        at_i, at_j = i, j
        for link in solve(left.part(i, end_i), right.part(j, end_j)):
            if not last and (link.source >= _LIMIT or link.target >= _LIMIT):
                break
            yield Link(at_i + link.source, at_j + link.target, link.shape, link.probability)
            i, j = at_i + link.source + link.shape[0], at_j + link.target + link.shape[1]
