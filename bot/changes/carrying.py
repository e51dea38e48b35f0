"""Carries the changes of one document's sentences over into their translations, as its policy says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.alignment.likeness import likeness
from bot.changes.left_out import is_left_out, left_out_whole
from bot.documents import fold, reads_the_same
from bot.model import Action, Carried, Direction, Document, Operation, Versions
from bot.repair import Lexis, RepairPolicy, Sentences, repair


@dataclass(frozen=True)
class SentenceRepairer:
    """Repairs the sentences of one document."""

    documents: Versions[Document]
    direction: Direction
    lexis: Lexis
    policy: RepairPolicy

    def carry(self, base: Sequence[int], new: Sequence[int], target: Sequence[int]) -> Carried:
        """The translation `target` with what can be carried over. Segments that are pulled apart or in several blocks
        stay as they are."""
        sides = zip(self.documents, (base, new, target), strict=True)
        if all(
            is_run(indices) and len({document.segments[i].block for i in indices}) == 1 for document, indices in sides
        ):
            return repair(self.documents, Sentences(base, new, target), self.direction, self.lexis, self.policy.habits)
        return Carried(self.documents.target.raw(target[0], target[-1]) if is_run(target) else "")

    def is_retranslated(self, base: Sequence[int], new: Sequence[int]) -> bool:
        """Whether a sentence that changed so much is translated anew."""
        return (
            likeness(self.documents.base.joined(base), self.documents.new.joined(new))
            < self.policy.retranslate_below * 100
        )


def reuse_carried(operations: Sequence[Operation], new: Document) -> list[Operation]:
    """The operations; English that awaits a translation takes the one that stands for the same English elsewhere in
    the document since this merge, as it would in the next."""
    known = {
        new.joined(op.new): fold(op.carried.text)
        for op in operations
        if op.carried is not None and op.carried.complete and not op.carried.unsure
    }
    reason = "translated in another place of this document"
    return [
        replace(op, action=Action.REUSED, reason=reason, text=known[new.joined(op.new)])
        if op.awaits_translation and new.joined(op.new) in known
        else op
        for op in operations
    ]


def reuse_removed(operations: Sequence[Operation], documents: Versions[Document]) -> list[Operation]:
    """The operations; the translation of a sentence that was deleted goes to the next place where the same English
    stands and the translators had left it out amid what they translated, as they do with what is said twice."""
    base, new, target = documents
    removed: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for op in operations:
        if op.action is Action.REMOVED and op.target and all(base.segments[b].is_prose for b in op.base):
            translation = fold(target.raw(op.target[0], op.target[-1])) if _is_in_one_block(target, op.target) else ""
            if translation and not reads_the_same(base.joined(op.base), translation):
                removed[tuple(base.segments[b].text for b in op.base)].append(translation)
    if not removed:
        return list(operations)
    made, apart = list(operations), left_out_whole(operations, new)
    reason = "translated in another place of this document, which was deleted"
    for place, op in enumerate(operations):
        waiting = removed.get(tuple(new.segments[n].text for n in op.new))
        if waiting and is_left_out(op) and place not in apart:
            made[place] = replace(op, action=Action.REUSED, reason=reason, text=waiting.pop(0))
    return made


def _is_in_one_block(document: Document, indices: Sequence[int]) -> bool:
    return is_run(indices) and len({document.segments[i].block for i in indices}) == 1


def is_run(indices: Sequence[int]) -> bool:
    """Whether the indices follow each other."""
    return list(indices) == list(range(indices[0], indices[0] + len(indices)))
