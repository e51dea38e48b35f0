"""The parts that a new translation is put together from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.model import Document, Operation, Span, Versions


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the new translation: lead and content.

    `tokens` are the segments of the old translation that it replaces (none for an insertion), `operation` the index of
    its operation (None for the translators' own additions). `starts_block`: the lead begins a block. `inserted`: the
    piece was not here in the old translation.
    """

    tokens: tuple[int, ...]
    operation: int | None
    lead: str
    content: str
    starts_block: bool
    inserted: bool = False


@dataclass(frozen=True, slots=True)
class Woven:
    """A new translation before it is verified: `head` (a byte order mark or nothing), the pieces, `tail`. `held` are
    the operations, by index, whose places are as they were."""

    documents: Versions[Document]
    operations: Sequence[Operation]
    pieces: Sequence[Piece]
    head: str = ""
    tail: str = ""
    held: frozenset[int] = frozenset()

    @property
    def text(self) -> str:
        return self.head + "".join(piece.lead + piece.content for piece in self.pieces) + self.tail

    def spans(self) -> Iterator[tuple[Piece, Span]]:
        """Each piece with the span of its content in `text`."""
        at = len(self.head)
        for piece in self.pieces:
            start = at + len(piece.lead)
            at = start + len(piece.content)
            yield piece, (start, at)

    def operation_of(self, piece: Piece) -> Operation | None:
        return None if piece.operation is None else self.operations[piece.operation]

    def english(self, op: Operation) -> str:
        """The new English of a unit, on one line; the base English if it was deleted."""
        return self.documents.new.joined(op.new) if op.new else self.documents.base.joined(op.base)
