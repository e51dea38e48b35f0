"""Applies a plan: weaves the pieces, declares every edit, and verifies the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.documents import FORMATS, fold
from bot.errors import VerificationError
from bot.merging.checks import check_translation, find_doubts
from bot.merging.declaring import declare
from bot.merging.halves import keep_halves
from bot.merging.pieces import Woven
from bot.merging.verifying import find_damage, verify_complete, verify_directives, verify_edits, verify_human_text
from bot.merging.weaving import Weaver
from bot.model import (
    Action,
    Carried,
    Direction,
    Document,
    Doubt,
    Left,
    Merge,
    Operation,
    Plan,
    Revision,
    Span,
    Translation,
    Versions,
)

_MAX_REPAIRS = 20
# Operations whose text may be a translation rather than the English.
_TRANSLATING_ACTIONS = (Action.TRANSLATED, Action.REUSED, Action.LEFT)
# Operations after which people's sentence stands although its English changed.
_STANDING_ACTIONS = (Action.KEPT, Action.PATCHED, Action.STALE)


def apply_plan(
    plan: Plan, translations: Mapping[int, Translation], documents: Versions[Document], direction: Direction
) -> Merge:
    """The new translation of `documents`.

    `translations` answers `plan.requests` by operation. A translation that fails its checks, or that would break the
    document around it, is replaced by the English and left for a person. Raises VerificationError if the result
    would break a promise all the same.
    """
    new, target = documents.new, documents.target
    verify_complete(documents, plan.operations)
    answered = [_answered(op, translations.get(i), new, direction) for i, op in enumerate(plan.operations)]
    operations = keep_halves(answered, documents, plan.untouchable)
    woven, result = _weave_soundly(operations, documents, direction)
    verify_human_text(woven, plan.untouchable)
    text, edits, operations = woven.text, declare(woven), list(woven.operations)
    verify_edits(target.text, text, edits)
    spans = _spans(woven)
    left = tuple(
        Left(op.reason, woven.english(op), spans[i], op.fuzzy, op.rejected)
        for i, op in enumerate(operations)
        if op.action is Action.LEFT
    )
    revisions = tuple(
        _revision(op, op.carried, documents, spans[i], result)
        for i, op in enumerate(operations)
        if op.carried is not None and op.action in _STANDING_ACTIONS
    )
    doubts = tuple(Doubt(op.warnings, new.joined(op.new), spans[i]) for i, op in enumerate(operations) if op.warnings)
    prose = (op for op in operations if _is_prose(op, documents))
    return Merge(text, tuple(edits), _count(operations), _count(prose), left, plan.characters, True, doubts, revisions)


def _revision(op: Operation, carried: Carried, documents: Versions[Document], span: Span, result: Document) -> Revision:
    base, new, target = documents
    before = target.joined(op.target)
    after = fold(result.text[slice(*span)]) if op.text else before
    source = base.joined(op.base)
    parts = zip(documents, (op.base, op.new, op.target), strict=True)
    sentences = Versions(*(tuple(side.segments[i].text for i in indices) for side, indices in parts))
    if op.text is not None or not {segment.text for segment in result.segments}.issuperset(sentences.target):
        # Without a full stop, it may read as one with the sentence behind it.
        standing = tuple(s.text for s in result.segments if s.start < span[1] and span[0] < s.end)
        sentences = sentences._replace(target=standing)
    return Revision(
        op.action, op.reason, source, new.joined(op.new), before, after, span, carried, op.rejected, sentences
    )


def _is_prose(op: Operation, documents: Versions[Document]) -> bool:
    sides = zip(documents, (op.base, op.new, op.target), strict=True)
    return any(document.segments[indices[0]].is_prose for document, indices in sides if indices)


def _count(operations: Iterable[Operation]) -> dict[str, int]:
    counts = Counter(op.action for op in operations)
    return {action.value: counts[action] for action in Action}


def _spans(woven: Woven) -> list[Span]:
    """The span of each operation's first piece in the text; without a piece, the end of the operation before it."""
    pieces = {piece.operation: span for piece, span in reversed(list(woven.spans()))}
    spans: list[Span] = []
    for index in range(len(woven.operations)):
        last = spans[-1][1] if spans else 0
        spans.append(pieces.get(index, (last, last)))
    return spans


