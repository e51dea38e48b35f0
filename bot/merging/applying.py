"""Applies a plan: weaves the pieces, declares every edit, and verifies the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.documents import BOM, parse
from bot.errors import VerificationError
from bot.merging.checks import check_translation
from bot.merging.verifying import find_damage, verify_complete, verify_edits, verify_human_text
from bot.merging.weaving import Piece, Weaver
from bot.model import (
    Action,
    Document,
    Edit,
    FuzzyMatch,
    Kind,
    Language,
    Left,
    Merge,
    Operation,
    Plan,
    Translation,
)

_MAX_REPAIRS = 20


def apply_plan(
    plan: Plan,
    translations: Mapping[int, Translation],
    documents: tuple[Document, Document, Document],
    languages: tuple[Language, Language],
) -> Merge:
    """The new translation of `documents` (base English, new English, translation).

    `translations` answers `plan.requests` by operation. A translation that fails its checks, or that would break the
    document around it, is replaced by the English and left for a person. Raises VerificationError where the result
    would break a promise all the same.
    """
    verify_complete(documents, plan.operations)
    operations = [
        _answered(op, translations.get(i), documents[1], languages) for i, op in enumerate(plan.operations)
    ]
    head = BOM if documents[2].text.startswith(BOM) else ""
    for _ in range(_MAX_REPAIRS):
        weaver = Weaver(documents, operations, languages[1])
        pieces, tail = weaver.weave(), weaver.tail()
        text = head + "".join(piece.lead + piece.content for piece in pieces) + tail
        damaged = find_damage(documents, operations, pieces, parse(text, languages[1]))
        if damaged is None:
            break
        operations = _repaired(operations, pieces, damaged, documents[1])
    else:
        raise VerificationError("the new document can't be put together soundly; it is left for a person")
    verify_human_text(documents[2], operations, pieces)
    edits, places = _declare(documents, operations, pieces, tail, len(head))
    verify_edits(documents[2].text, text, edits)
    left = _left(operations, documents[1], places)
    prose = [op for op in operations if _is_prose(op, documents)]
    return Merge(text, tuple(edits), _count(operations), _count(prose), left, plan.characters)


def _count(operations: Sequence[Operation]) -> dict[str, int]:
    counts = Counter(op.action for op in operations)
    return {action.value: counts[action] for action in Action}


def _is_prose(op: Operation, documents: tuple[Document, Document, Document]) -> bool:
    base, new, _ = documents
    return new.segments[op.new[0]].is_prose if op.new else base.segments[op.base[0]].is_prose


def _answered(
    op: Operation, translation: Translation | None, new: Document, languages: tuple[Language, Language]
) -> Operation:
    """The operation with its final text, after the engine's answer was checked."""
    if op.action is not Action.TRANSLATED or op.text is not None:
        return op
    english = _english(new, op)
    if translation is None:
        return replace(op, action=Action.LEFT, reason="the engine gave no answer", text=english)
    fuzzy = translation.fuzzy or op.fuzzy
    if translation.left:
        text = english if translation.text == _folded(new, op) else translation.text
        return replace(op, action=Action.LEFT, reason=translation.left, text=text, fuzzy=fuzzy)
    fault = check_translation(_folded(new, op), translation.text, new.segments[op.new[0]].kind, languages)
    if fault:
        offered = FuzzyMatch(_folded(new, op), translation.text, 1.0)
        return replace(op, action=Action.LEFT, reason=fault, text=english, fuzzy=offered)
    return replace(op, text=translation.text, fuzzy=fuzzy)


def _folded(new: Document, op: Operation) -> str:
    return " ".join(new.segments[i].text for i in op.new)


def _english(new: Document, op: Operation) -> str:
    """The new English of a unit as it stands there, line breaks included."""
    first, last = new.segments[op.new[0]], new.segments[op.new[-1]]
    if first.block != last.block:
        return _folded(new, op)
    return new.text[first.start : last.end]


def _repaired(
    operations: Sequence[Operation], pieces: Sequence[Piece], damaged: int, new: Document
) -> list[Operation]:
    """The operations with the text nearest before the damage replaced by the English, for a person.

    Raises VerificationError where no such text is the cause.
    """
    for piece in reversed(pieces[: damaged + 1]):
        if piece.operation is None:
            continue
        op = operations[piece.operation]
        if op.action in (Action.TRANSLATED, Action.REUSED):
            reason = "the translation would break the document around it"
            changed = list(operations)
            changed[piece.operation] = replace(op, action=Action.LEFT, reason=reason, text=_english(new, op))
            return changed
    raise VerificationError(_damage_message(pieces, damaged))


