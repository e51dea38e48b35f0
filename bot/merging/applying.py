"""Applies a plan: weaves the pieces, declares every edit, and verifies the result."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.changes import StandingEnglish
from bot.documents import fold
from bot.merging.beside import find_beside
from bot.merging.checks import check_translation, find_doubts
from bot.merging.declaring import declare
from bot.merging.halves import keep_halves
from bot.merging.pieces import Woven
from bot.merging.soundness import english_of, weave_soundly
from bot.merging.verifying import verify_complete, verify_edits, verify_human_text, verify_removals
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
    standing = StandingEnglish(documents)
    answered = [
        _answered(op, translations.get(i), new, direction, stands=standing.holds(op))
        for i, op in enumerate(plan.operations)
    ]
    operations = keep_halves(answered, documents, plan.untouchable)
    woven, result = weave_soundly(operations, documents, direction)
    verify_human_text(woven, plan.untouchable)
    verify_removals(woven, plan.given_up)
    text, edits, operations = woven.text, declare(woven), list(woven.operations)
    verify_edits(target.text, text, edits)
    spans = _spans(woven)
    left = tuple(
        Left(op.reason, woven.english(op), spans[i], op.fuzzy, op.rejected, standing.holds(op))
        for i, op in enumerate(operations)
        if op.action is Action.LEFT
    )
    standing_texts = _StandingTexts(result)
    revisions = tuple(
        _revision(op, op.carried, documents, spans[i], standing_texts)
        for i, op in enumerate(operations)
        if op.carried is not None and op.action in _STANDING_ACTIONS
    )
    doubts = tuple(Doubt(op.warnings, new.joined(op.new), spans[i]) for i, op in enumerate(operations) if op.warnings)
    prose = (op for op in operations if _is_prose(op, documents))
    counts, sentences = _count(operations), _count(prose)
    beside = tuple(find_beside(woven, dict(plan.echoes)))
    return Merge(text, tuple(edits), counts, sentences, left, plan.characters, True, doubts, revisions, beside)


class _StandingTexts:
    """The sentences of the result, to be asked for again and again."""

    def __init__(self, result: Document) -> None:
        self.text = result.text
        self._segments = result.segments
        self._texts = {segment.text for segment in result.segments}
        self._starts = [segment.start for segment in result.segments]

    def hold(self, texts: Sequence[str]) -> bool:
        return self._texts.issuperset(texts)

    def within(self, span: Span) -> tuple[str, ...]:
        """The sentences that reach into a span."""
        first = max(0, bisect_left(self._starts, span[0]) - 1)
        near = self._segments[first : bisect_left(self._starts, span[1])]
        return tuple(segment.text for segment in near if span[0] < segment.end)


def _revision(
    op: Operation, carried: Carried, documents: Versions[Document], span: Span, result: _StandingTexts
) -> Revision:
    base, new, target = documents
    before = target.joined(op.target)
    after = fold(result.text[slice(*span)]) if op.text else before
    source = base.joined(op.base)
    parts = zip(documents, (op.base, op.new, op.target), strict=True)
    sentences = Versions(*(tuple(side.segments[i].text for i in indices) for side, indices in parts))
    if op.text is not None or not result.hold(sentences.target):
        # Without a full stop, it may read as one with the sentence behind it.
        sentences = sentences._replace(target=result.within(span))
    return Revision(
        op.action, op.reason, source, new.joined(op.new), before, after, span, carried, op.rejected, sentences
    )


def _is_prose(op: Operation, documents: Versions[Document]) -> bool:
    """Whether it is a sentence: prose with words, and not a cell with nothing but a number, say."""
    sides = zip(documents, (op.base, op.new, op.target), strict=True)
    segments = [document.segments[i] for document, indices in sides for i in indices]
    return any(segment.is_prose and segment.has_words for segment in segments)


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


def _answered(
    op: Operation, translation: Translation | None, new: Document, direction: Direction, *, stands: bool
) -> Operation:
    """The operation with its final text, after the engine's answer was checked. English that `stands` already stays to
    the byte if there is no usable answer."""
    if op.action is not Action.TRANSLATED or op.text is not None:
        return op
    left = replace(op, action=Action.LEFT, text=None if stands else english_of(new, op))
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
