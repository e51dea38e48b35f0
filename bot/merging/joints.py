"""Where two pieces meet that did not follow each other before: a lead that keeps them apart, or together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.merging.leads import LeadWriter, closing_after, normalise, opening
from bot.merging.pieces import Piece
from bot.model import Document, Operation, Versions

_BLANK_LINE = re.compile(r"\n[ \t>]*\r?\n")


def fit(
    previous: Piece | None,
    piece: Piece,
    documents: Versions[Document],
    operations: Sequence[Operation],
    writer: LeadWriter,
) -> Piece:
    """The piece with a lead that fits what it now follows.

    A lead is right where it comes from: between the same two in the translation, or in the new English. Elsewhere it
    could glue a block to a stranger; there it becomes a blank line.
    """
    lead = piece.lead
    if previous is None:
        return piece if piece.tokens and piece.tokens[0] == 0 else replace(piece, lead=lead.lstrip("\r\n"))
    joint = _Joint(previous, piece, documents, operations, writer)
    if not piece.starts_block:
        if joint.in_one_block():
            return replace(piece, lead=_spaced(previous, piece)) if joint.is_new() else piece
        return replace(piece, lead=writer.newline * 2, starts_block=True)
    if joint.is_as_it_was(lead):
        return piece
    if "\n" not in lead:
        # The cells of a row and the image under its caption have no line of their own.
        within_line = joint.in_table_or_list() or piece.content.startswith("](")
        return piece if within_line else replace(piece, lead=joint.closing() + writer.newline * 2 + lead.lstrip(" \t"))
    lead = opening(lead)
    if not (joint.follow_in_new() or joint.in_table_or_list() or _BLANK_LINE.search(lead)):
        lead = lead.replace("\n", "\n" + writer.newline, 1)
    return replace(piece, lead=joint.closing() + lead)


def tail(
    last: Piece | None,
    documents: Versions[Document],
    operations: Sequence[Operation],
    writer: LeadWriter,
) -> str:
    """What stands after the last piece: the translation's own end, the new English's where that changed."""
    base, new, target = documents
    if last is None or not target.segments:
        return writer.lines(new.lead(len(new.segments)))
    own, old, fresh = (document.lead(len(document.segments)) for document in (target, base, new))
    end = fresh if own == writer.lines(old) else own
    return _closing(last, documents, operations, writer) + opening(writer.lines(end))


def _closing(
    piece: Piece,
    documents: Versions[Document],
    operations: Sequence[Operation],
    writer: LeadWriter,
) -> str:
    """What ends the piece's block: as in the translation, or as in the new English where that is new or changed."""
    base, new, target = documents
    own = closing_after(target, piece.tokens[-1]) if piece.tokens else ""
    op = _maker(piece, target, operations)
    if op is None or not op.new:
        return own
    fresh = closing_after(new, op.new[-1])
    if piece.tokens and op.base and normalise(closing_after(base, op.base[-1])) == normalise(fresh):
        return own
    return writer.lines(fresh)


def _maker(piece: Piece, target: Document, operations: Sequence[Operation]) -> Operation | None:
    """The operation that the piece, or for an addition the rest of its block, is of."""
    if piece.operation is not None:
        return operations[piece.operation]
    block = target.segments[piece.tokens[-1]].block
    return next((op for op in operations if op.new and any(target.segments[t].block == block for t in op.target)), None)


class _Joint:
    """Two pieces that stand one after the other in the result."""

    def __init__(
        self,
        previous: Piece,
        piece: Piece,
        documents: Versions[Document],
        operations: Sequence[Operation],
        writer: LeadWriter,
    ) -> None:
        _, self.new, self.target = documents
        self.writer = writer
        self.closing = partial(_closing, previous, documents, operations, writer)
        self.left_token = previous.tokens[-1] if previous.tokens else None
        self.right_token = piece.tokens[0] if piece.tokens else None
        self.left_new = _new_of(previous, operations, -1)
        self.right_new = _new_of(piece, operations, 0)
        made = [operations[p.operation].text for p in (previous, piece) if p.operation is not None]
        self.changed = any(text is not None for text in made)

    def is_new(self) -> bool:
        """Whether the two texts meet here for the first time."""
        return self.changed or not self._follow_in_target()

    def is_as_it_was(self, lead: str) -> bool:
        """Whether the lead is what stands between the two in the translation or in the new English."""
        known: list[str] = []
        if self.left_token is not None and self.right_token is not None and self.left_token < self.right_token:
            # Where what stood between them left, the lead that began it may have been taken over.
            known.append(self.target.lead(self.left_token + 1))
        if self.right_new is not None and self.follow_in_new():
            known.append(self.writer.lines(self.new.lead(self.right_new)))
        return lead in known

    def in_one_block(self) -> bool:
        in_new = (
            self.left_new is not None
            and self.right_new is not None
            and self.new.segments[self.left_new].block == self.new.segments[self.right_new].block
        )
        return in_new or (
            self.left_token is not None
            and self.right_token is not None
            and self.target.segments[self.left_token].block == self.target.segments[self.right_token].block
        )

    def in_table_or_list(self) -> bool:
        """Whether both are in a list or a table, where items need no blank line between them."""
        return all(set(c) & set("*1|") for c in (self._container(True), self._container(False)))

    def follow_in_new(self) -> bool:
        return self.left_new is not None and self.right_new is not None and self.left_new + 1 == self.right_new

    def _follow_in_target(self) -> bool:
        return self.left_token is not None and self.right_token is not None and self.left_token + 1 == self.right_token

    def _container(self, left: bool) -> str:
        new, token = (self.left_new, self.left_token) if left else (self.right_new, self.right_token)
        if new is not None:
            return self.new.blocks[self.new.segments[new].block].container
        return "" if token is None else self.target.blocks[self.target.segments[token].block].container


def _new_of(piece: Piece, operations: Sequence[Operation], which: int) -> int | None:
    if piece.operation is None or not operations[piece.operation].new:
        return None
    return operations[piece.operation].new[which]


def _spaced(previous: Piece, piece: Piece) -> str:
    """Two texts of Latin letters need a space between them also where the language puts none between sentences."""
    if piece.lead or not previous.content or not piece.content:
        return piece.lead
    left, right = previous.content[-1], piece.content[0]
    return " " if left.isascii() and right.isascii() and not left.isspace() else ""
