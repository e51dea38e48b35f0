"""Proves the promises on an actual result before it can be written: no undeclared change, nothing dropped, and a
document that parses into the pieces it was put together from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Hashable, Sequence

from bot.changes.left_out import left_out_whole
from bot.documents import enclosing_directives, open_directives, reads_the_same
from bot.errors import VerificationError
from bot.merging.pieces import Piece, Woven
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


def verify_human_text(woven: Woven, untouchable: Sequence[int]) -> None:
    """Every sentence that stays, moves or was added by the translators stands in the result byte for byte.

    `untouchable` comes from the links and the two revisions of the English, not from the operations; so it reveals a
    wrong decision.
    """
    target = woven.documents.target
    content = {token: piece.content for piece in woven.pieces for token in piece.tokens}
    replaced = {t for op in woven.operations if op.action is Action.REMOVED or op.text is not None for t in op.target}
    for token in sorted({*range(len(target.segments))} - replaced | {*untouchable}):
        if content.get(token) != target.raw(token):
            text = target.segments[token].text
            raise VerificationError(f"a sentence whose English did not change would be lost: {text!r}")


def verify_removals(woven: Woven, given_up: Collection[int] = ()) -> None:
    """No translation is removed or replaced while its English stands without any people's words for it.

    This counts texts, and trusts neither the links between the two revisions nor the reasons of the plan. Segments of
    the translation that people have `given_up` may go. English of a passage that the translators left out whole calls
    for no translation.
    """
    base, new, target = woven.documents
    standing: Counter[Hashable] = Counter(map(_key, new.segments))
    for place in left_out_whole(woven.operations, new):
        standing.subtract(_key(new.segments[n]) for n in woven.operations[place].new)
    for op in woven.operations:
        if _has_peoples_words(op):
            standing.subtract(_key(new.segments[n]) for n in op.new)
    for op in woven.operations:
        if op.target and not _has_peoples_words(op) and not set(op.target).issubset(given_up):
            for b in op.base:
                was_translated = not reads_the_same(base.joined(op.base), target.joined(op.target))
                if standing[_key(base.segments[b])] > 0 and was_translated:
                    text = target.joined(op.target)
                    raise VerificationError(f"a translation whose English stands would be lost: {text!r}")


def _key(segment: Segment) -> Hashable:
    return segment.is_prose or segment.kind, segment.text.replace("\r\n", "\n")


def _has_peoples_words(op: Operation) -> bool:
    """Whether the operation gives its English a translation by people, or leaves it the one that it has."""
    if op.action is Action.REUSED:
        return True
    return bool(op.target) and op.action is not Action.REMOVED and (op.text is None or op.carried is not None)


def find_misplaced(woven: Woven, result: Document) -> int | None:
    """The index of the piece at the first tab or directive that is left open, or at the first segment that is not in
    the directive that it is in in the new English; None if there is none.

    Directives that only the translators have don't count. If they put a segment into or out of a directive of the
    English, their choice is as good. If the English or the translation has an open directive already, nothing is
    checked.
    """
    base, new, target = woven.documents
    if open_directives(new) or open_directives(target):
        return None
    starts = [segment.start for segment in result.segments]
    for stray in open_directives(result):
        return _piece_at(woven, starts[stray])
    makers = _makers(woven, result)
    standing = {index for index in makers.values() if woven.operations[index].new}
    operations = list(enumerate(woven.operations))
    in_result = _enclosures(result, makers, standing)
    in_base = _enclosures(base, {i: k for k, op in operations for i in op.base}, standing)
    in_new = _enclosures(new, {i: k for k, op in operations for i in op.new}, standing)
    in_target = _enclosures(target, {i: k for k, op in operations for i in op.target}, standing)
    for segment, index in makers.items():
        op = woven.operations[index]
        if not op.new:
            continue
        allowed = [in_new[op.new[0]]]
        if op.target and (index in woven.held or (op.base and in_base[op.base[0]] != in_target[op.target[0]])):
            allowed.append(in_target[op.target[0]])
        if in_result[segment] not in allowed:
            return _piece_at(woven, starts[segment])
    return None


def _piece_at(woven: Woven, position: int) -> int:
    """The index of the piece that holds a position of the new translation, or of the first piece after it."""
    ends = [end for _, (_, end) in woven.spans()]
    return min(bisect_right(ends, position), len(ends) - 1)


def _makers(woven: Woven, result: Document) -> dict[int, int]:
    """For the first segment of each piece in the result the operation of the piece."""
    starts = [segment.start for segment in result.segments]
    makers: dict[int, int] = {}
    for piece, (start, end) in woven.spans():
        first = bisect_left(starts, start)
        if piece.operation is not None and first < len(starts) and starts[first] < end:
            makers[first] = piece.operation
    return makers


def _enclosures(document: Document, owner: dict[int, int], standing: Collection[int]) -> list[tuple[int, ...]]:
    """For each segment the operations of the directives around it that are in the result, outermost first."""
    return [tuple(owner[i] for i in lines if owner.get(i) in standing) for lines in enclosing_directives(document)]


def find_damage(woven: Woven, result: Document) -> int | None:
    """The index of the first piece that `result`, the parsed text, reads differently; None if all is sound.

    Each piece must stand in the place where it was written: code, maths, labels and everything else opaque as one
    segment of exactly its characters, prose in blocks with the right beginning and end, headings with their level, and
    no structure as words. This shows a fence left open, a line taken for a list, or two glued paragraphs.
    """
    inspector = _Inspector(woven, result)
    for number, (piece, span) in enumerate(woven.spans()):
        if piece.content and not inspector.is_sound(piece, span):
            return number
    return None if inspector.is_finished() else max(len(woven.pieces) - 1, 0)


class _Inspector:
    """Walks the segments of the result along with the pieces."""

    def __init__(self, woven: Woven, result: Document) -> None:
        self.woven = woven
        self.base, self.new, self.target = woven.documents
        self.result = result
        self.next = 0
        self.at = 0

    def is_sound(self, piece: Piece, span: Span) -> bool:
        """Whether the piece whose content has this span is there, and only structure before it."""
        if self.next < len(self.result.segments) and not self._is_structure(self.at, span[0]):
            return False
        before = self.result.segments[self.next - 1] if self.next else None
        segments = self._segments_in(span)
        self.at = span[1]
        if not segments:
            return False
        expected = self._expected(piece)
        if not expected.is_prose:
            return len(segments) == 1 and segments[0].kind is expected.kind and self._is_exactly(segments[0], span)
        blocks = [segment.block for segment in segments]
        # The translators may have made several paragraphs of the unit.
        own_blocks = {self.target.segments[t].block for t in piece.tokens}
        return (
            all(self._reads_as(segment, expected, piece) for segment in segments)
            and self._covers(segments, span)
            and (len(set(blocks)) == 1 or len(own_blocks) > 1)
            and (before is None or (before.block != blocks[0]) == piece.starts_block)
        )

    def _is_exactly(self, segment: Segment, span: Span) -> bool:
        """Whether a segment is all that has the span, except for white space at its ends: code may begin with some that
        is its own."""
        start, end = span
        if segment.start < start or segment.end > end:
            return False
        text = self.result.text
        return _is_blank(text[start : segment.start]) and _is_blank(text[segment.end : end])

    def is_finished(self) -> bool:
        return self.next == len(self.result.segments) and self._is_structure(self.at, len(self.result.text))

    def _segments_in(self, span: Span) -> list[Segment]:
        """The segments that overlap the span; the last one may go on in the next piece."""
        segments = self.result.segments
        overlapping: list[Segment] = []
        if self.next and segments[self.next - 1].end > span[0]:
            overlapping.append(segments[self.next - 1])
        while self.next < len(segments) and segments[self.next].start < span[1]:
            overlapping.append(segments[self.next])
            self.next += 1
        return overlapping

    def _is_structure(self, start: int, end: int) -> bool:
        """Whether no segment has more than white space and quote marks between two pieces."""
        segments = self.result.segments
        near = segments[max(self.next - 1, 0) : self.next + 1]
        return all(_is_blank(self.result.text[max(start, s.start) : min(end, s.end)]) for s in near)

    def _covers(self, segments: Sequence[Segment], span: Span) -> bool:
        at = span[0]
        if self.result.text[at : segments[0].start].strip():
            return False  # a text begins with its words; a quote mark before them is one of those
        for segment in segments:
            if not _is_blank(self.result.text[at : segment.start]):
                return False
            at = max(at, segment.end)
        return _is_blank(self.result.text[at : span[1]])

    def _expected(self, piece: Piece) -> Segment:
        op = self.woven.operation_of(piece)
        if op is not None and op.new and piece.operation not in self.woven.held:
            new = self.new.segments[op.new[0]]
            if op.text is not None or not op.base or self.base.segments[op.base[0]].kind is not new.kind:
                return new
        if not piece.tokens:
            raise VerificationError("a piece of the result belongs to nothing; please report this")
        return self.target.segments[piece.tokens[0]]

    def _reads_as(self, segment: Segment, expected: Segment, piece: Piece) -> bool:
        if not segment.is_prose or (segment.kind is Kind.HEADING) != (expected.kind is Kind.HEADING):
            return False
        # A heading has the level of the new English, or the translators' own if they chose another.
        levels = {self.target.block_of(token).level for token in piece.tokens}
        op = self.woven.operation_of(piece)
        if op is not None and op.new:
            levels.add(self.new.block_of(op.new[0]).level)
        return segment.kind is not Kind.HEADING or self.result.blocks[segment.block].level in levels


def _is_blank(text: str) -> bool:
    return not text.strip(" \t\r\n>\\")
