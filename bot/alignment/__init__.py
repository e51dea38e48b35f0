"""Aligns two Documents: beads are groups of source segments and the target segments that translate them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.alignment.beads import link_closing_lines, to_beads
from bot.alignment.features import TextSide, read_side
from bot.alignment.lexicon import Counts, Lexicon, learn, total
from bot.alignment.meaning import Encoder, calibrate, encode
from bot.alignment.rounds import count_words, find_links
from bot.model import Bead, Direction, Document

__all__ = ["Counts", "Encoder", "Features", "Lexicon", "align", "count_pair", "learn_lexicon", "read_features"]

Features = tuple[TextSide, TextSide]


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

    Beads are in source order; a bead without source segments follows the bead with the target segment before it.
    Segments of different kinds are never in one bead; only sentences of prose form beads of more than one segment a
    side. Without a `lexicon` of more documents, the two documents teach their own. An `encoder` adds the evidence of a
    sentence-embedding model. `features` are the features of the two documents, if they were read before.
    docs/how-it-works/alignment.md describes the method and its sources.
    """
    links = find_links(*(features or read_features(source, target, direction, encoder)), lexicon)
    return to_beads(link_closing_lines(links, source, target))


def read_features(source: Document, target: Document, direction: Direction, encoder: Encoder | None = None) -> Features:
    """What `count_pair` and `align` compare: read once for both."""
    left, right = read_side(source, direction.source), read_side(target, direction.target)
    if left.is_flat or right.is_flat:
        left, right = left.as_flat(), right.as_flat()
    if encoder is None:
        return left, right
    vectors = [encode(encoder, [segment.text for segment in side.segments]) for side in (left, right)]
    meanings = calibrate(vectors[0], vectors[1], left.prose, right.prose)
    return replace(left, meanings=meanings[0]), replace(right, meanings=meanings[1])


def count_pair(features: Features) -> Counts:
    """The counts of words that two documents add to a lexicon. They depend on nothing else, so they can be kept."""
    return count_words(*features)


def learn_lexicon(counts: Iterable[Counts]) -> Lexicon:
    """A lexicon of all documents that were counted. If a document changes, only that document is counted again."""
    return learn(total(counts))
