"""Declares every difference between the old translation and the new one as an edit."""

from __future__ import annotations

from bot.merging.pieces import Piece, Woven
from bot.model import Action, Edit, FuzzyMatch, Operation

# Action, reason, English and fuzzy match of an edit.
_Cause = tuple[Action, str, str, FuzzyMatch | None]
_STRUCTURE: _Cause = (Action.PATCHED, "structure follows the new English", "", None)
_ATTACHED: _Cause = (Action.MOVED, "moved with what precedes it", "", None)
_UNTOUCHED: _Cause = (Action.KEPT, "", "", None)


def declare(woven: Woven) -> list[Edit]:
    """Every difference as an edit, in order."""
    declarer = _Declarer(woven)
    for piece in woven.pieces:
        declarer.add(piece)
    declarer.skip_to(len(woven.documents.target.segments))
    declarer.replace(len(woven.documents.target.text), woven.tail, _STRUCTURE)
    return declarer.edits


class _Declarer:
    """Walks the pieces with a cursor in the old translation and one in the result."""

    def __init__(self, woven: Woven) -> None:
        self.woven = woven
        self.target = woven.documents.target
        self.owner = {t: op for op in woven.operations for t in op.target}
        self.old_at = self.new_at = len(woven.head)
        self.token = 0
        self.edits: list[Edit] = []

    def add(self, piece: Piece) -> None:
        op = self.woven.operation_of(piece)
        if piece.inserted:
            self._edit(self.old_at, piece.lead + piece.content, self._cause(op, _ATTACHED))
            return
        first, last = piece.tokens[0], piece.tokens[-1]
        self.skip_to(first)
        self.replace(self.target.segments[first].start, piece.lead, _STRUCTURE)
        self.replace(self.target.segments[last].end, piece.content, self._cause(op, _UNTOUCHED))
        self.token = last + 1

    def skip_to(self, token: int) -> None:
        """Declare the removal of the tokens before this one."""
        for gone in range(self.token, token):
            action, reason, english, _ = self._cause(self.owner.get(gone), _ATTACHED)
            self.replace(self.target.segments[gone].end, "", (action, reason, english, None))

    def _cause(self, op: Operation | None, default: _Cause) -> _Cause:
        return default if op is None else (op.action, op.reason, self.woven.english(op), op.fuzzy)

    def replace(self, old_end: int, text: str, cause: _Cause) -> None:
        if self.target.text[self.old_at : old_end] == text:
            self.old_at = old_end
            self.new_at += len(text)
        else:
            self._edit(old_end, text, cause)

    def _edit(self, old_end: int, text: str, cause: _Cause) -> None:
        action, reason, english, fuzzy = cause
        new_end = self.new_at + len(text)
        self.edits.append(Edit(action, reason, (self.old_at, old_end), (self.new_at, new_end), english, text, fuzzy))
        self.old_at, self.new_at = old_end, new_end
