"""Emphasis that begins in one sentence and ends in another: what takes the place of one of them takes over its half of
the marks, so that the other half is not left alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.model import Action, Document, Operation, Versions

_OPENING = re.compile(r"[\[(]?(?:\*{1,3}|~~)(?=\S)")
_CLOSING = re.compile(r"(?<=\S)(?:\*{1,3}|~~)[\])]?$")


def keep_halves(
    operations: Sequence[Operation], documents: Versions[Document], untouchable: Collection[int]
) -> list[Operation]:
    """The operations with the halves that the old translation has at the beginning or end of what goes or is replaced.

    A new text has it itself; of what is removed, the new sentence in its place, or the next of the same emphasis whose
    English changed.
    """
    kept = list(operations)
    owner = {token: index for index, op in enumerate(operations) for token in op.target}
    maker = {sentence: index for index, op in enumerate(operations) for sentence in op.new}
    for index, op in enumerate(operations):
        if op.text is None and op.action is not Action.REMOVED:
            continue
        opening, closing = _halves(documents.target, op.target)
        if not opening and not closing:
            continue
        receiver: int | None = index
        if op.action is Action.REMOVED:
            step = 1 if opening else -1
            receiver = _receiver(operations, owner, maker, op, step, documents)
        if receiver is None or {*operations[receiver].target} & {*untouchable}:
            continue
        # The English may have moved its own half, or closed its emphasis in the sentence that stays.
        before, after = _halves(documents.base, op.base), _halves(documents.new, operations[receiver].new)
        is_whole = any(documents.new.segments[n].tags for n in operations[receiver].new)
        kept[receiver] = _with(
            kept[receiver],
            opening if after[0] or is_whole or not before[0] else "",
            closing if after[1] or is_whole or not before[1] else "",
            documents.target,
        )
    return kept


def _halves(document: Document, sentences: Sequence[int]) -> tuple[str, str]:
    """The half at the beginning and at the end of sentences that follow each other; of both together, none is left."""
    if not sentences:
        return "", ""
    first, last = (document.segments[index] for index in (sentences[0], sentences[-1]))
    if not first.is_prose or not last.is_prose:
        return "", ""
    opening, closing = _OPENING.match(document.raw(sentences[0])), _CLOSING.search(document.raw(sentences[-1]))
    is_open = opening is not None and all(tag.start != first.start for tag in first.tags)
    is_closed = closing is not None and all(tag.end != last.end for tag in last.tags)
    if is_open == is_closed:
        return "", ""
    return (opening[0], "") if opening and is_open else ("", closing[0] if closing else "")


def _receiver(
    operations: Sequence[Operation],
    owner: dict[int, int],
    maker: dict[int, int],
    op: Operation,
    step: int,
    documents: Versions[Document],
) -> int | None:
    """The operation that takes over a half from `op`, which is removed: `step` leads to the rest of the emphasis."""
    token = op.target[-1] + 1 if step > 0 else op.target[0] - 1
    target, new = documents.target, documents.new
    beside = owner.get(token)
    if beside is None or target.segments[token].block != target.segments[op.target[0]].block:
        return None
    sentences = operations[beside].new
    if not sentences:
        return None
    sentence = sentences[0] - 1 if step > 0 else sentences[-1] + 1
    other = maker.get(sentence)
    is_beside = other is not None and new.segments[sentence].block == new.segments[sentences[0]].block
    if other is not None and is_beside and operations[other].text is not None and not operations[other].target:
        return other
    return beside


def _with(op: Operation, opening: str, closing: str, target: Document) -> Operation:
    text = op.text
    if text is None:
        text = target.raw(op.target[0], op.target[-1])
    if opening and not _OPENING.match(text):
        text = opening + text
    if closing and not _CLOSING.search(text):
        text += closing
    if text == op.text or (op.text is None and text == target.raw(op.target[0], op.target[-1])):
        return op
    return replace(op, text=text, action=Action.PATCHED if op.action is Action.KEPT else op.action)
