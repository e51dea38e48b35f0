"""Changes of a sentence that leave its words alone: placeables are exchanged, marks put around, the words are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.documents import fold
from bot.model import Document, Segment, TagKind

_MARKS = frozenset({TagKind.EMPHASIS, TagKind.STRONG, TagKind.STRIKE, TagKind.MARK})
_FINAL = ".!?:;。！？：；…"


def patch_placeables(base: Segment, new: Segment, documents: tuple[Document, Document], target: Document,
                     unit: Sequence[Segment]) -> str | None:  # fmt: skip
    """The raw text of the unit with the changed placeables exchanged.

    `documents` are those of `base` and `new`. None where more than placeables changed, or where one that changed is not
    found exactly as often in the unit as in the base English.
    """
    if len(base.placeables) != len(new.placeables):
        return None
    if _masked(base, documents[0]) != _masked(new, documents[1]):
        return None
    changes: dict[str, str] = {}
    for old, fresh in zip(base.placeables, new.placeables, strict=True):
        if changes.setdefault(old.text, fresh.text) != fresh.text:
            return None
    changes = {old: fresh for old, fresh in changes.items() if old != fresh}
    found = [p for segment in unit for p in segment.placeables if p.text in changes]
    expected = Counter(p.text for p in base.placeables if p.text in changes)
    if not changes or Counter(p.text for p in found) != expected:
        return None
    pieces: list[str] = []
    at = unit[0].start
    for placeable in found:
        pieces += target.text[at : placeable.start], changes[placeable.text]
        at = placeable.end
    return "".join(pieces) + target.text[at : unit[-1].end]


def _masked(segment: Segment, document: Document) -> str:
    pieces: list[str] = []
    at = segment.start
    for placeable in segment.placeables:
        pieces += document.text[at : placeable.start], "\0"
        at = placeable.end
    return fold("".join(pieces) + document.text[at : segment.end])


def only_marks_differ(base: Segment, new: Segment, documents: tuple[Document, Document]) -> bool:
    """Whether emphasis or slide marks are all that changed."""
    return _without_marks(base, documents[0]) == _without_marks(new, documents[1])


def patch_marks(base: Segment, new: Segment, new_document: Document, target: Document, unit: Segment) -> str | None:
    """The raw text of the unit with the marks of `new`, where their place is certain: none, or around the sentence.

    Returns the unit's own text where it has them already, None where a person has to place them.
    """
    raw = target.text[unit.start : unit.end]
    wanted, had = _kinds(new), _kinds(unit)
    if wanted == had:
        return raw
    if not wanted and had == _kinds(base):
        return _without_marks(unit, target, folded=False)
    marks = [tag for tag in new.tags if tag.kind in _MARKS]
    if had or len(marks) != 1:
        return None
    (mark,) = marks
    tail = new_document.text[mark.end : new.end]
    if mark.start != new.start or tail.strip(_FINAL):
        return None
    stop = len(raw.rstrip(_FINAL)) if tail else len(raw)
    opening = new_document.text[mark.start : mark.inner_start]
    closing = new_document.text[mark.inner_end : mark.end]
    return opening + raw[:stop] + closing + raw[stop:]


def _kinds(segment: Segment) -> Counter[TagKind]:
    return Counter(tag.kind for tag in segment.tags if tag.kind in _MARKS)


def _without_marks(segment: Segment, document: Document, *, folded: bool = True) -> str:
    cuts: list[tuple[int, int]] = []
    for tag in segment.tags:
        if tag.kind in _MARKS:
            cuts += (tag.start, tag.inner_start), (tag.inner_end, tag.end)
    pieces: list[str] = []
    at = segment.start
    for start, end in sorted(cuts):
        pieces.append(document.text[at:start])
        at = max(at, end)
    text = "".join(pieces) + document.text[at : segment.end]
    return fold(text) if folded else text
