"""Two Documents to beads: groups of source segments and the target segments that translate them."""

from __future__ import annotations

from bot.alignment.directives import with_closed_directives
from bot.alignment.features import read_side
from bot.alignment.ordering import to_beads
from bot.alignment.rounds import find_links
from bot.documents import directive_pairs
from bot.model import Bead, Document, Language

__all__ = ["align"]


def align(source: Document, target: Document, languages: tuple[Language, Language]) -> tuple[Bead, ...]:
    """Every segment of both documents in exactly one bead, with the estimated probability that the bead is right.

    Beads are in source order; one without source segments stands behind the bead that holds the target segment before
    it. Segments of different kinds are never in one bead; only sentences of prose form beads of more than one segment
    a side. The method and its sources are in docs/alignment.md.
    """
    links = find_links(read_side(source, languages[0]), read_side(target, languages[1]))
    return to_beads(with_closed_directives(links, directive_pairs(source), directive_pairs(target)))
