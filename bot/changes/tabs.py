"""Directives around text that stays: renamed by the English, or added or emptied by one of the two sides."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
    contents = _Contents(operations, fresh, len(new.segments))
    closed: dict[tuple[int, ...], tuple[int, ...]] = {(): ()}
    closed |= {(first,): (last,) for first, last in directive_pairs(target)}
    merged: list[Operation] = []
    for old in (pair for pair in directive_pairs(base) if is_fenced(base.segments[pair[0]].text)):
        opening, closing = (removed.get(b) for b in old)
        if opening is None or closing is None or closed.get(opening.target) != closing.target:
            continue
        successor = contents.successor(old)
        if successor is not None:
            merged += _merged_line(opening, successor[0], documents), _merged_line(closing, successor[1], documents)
    replaced, made = {op.base for op in merged}, {op.new for op in merged}
    rest = [op for op in operations if op.base not in replaced and (op.base or op.new not in made)]
    return rest + merged


class _Contents:
    """The units inside the directives of both revisions. `fresh` are the new revision's that no unit has."""

    def __init__(self, operations: Sequence[Operation], fresh: Sequence[_Pair], size: int) -> None:
        self._units = sorted((op for op in operations if op.base and op.new), key=lambda op: op.base[0])
        self._before = [op.base[0] for op in self._units]
        self._now = sorted(op.new[0] for op in self._units)
        self._around = _innermost(fresh, size)
        self._taken: set[_Pair] = set()

    def successor(self, old: _Pair) -> _Pair | None:
        """The fresh directive that holds the same units as an old one, in place; each is a successor once."""
        inside = self._units[bisect_right(self._before, old[0]) : bisect_left(self._before, old[1])]
        if not inside or any(op.leaves_its_place for op in inside):
            return None
        now = [op.new[0] for op in inside]
        pair = self._around[min(now)]
        while pair is not None:
            held = bisect_left(self._now, pair[1]) - bisect_right(self._now, pair[0])
            if pair not in self._taken and held == len(now) and max(now) < pair[1]:
                self._taken.add(pair)
                return pair
            pair = self._around[pair[0]] if held <= len(now) else None
        return None


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
    added = _innermost(_added_pairs(operations, target), len(target.segments))
    fresh = _innermost(_fresh_pairs(operations, new), len(new.segments))
    for op in operations:
        theirs = added[op.target[0]] if op.target else None
        ours = fresh[op.new[0]] if op.new else None
        if not theirs or not ours:
            yield op
        elif op.action in _MADE_ANEW:
            reason = "its English moved into a tab of its own"
            yield Operation(Action.REMOVED, reason, op.base, (), op.target)
            yield replace(op, base=(), target=())
        else:
            yield replace(op, moved=op.moved or target.segments[theirs[0]].text != new.segments[ours[0]].text)


def _joined_tabs(operations: Sequence[Operation], new: Document, target: Document) -> list[Operation]:
    added = _innermost(_added_pairs(operations, target), len(target.segments))
    fresh = _innermost(_fresh_pairs(operations, new), len(new.segments))
    same: dict[int, int] = {}
    taken: set[int] = set()
    for op in operations:
        ours = fresh[op.new[0]] if op.new else None
        theirs = added[op.target[0]] if op.target and not op.leaves_its_place else None
        if not ours or not theirs or ours[0] in same or theirs[0] in taken:
            continue
        if new.segments[ours[0]].text == target.segments[theirs[0]].text:
            same |= dict(zip(ours, theirs, strict=True))
            taken.update(theirs)
    reason = "the translators had added it"
    return [
        Operation(Action.KEPT, reason, (), op.new, (same[op.new[0]],)) if op.new and op.new[0] in same else op
        for op in operations
    ]


def _without_empty_tabs(operations: list[Operation], target: Document) -> list[Operation]:
    owner = {t: k for k, op in enumerate(operations) for t in op.target}
    for opening, closing in _added_pairs(operations, target):
        inside = range(opening + 1, closing)
        if inside and all(t in owner and _is_going(operations[owner[t]]) for t in inside):
            reason = "nothing is left in it"
            operations.append(Operation(Action.REMOVED, reason, (), (), (opening, closing)))
    return operations


def _is_going(op: Operation) -> bool:
    return op.action is Action.REMOVED or op.leaves_its_place


def _added_pairs(operations: Sequence[Operation], target: Document) -> list[_Pair]:
    owned = {t for op in operations for t in op.target}
    return [pair for pair in directive_pairs(target) if pair[0] not in owned]


def _fresh_pairs(operations: Sequence[Operation], new: Document) -> list[_Pair]:
    fresh = {n for op in operations if not op.base and not op.target for n in op.new}
    return [pair for pair in directive_pairs(new) if pair[0] in fresh]


def _innermost(pairs: Sequence[_Pair], size: int) -> list[_Pair | None]:
    """For each of so many segments the innermost of these directives around it. Their own lines are outside them."""
    ends = dict(pairs)
    around: list[_Pair | None] = []
    stack: list[_Pair] = []
    for index in range(size):
        while stack and stack[-1][1] <= index:
            stack.pop()
        around.append(stack[-1] if stack else None)
        if index in ends:
            stack.append((index, ends[index]))
    return around