def _weave_soundly(
    operations: list[Operation], documents: Versions[Document], direction: Direction
) -> tuple[Woven, Document]:
    """The new translation, and how it reads, with English in place of a translation that would break the document."""
    parse = FORMATS[documents.target.format].parse
    repairs = 0
    while True:
        woven = Weaver(documents, operations, direction.target).weave()
        result = parse(woven.text, direction.target)
        damaged = find_damage(woven, result)
        if damaged is None:
            verify_directives(woven, result)
            return woven, result
        repairs += 1
        operations = _repaired(woven, damaged, everywhere=repairs > _MAX_REPAIRS)


def _answered(op: Operation, translation: Translation | None, new: Document, direction: Direction) -> Operation:
    """The operation with its final text, after the engine's answer was checked."""
    if op.action is not Action.TRANSLATED or op.text is not None:
        return op
    left = replace(op, action=Action.LEFT, text=_english(new, op))
    if op.carried is not None:
        # People's own sentence stands, not the English.
        left = replace(op, action=Action.STALE, text=op.carried.text if op.carried.kinds else None)
    if translation is None:
        return replace(left, reason="the engine gave no answer")
    fuzzy = translation.fuzzy or op.fuzzy
    request, text = new.joined(op.new), translation.text.strip()
    if text == request and translation.left:
        return replace(left, reason=translation.left, fuzzy=fuzzy, rejected=translation.rejected)
    fault = check_translation(request, text, new.segments[op.new[0]].kind, direction)
    if fault:
        return replace(left, reason=translation.left or fault, fuzzy=fuzzy, rejected=text)
    if translation.left:
        offered = left if op.carried else replace(left, text=text)
        return replace(offered, reason=translation.left, fuzzy=fuzzy, rejected=text if op.carried else "")
    warnings = (*translation.warnings, *find_doubts(request, text, direction))
    return replace(op, text=text, fuzzy=fuzzy, warnings=warnings)


def _english(new: Document, op: Operation) -> str:
    """The new English of a unit in its original form, line breaks included."""
    first, last = op.new[0], op.new[-1]
    return new.raw(first, last) if new.block_of(first) is new.block_of(last) else new.joined(op.new)


def _repaired(woven: Woven, damaged: int, *, everywhere: bool) -> list[Operation]:
    """The operations with the translation nearest to the damage (or `everywhere`) replaced by the English.

    Raises VerificationError if no translation is the cause.
    """
    new, pieces = woven.documents.new, woven.pieces
    operations = list(woven.operations)
    repaired = False
    # Markup left open does its damage after it, the underline of a heading before it.
    for number in sorted(range(len(pieces)), key=lambda n: (abs(n - damaged), n)):
        index = pieces[number].operation
        op = None if index is None else operations[index]
        if index is None or op is None or op.text is None or not op.new:
            continue
        english = _english(new, op)
        if op.carried is None and (op.action not in _TRANSLATING_ACTIONS or op.text == english):
            continue
        if not new.segments[op.new[0]].is_prose:
            continue
        reason = "the translation would break the document around it"
        broken = replace(op, reason=reason, rejected=op.text, warnings=())
        if op.carried is None:
            operations[index] = replace(broken, action=Action.LEFT, text=english)
        else:
            untouched = replace(op.carried, kinds=(), unsure=(), complete=False)
            operations[index] = replace(broken, action=Action.STALE, text=None, carried=untouched)
        repaired = True
        if not everywhere:
            break
    if not repaired:
        near = pieces[damaged].content[:80] if pieces else ""
        raise VerificationError(f"the new document would be broken near {near!r}; it is left for a person")
    return operations
