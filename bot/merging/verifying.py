"""Proves the promises on an actual result before it can be written: nothing undeclared changed, nothing was dropped,
the document still reads as what it was put together from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.errors import VerificationError
from bot.merging.weaving import Piece
from bot.model import Action, Document, Edit, Kind, Operation

_UNTOUCHED = frozenset({Action.KEPT, Action.MOVED})


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


def verify_complete(documents: tuple[Document, Document, Document], operations: Sequence[Operation]) -> None:
    """Each segment of base and new English is in exactly one operation, each of the translation in at most one."""
    base, new, target = documents
    for name, document, used, partial in (
        ("base English", base, [i for op in operations for i in op.base], False),
        ("new English", new, [i for op in operations for i in op.new], False),
        ("translation", target, [i for op in operations for i in op.target], True),
    ):
        if len(set(used)) != len(used) or (not partial and len(used) != len(document.segments)):
            raise VerificationError(f"the plan does not cover the {name} exactly once; please report this")


def verify_human_text(target: Document, operations: Sequence[Operation], pieces: Sequence[Piece]) -> None:
    """Every sentence that stays, moves or was added by the translators stands in the result byte for byte."""
    content = {token: piece.content for piece in pieces for token in piece.tokens}
    removed = {t for op in operations if op.action not in _UNTOUCHED for t in op.target}
    for token, segment in enumerate(target.segments):
        if token not in removed and content.get(token) != target.text[segment.start : segment.end]:
            raise VerificationError(f"a sentence whose English did not change would be lost: {segment.text!r}")


def find_damage(
    documents: tuple[Document, Document, Document],
    operations: Sequence[Operation],
    pieces: Sequence[Piece],
    result: Document,
) -> int | None:
    """The first piece from which on the result no longer reads as it was put together, None where all does.

    Compared are code, maths, labels and everything else opaque, character for character; headings with their levels;
    and the words between them, so that a fence left open or a line taken for a list shows.
    """
    expected = list(_expected(documents, operations, pieces))
    actual = list(_actual(result))
    at = 0
    for (item, piece), found in zip(expected, [*actual, None], strict=False):
        if item != found:
            return piece
        at += 1
    return None if at == len(actual) else max(len(pieces) - 1, 0)


Item = tuple[str, str]


def _expected(
    documents: tuple[Document, Document, Document], operations: Sequence[Operation], pieces: Sequence[Piece]
) -> Iterator[tuple[Item, int]]:
    _, new, target = documents
    for number, piece in enumerate(pieces):
        if not piece.content:
            continue
        if piece.tokens and (piece.operation is None or not operations[piece.operation].new):
            kind = target.segments[piece.tokens[0]].kind
        elif piece.operation is not None:
            kind = new.segments[operations[piece.operation].new[0]].kind
        else:
            raise VerificationError("a piece of the result belongs to nothing; please report this")
        text = piece.content
        yield from ((item, number) for item in _items(kind, text))


def _items(kind: Kind, text: str) -> Iterator[Item]:
    if kind.is_prose:
        name = "heading" if kind is Kind.HEADING else "text"
        yield from ((name, char) for char in text if not char.isspace() and char != ">")
    else:
        yield kind.value, text.strip()


def _actual(result: Document) -> Iterator[Item]:
    for segment in result.segments:
        yield from _items(segment.kind, result.text[segment.start : segment.end])
