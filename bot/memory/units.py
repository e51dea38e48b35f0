"""Beads to translation units: which pairs of a translated document are worth remembering."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.documents import fold
from bot.model import Bead, Document, PlaceableKind, TranslationUnit

# A pair below this score is not trusted to stand in another place of the book.
MIN_SCORE = 0.5


def collect_units(source: Document, target: Document, beads: Sequence[Bead], path: str) -> Iterator[TranslationUnit]:
    """The pairs of `beads`: prose that is translated, and opaque segments (code cells) that the translators localised.

    Texts of prose are folded to one line, those of opaque segments are exact.
    """
    for bead in beads:
        if not bead.source or not bead.target or bead.score < MIN_SCORE:
            continue
        first = source.segments[bead.source[0]]
        if first.is_prose:
            left = " ".join(source.segments[i].text for i in bead.source)
            start, end = target.segments[bead.target[0]].start, target.segments[bead.target[-1]].end
            one_block = target.segments[bead.target[0]].block == target.segments[bead.target[-1]].block
            right = fold(target.text[start:end]) if one_block else ""
        else:
            left, right = first.text, target.segments[bead.target[0]].text
        if right and left != right:
            before = source.segments[bead.source[0] - 1].text if bead.source[0] else ""
            complete = not first.is_prose or _placeables(source, bead.source) == _placeables(target, bead.target)
            yield TranslationUnit(left, right, path, first.kind, before, bead.score, complete=complete)


def _placeables(document: Document, indices: Sequence[int]) -> Counter[str]:
    """Numbers are left out, since languages write them differently."""
    placeables = (p for i in indices for p in document.segments[i].placeables)
    return Counter(p.text for p in placeables if p.kind is not PlaceableKind.NUMBER)
