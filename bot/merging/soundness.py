"""A new translation that reads as it was put together, whatever a translation or the structure around it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.documents import FORMATS
from bot.merging.holding import Holding, as_it_was
from bot.merging.labels import settle_labels
from bot.merging.pieces import Woven
from bot.merging.verifying import find_damage, find_misplaced
from bot.merging.weaving import Weaver
from bot.model import Action, Direction, Document, Operation, Versions

_MAX_REPAIRS = 20
# Operations whose text may be a translation rather than the English.
_TRANSLATING_ACTIONS = (Action.TRANSLATED, Action.REUSED, Action.LEFT)


def weave_soundly(
    operations: Sequence[Operation], documents: Versions[Document], direction: Direction
) -> tuple[Woven, Document]:
    """The new translation, and how it reads.

    A translation that would break the document is replaced by the English. Where the document would be broken all the
    same, the translation stays as it was. Raises VerificationError if even that does not help.
    """
    holding = Holding()
    repairs = 0
    woven, result, damaged = _woven(operations, documents, direction, holding)
    while damaged is not None:
        if repairs == 0:
            # What breaks the document without any translation, no translation broke.
            plain, _, remains = _woven(_in_english(woven, damaged, everywhere=True), documents, direction, holding)
        if remains is None:
            repairs += 1
            operations = _in_english(woven, damaged, everywhere=repairs > _MAX_REPAIRS)
        else:
            fresh = holding.widen(plain, remains)
            operations = [as_it_was(op, woven) if i in fresh else op for i, op in enumerate(woven.operations)]
        woven, result, damaged = _woven(operations, documents, direction, holding)
    return woven, result


def english_of(new: Document, op: Operation) -> str:
    """The new English of a unit in its original form, line breaks included."""
    first, last = op.new[0], op.new[-1]
    return new.raw(first, last) if new.block_of(first) is new.block_of(last) else new.joined(op.new)


def _woven(
    operations: Sequence[Operation], documents: Versions[Document], direction: Direction, holding: Holding
) -> tuple[Woven, Document, int | None]:
    """The new translation, how it reads, and the number of the first piece that does not read as it should."""
    settled = settle_labels(operations, documents)
    # A label that has no place has none in the next round either.
    settled = [operations[i] if i in holding.held else op for i, op in enumerate(settled)]
    woven = Weaver(documents, settled, direction.target, frozenset(holding.held)).weave()
    result = FORMATS[documents.target.format].parse(woven.text, direction.target)
    damaged = find_damage(woven, result)
    return woven, result, find_misplaced(woven, result) if damaged is None else damaged


def _in_english(woven: Woven, damaged: int, *, everywhere: bool) -> list[Operation]:
    """The operations with the translation nearest to the damage (or `everywhere`) replaced by the English, or by
    people's own sentence."""
    new, pieces = woven.documents.new, woven.pieces
    operations = list(woven.operations)
    # Markup left open does its damage after it, the underline of a heading before it.
    for number in sorted(range(len(pieces)), key=lambda n: (abs(n - damaged), n)):
        index = pieces[number].operation
        op = None if index is None else operations[index]
        if index is None or op is None or op.text is None or not op.new:
            continue
        english = english_of(new, op)
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
        if not everywhere:
            break
    return operations
