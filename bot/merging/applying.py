"""Applies a plan: weaves the pieces, declares every edit, and verifies the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.documents import BOM, parse
from bot.errors import VerificationError
from bot.merging.checks import check_translation, find_doubts
from bot.merging.declaring import declare
from bot.merging.pieces import Piece
from bot.merging.verifying import find_damage, verify_complete, verify_directives, verify_edits, verify_human_text
from bot.merging.weaving import Weaver
from bot.model import Action, Direction, Document, Doubt, Left, Merge, Operation, Plan, Translation, Versions

_MAX_REPAIRS = 20


def apply_plan(
    plan: Plan,
    translations: Mapping[int, Translation],
    documents: Versions[Document],
    direction: Direction,
) -> Merge:
    """The new translation of `documents` (base English, new English, translation).

    `translations` answers `plan.requests` by operation. A translation that fails its checks, or that would break the
    document around it, is replaced by the English and left for a person. Raises VerificationError where the result
    would break a promise all the same.
    """
    verify_complete(documents, plan.operations)
    operations = [_answered(op, translations.get(i), documents.new, direction) for i, op in enumerate(plan.operations)]
    head = BOM if documents.target.text.startswith(BOM) else ""
    operations, woven = _weave_soundly(operations, documents, direction, head)
    pieces, tail, text = woven
    verify_human_text(documents.target, operations, plan.untouchable, pieces)
    edits, places = declare(documents, operations, pieces, tail, len(head))
    verify_edits(documents.target.text, text, edits)
    left, doubts = _left(operations, documents, places), _doubts(operations, documents.new, places)
    prose = [op for op in operations if _is_prose(op, documents)]
    return Merge(text, tuple(edits), _count(operations), _count(prose), left, plan.characters, doubts=doubts)


def _count(operations: Sequence[Operation]) -> dict[str, int]:
    counts = Counter(op.action for op in operations)
    return {action.value: counts[action] for action in Action}


def _is_prose(op: Operation, documents: Versions[Document]) -> bool:
    base, new, _ = documents
    return new.segments[op.new[0]].is_prose if op.new else base.segments[op.base[0]].is_prose


Woven = tuple[list[Piece], str, str]


def _weave_soundly(
    operations: list[Operation],
    documents: Versions[Document],
    direction: Direction,
    head: str,
) -> tuple[list[Operation], Woven]:
    """The pieces, the tail and the whole text, with English where a translation would break the document."""
    repairs = 0
    while True:
        weaver = Weaver(documents, operations, direction.target)
        pieces = weaver.weave()
        tail = weaver.tail(pieces)
        text = head + "".join(piece.lead + piece.content for piece in pieces) + tail
        result = parse(text, direction.target)
        damaged = find_damage(documents, operations, pieces, len(head), result)
        if damaged is None:
            verify_directives(documents, operations, pieces, len(head), result)
            return operations, (pieces, tail, text)
        repairs += 1
        operations = _repaired(operations, pieces, damaged, documents.new, everywhere=repairs > _MAX_REPAIRS)


def _answered(op: Operation, translation: Translation | None, new: Document, direction: Direction) -> Operation:
    """The operation with its final text, after the engine's answer was checked."""
    if op.action is not Action.TRANSLATED or op.text is not None:
        return op
    english = _english(new, op)
    if translation is None:
        return replace(op, action=Action.LEFT, reason="the engine gave no answer", text=english)
    fuzzy = translation.fuzzy or op.fuzzy
    request, text = _folded(new, op), translation.text.strip()
    if text == request and translation.left:
        rejected = translation.rejected
        return replace(op, action=Action.LEFT, reason=translation.left, text=english, fuzzy=fuzzy, rejected=rejected)
    fault = check_translation(request, text, new.segments[op.new[0]].kind, direction)
    if fault:
        return replace(
            op, action=Action.LEFT, reason=translation.left or fault, text=english, fuzzy=fuzzy, rejected=text
        )
    if translation.left:
        return replace(op, action=Action.LEFT, reason=translation.left, text=text, fuzzy=fuzzy)
    warnings = (*translation.warnings, *find_doubts(request, text, direction))
    return replace(op, text=text, fuzzy=fuzzy, warnings=warnings)


def _folded(new: Document, op: Operation) -> str:
    return " ".join(new.segments[i].text for i in op.new)


def _english(new: Document, op: Operation) -> str:
    """The new English of a unit as it stands there, line breaks included."""
    first, last = new.segments[op.new[0]], new.segments[op.new[-1]]
    if first.block != last.block:
        return _folded(new, op)
    return new.text[first.start : last.end]


def _repaired(
    operations: Sequence[Operation], pieces: Sequence[Piece], damaged: int, new: Document, *, everywhere: bool
) -> list[Operation]:
    """The operations with the translation nearest to the damage (or `everywhere`) replaced by the English.

    Raises VerificationError where no translation is the cause.
    """
    changed = list(operations)
    # Markup left open does its damage after it, the underline of a heading before it.
    for number in sorted(range(len(pieces)), key=lambda n: (abs(n - damaged), n)):
        index = pieces[number].operation
        if index is None or not _is_replaceable(operations[index], new):
            continue
        op = operations[index]
        reason = "the translation would break the document around it"
        changed[index] = replace(
            op, action=Action.LEFT, reason=reason, text=_english(new, op), rejected=op.text or "", warnings=()
        )
        if not everywhere:
            break
    if changed == list(operations):
        raise VerificationError(_damage_message(pieces, damaged))
    return changed


def _is_replaceable(op: Operation, new: Document) -> bool:
    """Whether the operation's text is a translation of prose rather than the English itself."""
    made = op.text is not None and op.action in (Action.TRANSLATED, Action.REUSED, Action.LEFT)
    return made and new.segments[op.new[0]].is_prose and op.text != _english(new, op)


def _damage_message(pieces: Sequence[Piece], damaged: int) -> str:
    near = pieces[damaged].content[:80] if pieces else ""
    return f"the new document would be broken near {near!r}; it is left for a person"


def _left(
    operations: Sequence[Operation],
    documents: Versions[Document],
    places: Mapping[int, tuple[int, int]],
) -> tuple[Left, ...]:
    base, new, _ = documents
    left: list[Left] = []
    last = 0
    for index, op in enumerate(operations):
        place = places.get(index, (last, last))
        last = place[1]
        if op.action is Action.LEFT:
            source = _folded(new, op) if op.new else " ".join(base.segments[i].text for i in op.base)
            left.append(Left(op.reason, source, place, op.fuzzy, op.rejected))
    return tuple(left)


def _doubts(operations: Sequence[Operation], new: Document, places: Mapping[int, tuple[int, int]]) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(op.warnings, _folded(new, op), places[index])
        for index, op in enumerate(operations)
        if op.warnings and index in places
    )
