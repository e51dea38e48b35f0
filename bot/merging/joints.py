"""The joints between pieces that were not neighbours before: leads that keep them apart, or together."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.documents import BOM
from bot.merging.leads import LeadWriter, closing_after, normalise, opening
from bot.merging.pieces import Piece
from bot.model import Document, Operation

_ENDERS = ".!?"
_BLANK_LINE = re.compile(r"\n[ \t>]*\r?\n")


def fit(previous: Piece | None, piece: Piece, writer: LeadWriter) -> Piece:
    """The piece with a lead that fits the piece before it.

    A lead is right in its original place: between the same two in the translation, or in the new English. Elsewhere it
    could glue a block to a stranger; there it becomes a blank line.
    """
    lead = piece.lead
    if previous is None:
        return piece if piece.tokens and piece.tokens[0] == 0 else replace(piece, lead=lead.lstrip("\r\n"))
    joint = _Joint(previous, piece, writer)
    if not piece.starts_block:
        if joint.in_one_block():
            return replace(piece, lead=_spaced(previous, piece)) if joint.is_new else piece
        return replace(piece, lead=writer.newline * 2, starts_block=True)
    if joint.is_as_it_was(lead):
        return piece
    if "\n" not in lead:
        # The cells of a row and the image under its caption have no line of their own.
        if joint.in_table_or_list() or piece.content.startswith("]("):
            return piece
        return replace(piece, lead=_closing(previous, writer) + writer.newline * 2 + lead.lstrip(" \t"))
    lead = opening(lead)
    if not (joint.follow_in_new or joint.in_table_or_list() or _BLANK_LINE.search(lead)):
        lead = lead.replace("\n", "\n" + writer.newline, 1)
    return replace(piece, lead=_closing(previous, writer) + lead)


def tail(last: Piece | None, writer: LeadWriter) -> str:
    """The text after the last piece: the translation's own end, or the new English's if that changed."""
    base, new, target = writer.documents
    if last is None and not target.segments:
        return target.text.removeprefix(BOM)  # nothing is put into a file of structure alone
    if last is None or not target.segments:
        return writer.lines(new.lead(len(new.segments)))
    own, old, fresh = (document.lead(len(document.segments)) for document in (target, base, new))
    changed = writer.lines(old) != writer.lines(fresh) and writer.lines(own) == writer.lines(old)
    return _closing(last, writer) + opening(writer.lines(fresh) if changed else own)


def _closing(piece: Piece, writer: LeadWriter) -> str:
    """The end of the piece's block: as in the translation, or as in the new English if that is new or changed."""
    base, new, target = writer.documents
    own = closing_after(target, piece.tokens[-1]) if piece.tokens else ""
    op = _maker(piece, writer)
    if op is None or not op.new:
        return own
    fresh = closing_after(new, op.new[-1])
    if piece.tokens and op.base and normalise(closing_after(base, op.base[-1])) == normalise(fresh):
        return own
    return writer.lines(fresh)


def _maker(piece: Piece, writer: LeadWriter) -> Operation | None:
    """The operation of the piece; for an addition the operation of the rest of its block."""
    if piece.operation is not None:
        return writer.operations[piece.operation]
    return writer.maker_of_block(writer.documents.target.segments[piece.tokens[-1]].block)


class _Joint:
    """Two neighbouring pieces of the result, each as its segment in the translation and in the new English."""

    def __init__(self, previous: Piece, piece: Piece, writer: LeadWriter) -> None:
        _, self.new, self.target = writer.documents
        self.writer = writer
        self.left_token = previous.tokens[-1] if previous.tokens else None
        self.right_token = piece.tokens[0] if piece.tokens else None
        left, right = (None if p.operation is None else writer.operations[p.operation] for p in (previous, piece))
        self.left_new = left.new[-1] if left is not None and left.new else None
        # A translators' addition belongs to the paragraph that it stands in.
        around = left or (_maker(previous, writer) if previous.tokens else None)
        self.left_paragraph = around.new[-1] if around is not None and around.new else None
        self.right_new = right.new[0] if right is not None and right.new else None
        changed = any(op is not None and op.text is not None for op in (left, right))
        # Whether the two texts meet here for the first time, and whether they are neighbours in the new English.
        self.is_new = changed or not _follow(self.left_token, self.right_token)
        self.follow_in_new = _follow(self.left_new, self.right_new)

    def is_as_it_was(self, lead: str) -> bool:
        """Whether the lead stands between the two in the translation or in the new English."""
        known: list[str] = []
        if self.left_token is not None and self.right_token is not None and self.left_token < self.right_token:
            # If everything between them is gone, they may have taken over the lead that began it.
            known.append(self.target.lead(self.left_token + 1))
        if self.right_new is not None and self.follow_in_new:
            known.append(self.writer.lines(self.new.lead(self.right_new)))
        return lead in known

    def in_one_block(self) -> bool:
        return _share_block(self.new, self.left_paragraph, self.right_new) or _share_block(
            self.target, self.left_token, self.right_token
        )

    def in_table_or_list(self) -> bool:
        """Whether both are in a list or a table, whose items need no blank line between them."""
        sides = (self.left_new, self.left_token), (self.right_new, self.right_token)
        return all(set(self._container(new, token)) & set("*1|") for new, token in sides)

    def _container(self, new: int | None, token: int | None) -> str:
        if new is not None:
            return self.new.block_of(new).container
        return "" if token is None else self.target.block_of(token).container


def _follow(left: int | None, right: int | None) -> bool:
    return left is not None and right is not None and left + 1 == right


def _share_block(document: Document, left: int | None, right: int | None) -> bool:
    return left is not None and right is not None and document.block_of(left) is document.block_of(right)


def _spaced(previous: Piece, piece: Piece) -> str:
    """A space between two texts of Latin letters, and behind a sentence left in English, even if the language puts none
    between sentences."""
    if piece.lead or not previous.content or not piece.content:
        return piece.lead
    left, right = previous.content[-1], piece.content[0]
    return " " if left in _ENDERS or (left.isascii() and right.isascii() and not left.isspace()) else ""
