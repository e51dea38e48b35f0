"""Directives around text that stays: renamed by the English, or added or emptied by one of the two sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.changes.code import merge_opaque
from bot.documents import directive_pairs, is_fenced
from bot.model import Action, Document, Operation, Versions

_MADE_ANEW = frozenset({Action.TRANSLATED, Action.REUSED})
_Pair = tuple[int, int]
"""The opening and the closing line of a directive."""


def settle_tabs(operations: Sequence[Operation], documents: Versions[Document]) -> list[Operation]:
    """The operations with no tab inside another, none left empty, and renamed directives in their place.

    A fenced directive that the English renamed or gave another title, without moving it, is changed in place. A new
    translation goes into the English's new tab, not into the translators'; so does a sentence that stays, unless both
    tabs are the same. Text that stays, in a tab that the English
    now has too, makes the two tabs one. A tab whose whole text is removed is removed with it.
    """
    _, new, target = documents
    operations = _renamed(operations, documents)
    operations = list(_made_in_new_tabs(operations, new, target))
    operations = _joined_tabs(operations, new, target)
    return _without_empty_tabs(operations, target)


def _renamed(operations: Sequence[Operation], documents: Versions[Document]) -> list[Operation]:
    base, new, target = documents
    removed = {op.base[0]: op for op in operations if op.action is Action.REMOVED and len(op.base) == 1}
    fresh = [pair for pair in _fresh_pairs(operations, new) if is_fenced(new.segments[pair[0]].text)]
    closed: dict[tuple[int, ...], tuple[int, ...]] = {(): ()}
    closed |= {(first,): (last,) for first, last in directive_pairs(target)}
    merged: list[Operation] = []
    for old in (pair for pair in directive_pairs(base) if is_fenced(base.segments[pair[0]].text)):
        opening, closing = (removed.get(b) for b in old)
        if opening is None or closing is None or closed.get(opening.target) != closing.target:
            continue
        successor = next((pair for pair in fresh if _has_same_content(operations, old, pair)), None)
        if successor is not None:
            fresh.remove(successor)
            merged += _merged_line(opening, successor[0], documents), _merged_line(closing, successor[1], documents)
    replaced, made = {op.base for op in merged}, {op.new for op in merged}
    rest = [op for op in operations if op.base not in replaced and (op.base or op.new not in made)]
    return rest + merged


def _has_same_content(operations: Sequence[Operation], old: _Pair, fresh: _Pair) -> bool:
    """Whether two directives hold the same units, in place, in both revisions."""
    lasting = [op for op in operations if op.base and op.new]
    inside = [op for op in lasting if old[0] < op.base[0] < old[1]]
    now_inside = [op for op in lasting if fresh[0] < op.new[0] < fresh[1]]
    return bool(inside) and inside == now_inside and not any(op.leaves_its_place for op in inside)


def _merged_line(op: Operation, n: int, documents: Versions[Document]) -> Operation:
    base, new, target = documents
    old, fresh = base.segments[op.base[0]].text, new.segments[n].text
    if not op.target and old == fresh:
        return Operation(Action.KEPT, "left out by the translators", op.base, (n,), ())
    if not op.target:
        return Operation(Action.LEFT, "left out by the translators; its English changed", op.base, (n,), ())
    texts = Versions(old, fresh, target.segments[op.target[0]].text)
    return merge_opaque(replace(op, new=(n,)), "directive", texts)


def _made_in_new_tabs(operations: Sequence[Operation], new: Document, target: Document) -> Iterator[Operation]:
    added = _added_pairs(operations, target)
    fresh = _fresh_pairs(operations, new)
    for op in operations:
        theirs = _around(added, op.target[0]) if op.target else None
        ours = _around(fresh, op.new[0]) if op.new else None
        if not theirs or not ours:
            yield op
        elif op.action in _MADE_ANEW:
            reason = "its English moved into a tab of its own"
            yield Operation(Action.REMOVED, reason, op.base, (), op.target)
            yield replace(op, base=(), target=())
        else:
            yield replace(op, moved=op.moved or target.segments[theirs[0]].text != new.segments[ours[0]].text)


def _joined_tabs(operations: Sequence[Operation], new: Document, target: Document) -> list[Operation]:
    added = _added_pairs(operations, target)
    fresh = _fresh_pairs(operations, new)
    same: dict[int, int] = {}
    for op in operations:
        ours = _around(fresh, op.new[0]) if op.new else None
        theirs = _around(added, op.target[0]) if op.target and not op.leaves_its_place else None
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
        inside = [operations[owner[t]] if t in owner else None for t in range(opening + 1, closing)]
        if inside and all(op is not None and (op.action is Action.REMOVED or op.leaves_its_place) for op in inside):
            reason = "nothing is left in it"
            operations.append(Operation(Action.REMOVED, reason, (), (), (opening, closing)))
    return operations


def _added_pairs(operations: Sequence[Operation], target: Document) -> list[_Pair]:
    owned = {t for op in operations for t in op.target}
    return [pair for pair in directive_pairs(target) if pair[0] not in owned]


def _fresh_pairs(operations: Sequence[Operation], new: Document) -> list[_Pair]:
    fresh = {n for op in operations if not op.base and not op.target for n in op.new}
    return [pair for pair in directive_pairs(new) if pair[0] in fresh]


def _around(pairs: Sequence[_Pair], index: int) -> _Pair | None:
    return next((pair for pair in pairs if pair[0] < index < pair[1]), None)
