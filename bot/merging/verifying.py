"""Proves the promises on an actual result before it can be written: nothing undeclared changed, nothing was dropped,
the document still reads as what it was put together from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence, Set

from bot.documents import enclosing_directives, has_open_directives
from bot.errors import VerificationError
from bot.merging.pieces import Piece
from bot.model import Action, Document, Edit, Kind, Operation, Segment, Span, Versions


def verify_edits(old: str, text: str, edits: Sequence[Edit]) -> None:
    """The edits are sorted, don't overlap, and turn `old` into `text`; every other character is the same."""
    parts: list[str] = []
    at = written = 0
    for edit in edits:
        start, end = edit.before
        if not at <= start <= end:
            raise VerificationError(f"edits overlap at character {start} of the translation; please report this")
        parts += old[at:start], edit.text
        written += start - at
        if edit.after != (written, written + len(edit.text)):
            raise VerificationError(f"an edit at character {start} says the wrong place; please report this")
        written += len(edit.text)
        at = end
    parts.append(old[at:])
    if "".join(parts) != text:
        raise VerificationError("the edits do not give the result; please report this")


def verify_complete(documents: Versions[Document], operations: Sequence[Operation]) -> None:
    """Each segment of base and new English is in exactly one operation, each of the translation in at most one."""
    base, new, target = documents
    for name, document, used, partial in (
        ("base English", base, [i for op in operations for i in op.base], False),
        ("new English", new, [i for op in operations for i in op.new], False),
        ("translation", target, [i for op in operations for i in op.target], True),
    ):
        if len(set(used)) != len(used) or (not partial and len(used) != len(document.segments)):
            raise VerificationError(f"the plan does not cover the {name} exactly once; please report this")


def verify_human_text(
    target: Document, operations: Sequence[Operation], untouchable: Sequence[int], pieces: Sequence[Piece]
) -> None:
    """Every sentence that stays, moves or was added by the translators stands in the result byte for byte.

    `untouchable` comes from the links and the two revisions of the English, not from the operations, so that a wrong
    decision shows.
    """
    protected = set(untouchable)
    content = {token: piece.content for piece in pieces for token in piece.tokens}
    replaced = {t for op in operations if op.action is Action.REMOVED or op.text is not None for t in op.target}
    for token, segment in enumerate(target.segments):
        must_stay = token not in replaced or token in protected
        if must_stay and content.get(token) != target.text[segment.start : segment.end]:
            raise VerificationError(f"a sentence whose English did not change would be lost: {segment.text!r}")


def verify_directives(
    documents: Versions[Document],
    operations: Sequence[Operation],
    pieces: Sequence[Piece],
    head: int,
    result: Document,
) -> None:
    """No tab or directive is left open, and what stands in each is what the new English has in it.

    Directives that only the translators have don't count; where they put a segment into or out of a directive of the
    English, their choice is as good. Nothing is asked where the English or the translation has a directive open
    already. `head` is the number of characters before the first piece.
    """
    base, new, target = documents
    if has_open_directives(new) or has_open_directives(target):
        return
    if has_open_directives(result):
        raise VerificationError("a tab or directive of the new document would not be closed; it is left for a person")
    makers = _makers(pieces, head, result)
    standing = {index for index in makers.values() if operations[index].new}
    in_result = _Enclosures(result, makers, standing)
    in_base = _Enclosures(base, {i: k for k, op in enumerate(operations) for i in op.base}, standing)
    in_new = _Enclosures(new, {i: k for k, op in enumerate(operations) for i in op.new}, standing)
    in_target = _Enclosures(target, {i: k for k, op in enumerate(operations) for i in op.target}, standing)
    for segment, index in makers.items():
        op = operations[index]
        if not op.new:
            continue
        allowed = [in_new.around(op.new[0])]
        if op.base and op.target and in_base.around(op.base[0]) != in_target.around(op.target[0]):
            allowed.append(in_target.around(op.target[0]))
        if in_result.around(segment) not in allowed:
            text = result.segments[segment].text[:80]
            raise VerificationError(f"{text!r} would stand in another tab or directive than in the new English")


def _makers(pieces: Sequence[Piece], head: int, result: Document) -> dict[int, int]:
    """For the first segment of each piece in the result the operation that the piece is from."""
    starts = [segment.start for segment in result.segments]
    makers: dict[int, int] = {}
    at = head
    for piece in pieces:
        at += len(piece.lead)
        first = bisect_left(starts, at)
        at += len(piece.content)
        if piece.operation is not None and first < len(starts) and starts[first] < at:
            makers[first] = piece.operation
    return makers


class _Enclosures:
    """The directives around the segments of one document, by the operations that they belong to."""

    def __init__(self, document: Document, owner: Mapping[int, int], standing: Set[int]) -> None:
        self.lines = enclosing_directives(document)
        self.owner = {i: k for i, k in owner.items() if k in standing}

    def around(self, segment: int) -> tuple[int, ...]:
        """Those of directives that stand in the result, outermost first."""
        return tuple(self.owner[i] for i in self.lines[segment] if i in self.owner)


