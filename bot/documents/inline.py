"""The inlines of a sentence: placeables, and tags around translated words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple, TypeVar

from bot.documents.text import NEWLINE
from bot.model import Placeable, PlaceableKind, Span, Tag, TagKind

_ROLE = re.compile(r"(?::[A-Za-z][\w+.-]*:|\{[\w:.+-]+\})$")
_NUMBER = re.compile(r"\d(?<![A-Za-z0-9_.].)\d*(?:[.,]\d+)*(?![A-Za-z0-9_])%?")
# Chinese and Japanese; Korean puts spaces between words. Curly quotes, dashes and dots are theirs beside a character.
_CJK = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_SHARED = "‘’“”…—"
_BREAK = rf"[ \t]*(?:{NEWLINE}[ \t>]*)+"
_FOLD = re.compile(rf"{_BREAK}|[ \t]{{2,}}|\t")
_CJK_BREAK = re.compile(rf"(?<=[{_CJK}]){_BREAK}(?=[{_CJK}{_SHARED}])|(?<=[{_SHARED}]){_BREAK}(?=[{_CJK}])")
# An address in running Chinese text ends at the first character of the text.
_URL = re.compile(rf"https?://[^\s<>()\[\]“”{_CJK}]*[^\s<>()\[\]“”{_CJK}.,;:!?'\"*`]")

_PLACEABLES = {
    "Code": PlaceableKind.CODE,
    "InlineMath": PlaceableKind.MATH,
    "DisplayMath": PlaceableKind.MATH,
    "FootnoteReference": PlaceableKind.FOOTNOTE,
    "InlineHtml": PlaceableKind.HTML,
    "Image": PlaceableKind.IMAGE,
    "Link": PlaceableKind.URL,
}
_TAGS = {"Emphasis": TagKind.EMPHASIS, "Strong": TagKind.STRONG, "Strikethrough": TagKind.STRIKE}


class Inline(NamedTuple):
    """One inline event of the parser: its name, its span, and for a link or image the place of the `]` after its
    words."""

    name: str
    start: int
    end: int
    closing: int = -1

    def shifted(self, offset: int) -> Inline:
        closing = self.closing + offset if self.closing >= 0 else -1
        return Inline(self.name, self.start + offset, self.end + offset, closing)


_START = attrgetter("start")
_Item = TypeVar("_Item", Inline, Placeable, Tag)


def within(items: Sequence[_Item], start: int, end: int) -> list[_Item]:
    """The `items`, sorted by their start, that lie in `[start, end)` as a whole."""
    if not items:
        return []
    first, last = (bisect_left(items, edge, key=_START) for edge in (start, end))
    return [item for item in items[first:last] if item.end <= end]


def fold(text: str) -> str:
    """One line: a line break with the container prefix after it becomes one space, none between two CJK characters."""
    if "\n" in text or "\r" in text:
        text = _CJK_BREAK.sub("", text)
    elif "\t" not in text and "  " not in text:
        return text
    return _FOLD.sub(" ", text)


def reads_the_same(text: str, other: str) -> bool:
    """Whether two texts differ only in white space and case: neither is then a translation of the other."""
    return text.casefold().split() == other.casefold().split()


def read_inlines(text: str, events: Iterable[Inline], span: Span) -> tuple[list[Placeable], list[Tag]]:
    """Placeables (sorted, not overlapping) and tags of the prose in `span`."""
    candidates: list[tuple[int, int, PlaceableKind]] = []
    tags: list[Tag] = []
    for event in events:
        if event.name in _TAGS:
            tags.append(_emphasis(text, event, span))
        elif event.name == "Link" and text.startswith("[", event.start) and 0 <= event.closing < event.end - 1:
            # A link is a tag around its words; its closing part, with the address, is a placeable.
            tags.append(Tag(TagKind.LINK, event.start, event.start + 1, event.closing, event.end))
            candidates.append((event.closing, event.end, PlaceableKind.URL))
        elif event.name in _PLACEABLES:
            candidates.append(_whole(text, event, span[0]))
    placeables: list[Placeable] = []
    # Drop placeables inside another, such as a formula inside an image's description.
    for start, end, kind in sorted(candidates, key=lambda candidate: (candidate[0], -candidate[1])):
        if not placeables or start >= placeables[-1].end:
            placeables.append(_placeable(text, kind, start, end))
    # Drop emphasis inside a placeable, such as an image's description.
    ends = [0, *(placeable.end for placeable in placeables)]
    starts = [placeable.start for placeable in placeables]
    tags = [tag for tag in tags if ends[bisect_right(starts, tag.start)] < tag.end]
    for pattern, of in ((_URL, PlaceableKind.URL), (_NUMBER, PlaceableKind.NUMBER)):
        placeables += _free_matches(text, span, placeables, pattern, of)
        placeables.sort(key=lambda p: p.start)
    return placeables, sorted(tags, key=lambda tag: (tag.start, -tag.end))


def _placeable(text: str, kind: PlaceableKind, start: int, end: int) -> Placeable:
    return Placeable(kind, start, end, fold(text[start:end]))


def _whole(text: str, event: Inline, limit: int) -> tuple[int, int, PlaceableKind]:
    """The span and kind of an event that is one placeable: a code span with its role, a bare address, an image and the
    like."""
    kind, start, end = _PLACEABLES[event.name], event.start, event.end
    if event.name == "Code":
        role = _ROLE.search(text, max(limit, start - 40), start)
        if role:
            kind, start = PlaceableKind.ROLE, role.start()
    # In `[label]` and `[label][]` the words are the name of a definition; the parser leaves out the empty brackets.
    if event.name == "Link" and event.closing + 1 == end and text.startswith("[]", end):
        end += 2
    return start, end, kind


def _emphasis(text: str, event: Inline, span: Span) -> Tag:
    start, end = event.start, event.end
    # One tilde strikes as well as two.
    width = 1 if event.name == "Emphasis" or (text[start] == "~" != text[start + 1]) else 2
    # `(***words***)` is a mark around emphasis, which CommonMark reads as strong emphasis inside emphasis.
    is_outer = (
        width == 1 and text[start : start + 3] == text[end - 3 : end] == "***" and "*" not in text[start + 3 : end - 3]
    )
    if (width == 2 or is_outer) and _in_brackets(text, start, end, span):
        return Tag(TagKind.MARK, start - 1, start + 2, end - 2, end + 1)
    is_inner = (
        width == 2 and text[start - 1 : start] == "*" == text[end : end + 1] and "*" not in text[start + 2 : end - 2]
    )
    if is_inner and _in_brackets(text, start - 1, end + 1, span):
        return Tag(TagKind.EMPHASIS, start + 1, start + 2, end - 2, end - 1)
    return Tag(_TAGS[event.name], start, start + width, end - width, end)


def _in_brackets(text: str, start: int, end: int, span: Span) -> bool:
    return span[0] < start and end < span[1] and text[start - 1] + text[end] in ("[]", "()")


def _free_matches(
    text: str, span: Span, taken: Sequence[Placeable], pattern: re.Pattern[str], kind: PlaceableKind
) -> list[Placeable]:
    """Matches of `pattern` in the stretches of `span` that no placeable has taken."""
    matches: list[Placeable] = []
    at = span[0]
    for stop, after in [*((p.start, p.end) for p in taken), (span[1], span[1])]:
        matches += (_placeable(text, kind, *match.span()) for match in pattern.finditer(text, at, max(at, stop)))
        at = after
    return matches
