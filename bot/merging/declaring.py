"""Declares every difference between the old translation and the new one as an edit."""

from __future__ import annotations

from collections.abc import Sequence

from bot.merging.pieces import Piece
from bot.model import Action, Document, Edit, FuzzyMatch, Operation, Versions


def declare(
    documents: Versions[Document],
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

    def __init__(self, documents: Versions[Document], operations: Sequence[Operation], head: int) -> None:
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
