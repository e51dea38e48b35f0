"""Tabs and directives that translators put around text, when the English puts its own there or takes the text away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.documents import directive_pairs
from bot.model import Action, Document, Operation

_MADE_ANEW = frozenset({Action.TRANSLATED, Action.REUSED})


def settle_tabs(operations: Sequence[Operation], new: Document, target: Document) -> list[Operation]:
    """The operations with no tab inside another, and none left empty.

    Text that is made anyway goes into the English's new tab, not into the translators' one; text that stays, in a tab
    that the English now has too, makes the two tabs one; a tab whose text is all removed goes with it.
    """
    operations = list(_made_in_new_tabs(operations, new, target))
    operations = _joined_tabs(operations, new, target)
    return _without_empty_tabs(operations, target)


def _made_in_new_tabs(operations: Sequence[Operation], new: Document, target: Document) -> Iterator[Operation]:
    added = _added_pairs(operations, target)
    fresh = _fresh_pairs(operations, new)
    for op in operations:
        in_both = op.new and op.target and _around(added, op.target[0]) and _around(fresh, op.new[0])
        if in_both and op.action in _MADE_ANEW:
            reason = "its English moved into a tab of its own"
            yield Operation(Action.REMOVED, reason, op.base, (), op.target)
            yield replace(op, base=(), target=())
        else:
            yield op


def _joined_tabs(operations: Sequence[Operation], new: Document, target: Document) -> list[Operation]:
    added = _added_pairs(operations, target)
    fresh = _fresh_pairs(operations, new)
    same: dict[int, int] = {}
    for op in operations:
        ours = _around(fresh, op.new[0]) if op.new else None
        theirs = _around(added, op.target[0]) if op.target else None
        if not ours or not theirs or ours[0] in same or theirs[0] in same.values():
            continue
        if new.segments[ours[0]].text == target.segments[theirs[0]].text:
            same |= dict(zip(ours, theirs, strict=True))
    reason = "the translators had added it"
    return [
        Operation(Action.KEPT, reason, (), op.new, (same[op.new[0]],)) if op.new and op.new[0] in same else op
        for op in operations
    ]


def _without_empty_tabs(operations: list[Operation], target: Document) -> list[Operation]:
    owner = {t: k for k, op in enumerate(operations) for t in op.target}
    for opening, closing in _added_pairs(operations, target):
        inside = [owner.get(t) for t in range(opening + 1, closing)]
        if inside and all(k is not None and operations[k].action is Action.REMOVED for k in inside):
            last = max(k for k in inside if k is not None)
            tokens = (*operations[last].target, opening, closing)
            operations[last] = replace(operations[last], target=tuple(sorted(tokens)))
    return operations


def _added_pairs(operations: Sequence[Operation], target: Document) -> list[tuple[int, int]]:
    owned = {t for op in operations for t in op.target}
    return [pair for pair in directive_pairs(target) if pair[0] not in owned]


def _fresh_pairs(operations: Sequence[Operation], new: Document) -> list[tuple[int, int]]:
    fresh = {n for op in operations if not op.base and not op.target for n in op.new}
    return [pair for pair in directive_pairs(new) if pair[0] in fresh]


def _around(pairs: Sequence[tuple[int, int]], index: int) -> tuple[int, int] | None:
    return next((pair for pair in pairs if pair[0] < index < pair[1]), None)
