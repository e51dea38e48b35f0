"""Labels that a translation holds inside a paragraph, where they read as a part of its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.model import Action, Document, Kind, Operation, Versions

_IN_PARAGRAPH = "the translation has it inside a paragraph"
_LEAVES_PARAGRAPH = "it stood inside a paragraph that does not stay"

_START = 5


def settle_labels(operations: Sequence[Operation], documents: Versions[Document]) -> list[Operation]:
    """The operations, with each label of the new English once: not beside a paragraph that has it and stays, and on its
    own where that paragraph goes. Other labels that the translators left out stay out."""
    new, target = documents.new, documents.target
    candidates = {
        i: _name(new, op)
        for i, op in enumerate(operations)
        if op.new and not op.target and new.segments[op.new[0]].kind is Kind.LABEL
    }
    # All labels begin alike, so few texts have to be searched for them.
    starts = tuple({name[:_START] for name in candidates.values()})
    prose = "\n".join(s.text for s in target.segments if s.is_prose and any(start in s.text for start in starts))
    held = {name for name in set(candidates.values()) if name in prose}
    labels = {i for i, name in candidates.items() if name in held}
    if not labels:
        return list(operations)
    standing = "\n".join(_standing_prose(operations, target))
    settled = list(operations)
    for i in labels:
        op = operations[i]
        if _name(new, op) in standing:
            settled[i] = replace(op, action=Action.KEPT, reason=_IN_PARAGRAPH, text=None)
        elif op.text is None:
            settled[i] = replace(op, action=Action.PATCHED, reason=_LEAVES_PARAGRAPH, text=new.raw(op.new[0]))
    return settled


def _name(new: Document, op: Operation) -> str:
    return new.segments[op.new[0]].text.strip()


def _standing_prose(operations: Sequence[Operation], target: Document) -> Iterator[str]:
    owner = {t: op for op in operations for t in op.target}
    for t, segment in enumerate(target.segments):
        op = owner.get(t)
        if not segment.is_prose or (op is not None and op.action is Action.REMOVED):
            continue
        if op is None or op.text is None:
            # A sentence that awaits its translation does not stay.
            if op is None or op.action is not Action.TRANSLATED:
                yield segment.text
        elif t == op.target[0]:
            yield op.text
