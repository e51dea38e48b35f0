"""English that did not change, and that nobody has translated yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.documents import Untranslated
from bot.model import Bead, Document, Operation, Versions

STILL_UNTRANSLATED = "not translated yet"


class StandingEnglish:
    """Finds the operations on English that did not change and that stands where its translation belongs."""

    def __init__(self, documents: Versions[Document]) -> None:
        self._documents = documents
        self._untranslated = Untranslated(documents.new)

    def holds(self, op: Operation) -> bool:
        base, new, target = self._documents
        if not op.base or [base.segments[b].text for b in op.base] != [new.segments[n].text for n in op.new]:
            return False
        return self._untranslated.has_copy(op.new, [target.segments[t] for t in op.target])


def untranslated_beads(base: Document, target: Document, beads: Iterable[Bead]) -> list[Bead]:
    """The links whose target has English where a translation belongs, in whole or in part."""
    untranslated = Untranslated(base)
    return [
        bead
        for bead in beads
        if bead.source and untranslated.has_copy(bead.source, [target.segments[t] for t in bead.target])
    ]


def untranslated_sentences(base: Document, target: Document, beads: Sequence[Bead]) -> set[str]:
    """The sentences of the base that nobody translated."""
    return {base.segments[b].text for bead in untranslated_beads(base, target, beads) for b in bead.source}
