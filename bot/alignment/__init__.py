"""Two Documents to beads: groups of source segments and the target segments that translate them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.alignment.directives import with_closed_directives
from bot.alignment.features import Side, read_side
from bot.alignment.lexicon import Counts, Lexicon, learn, total
from bot.alignment.meaning import Encoder
from bot.alignment.ordering import to_beads
from bot.alignment.rounds import count_words, find_links
from bot.documents import directive_pairs
from bot.model import Bead, Direction, Document

__all__ = ["Counts", "Encoder", "Features", "Lexicon", "align", "count_pair", "learn_lexicon", "read_features"]

Features = tuple[Side, Side]


def align(
    source: Document,
    target: Document,
    direction: Direction,
    *,
    lexicon: Lexicon | None = None,
    encoder: Encoder | None = None,
    features: Features | None = None,
) -> tuple[Bead, ...]:
    """Every segment of both documents in exactly one bead, with the estimated probability that the bead is right.

    Beads are in source order; one without source segments stands behind the bead that holds the target segment before
    it. Segments of different kinds are never in one bead; only sentences of prose form beads of more than one segment
    a side. Without a `lexicon` of more documents, the two teach their own; an `encoder` adds the evidence of a
    sentence-embedding model. `features` are those of the two documents, where they were read before. The method and its
    sources are in docs/how-it-works/alignment.md.
    """
    links = find_links(*(features or read_features(source, target, direction, encoder)), lexicon)
    return to_beads(with_closed_directives(links, directive_pairs(source), directive_pairs(target)))


def read_features(source: Document, target: Document, direction: Direction, encoder: Encoder | None = None) -> Features:
    """What `count_pair` and `align` compare: worked out once for both."""
    return read_side(source, direction.source, encoder), read_side(target, direction.target, encoder)


def count_pair(features: Features) -> Counts:
    """What two documents teach of words that translate each other: depends on nothing else, so it can be kept."""
    return count_words(*features)


def learn_lexicon(counts: Iterable[Counts]) -> Lexicon:
    """A lexicon of all documents that were counted. Where one changes, only that one has to be counted again."""
    return learn(total(counts))
