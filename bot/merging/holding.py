"""Places that can't be merged without breaking the document: they are held as they were, and the rest is merged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from bot.documents import directive_pairs
from bot.errors import VerificationError
from bot.merging.pieces import Woven
from bot.model import Action, Carried, Document, Operation

AS_IT_WAS = "a change here would break the document around it, so this place is as it was"
NOT_PUT_IN = "new English that would break the document around it, so it is not in the translation"
# After so many places, each further one is held twice as far around it.
_MAX_ROUNDS = 16


@dataclass
class Holding:
    """The operations whose places are held, by index: there the translation stays as it was, byte for byte."""

    held: set[int] = field(default_factory=set)
    reach: int = 0
    rounds: int = 0

    def widen(self, woven: Woven, damaged: int) -> set[int]:
        """The operations to hold now: those nearest to the damaged piece, and each time about twice as far around it.
        Raises VerificationError if everything is held already."""
        self.rounds += 1
        if self.rounds > _MAX_ROUNDS:
            # Each round reads the whole document again.
            self.reach = min(2 * self.reach + 1, 2 * len(woven.pieces))
        while self.reach <= 2 * len(woven.pieces):
            fresh = self._near(woven, damaged) - self.held
            if fresh:
                self.held |= fresh
                return fresh
            self.reach = 2 * self.reach + 1
        place = woven.pieces[damaged].content[:80] if woven.pieces else ""
        raise VerificationError(
            f"the new document would be broken near {place!r}; merge this file by hand, or mend its structure there"
        )

    def _near(self, woven: Woven, damaged: int) -> set[int]:
        """The operations of the pieces within reach and of the old translation between them."""
        pieces = woven.pieces[max(damaged - self.reach, 0) : damaged + self.reach + 1]
        near = {piece.operation for piece in pieces if piece.operation is not None}
        tokens = [t for piece in pieces for t in piece.tokens]
        if tokens:
            owner = {t: i for i, op in enumerate(woven.operations) for t in op.target}
            between = range(min(tokens) - self.reach, max(tokens) + self.reach + 1)
            near |= {owner[t] for t in between if t in owner}
        return near | _partners(near, woven)


def _partners(near: Collection[int], woven: Woven) -> set[int]:
    """The operations of the directives one of whose two lines is in an operation of `near`."""
    base, new, target = woven.documents
    operations = list(enumerate(woven.operations))
    return {
        *_paired(base, {s: i for i, op in operations for s in op.base}, near),
        *_paired(new, {s: i for i, op in operations for s in op.new}, near),
        *_paired(target, {s: i for i, op in operations for s in op.target}, near),
    }


def _paired(document: Document, owner: dict[int, int], near: Collection[int]) -> set[int]:
    pairs = ({owner[line] for line in pair if line in owner} for pair in directive_pairs(document))
    return set[int]().union(*(pair for pair in pairs if not pair.isdisjoint(near)))


def as_it_was(op: Operation, woven: Woven) -> Operation:
    """The operation with nothing done to the translation. People's sentence is stale if its English changed."""
    new, target = woven.documents.new, woven.documents.target
    if op.action is Action.KEPT and op.text is None:
        return op
    left = replace(op, action=Action.LEFT, reason=AS_IT_WAS, text=None, moved=False, warnings=(), carried=None)
    if not op.target:
        is_english = op.text is None or op.text == new.raw(op.new[0], op.new[-1])
        return replace(left, reason=NOT_PUT_IN, rejected="" if is_english else op.text or "")
    if op.action is Action.MOVED or not op.base or not op.new or not new.segments[op.new[0]].is_prose:
        return left
    carried = op.carried or Carried(target.joined(op.target))
    return replace(left, action=Action.STALE, carried=replace(carried, kinds=(), unsure=(), complete=False))
