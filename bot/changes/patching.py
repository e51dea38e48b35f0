"""Changes of a sentence that leave its words alone: placeables are exchanged, marks put around, the words are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.documents import fold
from bot.model import Document, Segment, TagKind, Versions

_MARKS = frozenset({TagKind.EMPHASIS, TagKind.STRONG, TagKind.STRIKE, TagKind.MARK})
_FINAL_PUNCTUATION = ".!?:;。！？：；…"


def patch_placeables(documents: Versions[Document], base: int, new: int, target: Sequence[int]) -> str | None:
    """The raw text of the `target` segments, which follow each other, with the changed placeables exchanged.

    None if more than placeables changed from segment `base` to `new`, or where the unit does not have a changed
    placeable exactly as often as the base English.
    """
    old, fresh = documents.base.segments[base], documents.new.segments[new]
    unit = [documents.target.segments[token] for token in target]
    if _masked(old, documents.base) != _masked(fresh, documents.new):
        return None
    changes: dict[str, str] = {}
    for before, after in zip(old.placeables, fresh.placeables, strict=True):
        if changes.setdefault(before.text, after.text) != after.text:
            return None
    changes = {before: after for before, after in changes.items() if before != after}
    changed = [p for segment in unit for p in segment.placeables if p.text in changes]
    expected = Counter(p.text for p in old.placeables if p.text in changes)
    if not changes or Counter(p.text for p in changed) != expected:
        return None
    exchanges = [(p.start, p.end, changes[p.text]) for p in changed]
    return _exchange(documents.target.text, unit[0].start, unit[-1].end, exchanges)


def only_marks_differ(documents: Versions[Document], base: int, new: int) -> bool:
    """Whether only emphasis or slide marks changed."""
    old = _without_marks(documents.base.segments[base], documents.base)
    return fold(old) == fold(_without_marks(documents.new.segments[new], documents.new))


def patch_marks(documents: Versions[Document], base: int, new: int, target: int) -> str | None:
    """The raw text of segment `target` with the marks of `new` if their place is certain: none, or around the sentence.
    None if a person has to place them."""
    fresh, unit = documents.new.segments[new], documents.target.segments[target]
    raw, text = documents.target.raw(target), documents.new.text
    wanted, had = _kinds(fresh), _kinds(unit)
    if wanted == had:
        return raw
    if not wanted and had == _kinds(documents.base.segments[base]):
        return _without_marks(unit, documents.target)
    marks = [tag for tag in fresh.tags if tag.kind in _MARKS]
    if had or len(marks) != 1:
        return None
    (mark,) = marks
    tail = text[mark.end : fresh.end]
    if mark.start != fresh.start or tail.strip(_FINAL_PUNCTUATION):
        return None
    stop = len(raw.rstrip(_FINAL_PUNCTUATION)) if tail else len(raw)
    return text[mark.start : mark.inner_start] + raw[:stop] + text[mark.inner_end : mark.end] + raw[stop:]


def _kinds(segment: Segment) -> Counter[TagKind]:
    return Counter(tag.kind for tag in segment.tags if tag.kind in _MARKS)


def _masked(segment: Segment, document: Document) -> str:
    masks = [(placeable.start, placeable.end, "\0") for placeable in segment.placeables]
    return fold(_exchange(document.text, segment.start, segment.end, masks))


def _without_marks(segment: Segment, document: Document) -> str:
    marks = [tag for tag in segment.tags if tag.kind in _MARKS]
    cuts = [(tag.start, tag.inner_start, "") for tag in marks] + [(tag.inner_end, tag.end, "") for tag in marks]
    return _exchange(document.text, segment.start, segment.end, cuts)


def _exchange(text: str, start: int, end: int, exchanges: Iterable[tuple[int, int, str]]) -> str:
    """`text[start:end]` with another text in the place of some spans."""
    pieces: list[str] = []
    for first, last, replacement in sorted(exchanges):
        pieces += text[start:first], replacement
        start = last
    return "".join(pieces) + text[start:end]