def find_damage(
    documents: Versions[Document],
    operations: Sequence[Operation],
    pieces: Sequence[Piece],
    head: int,
    result: Document,
) -> int | None:
    """The first piece that the result does not read as it was put together, None where all is sound.

    Each piece must be found where it was written: code, maths, labels and everything else opaque as one segment of
    exactly its characters, prose in blocks that begin and end where they should, headings with their level, and nothing
    that was structure read as words. So a fence left open, a line taken for a list or two glued paragraphs show.
    `head` is the number of characters before the first piece.
    """
    inspector = _Inspector(documents, operations, result)
    at = head
    for number, piece in enumerate(pieces):
        start = at + len(piece.lead)
        at = start + len(piece.content)
        if piece.content and not inspector.is_sound(piece, (start, at)):
            return number
    return None if inspector.is_finished() else max(len(pieces) - 1, 0)


class _Inspector:
    """Walks the segments of the result along with the pieces."""

    def __init__(self, documents: Versions[Document], operations: Sequence[Operation], result: Document) -> None:
        self.base, self.new, self.target = documents
        self.operations = operations
        self.result = result
        self.next = 0
        self.at = 0

    def is_sound(self, piece: Piece, span: Span) -> bool:
        """Whether the piece whose content has this span is there, and only structure before it."""
        if self.next < len(self.result.segments) and not self._is_structure(self.at, span[0]):
            return False
        before = self.result.segments[self.next - 1] if self.next else None
        found = self._segments_in(span)
        self.at = span[1]
        if not found:
            return False
        expected = self._expected(piece)
        if not expected.is_prose:
            exact = _stripped(self.result.text, span)
            return len(found) == 1 and found[0].kind is expected.kind and (found[0].start, found[0].end) == exact
        blocks = [segment.block for segment in found]
        return (
            all(self._reads_as(segment, expected, piece) for segment in found)
            and self._covers(found, span)
            and (len(set(blocks)) == 1 or self._spans_blocks(piece))
            and (before is None or (before.block != blocks[0]) == piece.starts_block)
        )

    def is_finished(self) -> bool:
        return self.next == len(self.result.segments) and self._is_structure(self.at, len(self.result.text))

    def _segments_in(self, span: Span) -> list[Segment]:
        """The segments that overlap the span; the last one may go on in the next piece."""
        segments = self.result.segments
        found: list[Segment] = []
        if self.next and segments[self.next - 1].end > span[0]:
            found.append(segments[self.next - 1])
        while self.next < len(segments) and segments[self.next].start < span[1]:
            found.append(segments[self.next])
            self.next += 1
        return found

    def _is_structure(self, start: int, end: int) -> bool:
        """Whether no segment has more than white space and quote marks between two pieces."""
        segments = self.result.segments
        near = segments[max(self.next - 1, 0) : self.next + 1]
        return all(_is_blank(self.result.text[max(start, s.start) : min(end, s.end)]) for s in near)

    def _covers(self, found: Sequence[Segment], span: Span) -> bool:
        at = span[0]
        for segment in found:
            if not _is_blank(self.result.text[at : segment.start]):
                return False
            at = max(at, segment.end)
        return _is_blank(self.result.text[at : span[1]])

    def _expected(self, piece: Piece) -> Segment:
        op = None if piece.operation is None else self.operations[piece.operation]
        if op is not None and op.new:
            new = self.new.segments[op.new[0]]
            if op.text is not None or not op.base or self.base.segments[op.base[0]].kind is not new.kind:
                return new
        if not piece.tokens:
            raise VerificationError("a piece of the result belongs to nothing; please report this")
        return self.target.segments[piece.tokens[0]]

    def _reads_as(self, segment: Segment, expected: Segment, piece: Piece) -> bool:
        if not segment.is_prose or (segment.kind is Kind.HEADING) != (expected.kind is Kind.HEADING):
            return False
        return segment.kind is not Kind.HEADING or self._level(self.result, segment) in self._levels(expected, piece)

    def _levels(self, expected: Segment, piece: Piece) -> set[int]:
        """The level in the new English, or the translators' own where they chose another."""
        levels = {self.target.blocks[self.target.segments[t].block].level for t in piece.tokens}
        if piece.operation is not None and self.operations[piece.operation].new:
            levels.add(self._level(self.new, self.new.segments[self.operations[piece.operation].new[0]]))
        return levels or {self._level(self.target, expected)}

    def _spans_blocks(self, piece: Piece) -> bool:
        """Whether the unit is one that the translators made several paragraphs of."""
        return len({self.target.segments[t].block for t in piece.tokens}) > 1

    def _level(self, document: Document, segment: Segment) -> int:
        return document.blocks[segment.block].level


def _is_blank(text: str) -> bool:
    return not text.strip(" \t\r\n>\\")


def _stripped(text: str, span: Span) -> Span:
    raw = text[slice(*span)]
    return span[0] + len(raw) - len(raw.lstrip()), span[1] - (len(raw) - len(raw.rstrip()))