def _damage_message(pieces: Sequence[Piece], damaged: int) -> str:
    near = pieces[damaged].content[:80] if pieces else ""
    return f"the new document would be broken near {near!r}; it is left for a person"


def _declare(
    documents: tuple[Document, Document, Document],
    operations: Sequence[Operation],
    pieces: Sequence[Piece],
    tail: str,
    head: int,
) -> tuple[list[Edit], dict[int, tuple[int, int]]]:
    """Every difference as an edit, sorted; and where each operation's text stands in the result."""
    declarer = _Declarer(documents, operations, head)
    for piece in pieces:
        declarer.add(piece)
    declarer.finish(tail)
    return declarer.edits, declarer.places


class _Declarer:
    """Walks the pieces with a cursor in the old translation and one in the result."""

    def __init__(
        self, documents: tuple[Document, Document, Document], operations: Sequence[Operation], head: int
    ) -> None:
        self.base, self.new, self.target = documents
        self.operations = operations
        self.owner = {t: op for op in operations for t in op.target}
        self.old_at = head
        self.new_at = head
        self.token = 0
        self.edits: list[Edit] = []
        self.places: dict[int, tuple[int, int]] = {}

    def add(self, piece: Piece) -> None:
        if piece.inserted:
            op = None if piece.operation is None else self.operations[piece.operation]
            action = Action.MOVED if op is None else op.action
            reason = "moved with what precedes it" if op is None else op.reason
            source = "" if op is None else self._source(op)
            self._place(piece, len(piece.lead))
            fuzzy = None if op is None else op.fuzzy
            self._edit(action, reason, self.old_at, source, piece.lead + piece.content, fuzzy)
            return
        self._skip_to(piece.tokens[0])
        first, last = self.target.segments[piece.tokens[0]], self.target.segments[piece.tokens[-1]]
        self._replace(first.start, piece.lead, Action.PATCHED, "structure follows the new English", "", None)
        self._place(piece, 0)
        op = None if piece.operation is None else self.operations[piece.operation]
        action, reason = (Action.KEPT, "") if op is None else (op.action, op.reason)
        source = self._source(op) if op else ""
        self._replace(last.end, piece.content, action, reason, source, op.fuzzy if op else None)
        self.token = piece.tokens[-1] + 1

    def finish(self, tail: str) -> None:
        self._skip_to(len(self.target.segments))
        end = len(self.target.text)
        self._replace(end, tail, Action.PATCHED, "structure follows the new English", "", None)

    def _skip_to(self, token: int) -> None:
        """Declare the removal of the tokens that are not there any more."""
        while self.token < token:
            segment = self.target.segments[self.token]
            op = self.owner.get(self.token)
            action = op.action if op else Action.MOVED
            reason = op.reason if op else "moved with what precedes it"
            if op and not op.new:
                source = " ".join(self.base.segments[i].text for i in op.base)
            else:
                source = self._source(op) if op else ""
            self._replace(segment.end, "", action, reason, source, None)
            self.token += 1

    def _replace(
        self, old_end: int, text: str, action: Action, reason: str, source: str, fuzzy: FuzzyMatch | None
    ) -> None:
        if self.target.text[self.old_at : old_end] == text:
            self.old_at = old_end
            self.new_at += len(text)
        else:
            self._edit(action, reason, old_end, source, text, fuzzy)

    def _edit(
        self, action: Action, reason: str, old_end: int, source: str, text: str, fuzzy: FuzzyMatch | None
    ) -> None:
        before, after = (self.old_at, old_end), (self.new_at, self.new_at + len(text))
        self.edits.append(Edit(action, reason, before, after, source, text, fuzzy))
        self.old_at, self.new_at = old_end, self.new_at + len(text)

    def _place(self, piece: Piece, lead: int) -> None:
        if piece.operation is not None:
            start = self.new_at + lead
            self.places.setdefault(piece.operation, (start, start + len(piece.content)))

    def _source(self, op: Operation) -> str:
        return " ".join(self.new.segments[i].text for i in op.new)


def _left(operations: Sequence[Operation], new: Document, places: Mapping[int, tuple[int, int]]) -> tuple[Left, ...]:
    left: list[Left] = []
    last = 0
    for index, op in enumerate(operations):
        place = places.get(index, (last, last))
        last = place[1]
        if op.action is Action.LEFT:
            left.append(Left(op.reason, _folded(new, op), place, op.fuzzy))
    return tuple(left)
