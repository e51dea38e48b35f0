"""What a sentence holds besides words: placeables, and tags around translated words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.documents.lines import NEWLINE
from bot.model import Placeable, PlaceableKind, Tag, TagKind

_ROLE = re.compile(r"(?::[A-Za-z][\w+.-]*:|\{[\w:.+-]+\})$")
_NUMBER = re.compile(r"\d(?<![A-Za-z0-9_.].)\d*(?:[.,]\d+)*(?![A-Za-z0-9_])%?")
# Chinese and Japanese; Korean puts spaces between words. Curly quotes, dashes and dots are theirs beside a character.
_CJK = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_SHARED = "‘’“”…—"
_BREAK = rf"[ \t]*(?:{NEWLINE}[ \t>]*)+"
_FOLD = re.compile(rf"{_BREAK}|[ \t]{{2,}}|\t")
_CJK_BREAK = re.compile(rf"(?<=[{_CJK}]){_BREAK}(?=[{_CJK}{_SHARED}])|(?<=[{_SHARED}]){_BREAK}(?=[{_CJK}])")
# An address in running Chinese text ends where the text goes on.
_URL = re.compile(rf"https?://[^\s<>()\[\]“”{_CJK}]*[^\s<>()\[\]“”{_CJK}.,;:!?'\"*`]")

_LEAVES = {
    "Code": PlaceableKind.CODE,
    "InlineMath": PlaceableKind.MATH,
    "DisplayMath": PlaceableKind.MATH,
    "FootnoteReference": PlaceableKind.FOOTNOTE,
    "InlineHtml": PlaceableKind.HTML,
}
_TAGS = {"Emphasis": TagKind.EMPHASIS, "Strong": TagKind.STRONG, "Strikethrough": TagKind.STRIKE}


class Inline(NamedTuple):
    """One inline event of the parser: its name, its span, and for a link or image where the `]` after its words is."""

    name: str
    start: int
    end: int
    closing: int = -1

    def shifted(self, offset: int) -> Inline:
        closing = self.closing + offset if self.closing >= 0 else -1
        return Inline(self.name, self.start + offset, self.end + offset, closing)


def fold(text: str) -> str:
    """One line: a line break with the container prefix after it becomes one space, none between two CJK characters."""
    if "\n" in text or "\r" in text:
        text = _CJK_BREAK.sub("", text)
    elif "\t" not in text and "  " not in text:
        return text
    return _FOLD.sub(" ", text)


def reads_the_same(one: str, other: str) -> bool:
    """Whether two texts differ in white space and case alone: one is no translation of the other then."""
    return one.casefold().split() == other.casefold().split()


def read_inlines(text: str, events: Iterable[Inline], span: tuple[int, int]) -> tuple[list[Placeable], list[Tag]]:
    """Placeables (sorted, not overlapping) and tags of the prose in `span`."""
    start, end = span
    leaves: list[tuple[PlaceableKind, int, int]] = []
    tags: list[Tag] = []
    for event in events:
        if event.name in _LEAVES:
            leaves.append(_leaf(text, event, start))
        elif event.name == "Image":
            leaves.append((PlaceableKind.IMAGE, event.start, event.end))
        elif event.name == "Link":
            _link(text, event, leaves, tags)
        elif event.name in _TAGS:
            tags.append(_emphasis(text, event, (start, end)))
    leaves = _outermost(leaves)
    tags = _outside(tags, leaves)
    if text.find("http", start, end) >= 0:
        leaves += _free_matches(text, (start, end), leaves, _URL, PlaceableKind.URL)
        leaves.sort(key=lambda leaf: leaf[1])
    leaves += _free_matches(text, (start, end), leaves, _NUMBER, PlaceableKind.NUMBER)
    leaves.sort(key=lambda leaf: leaf[1])
    placeables = [Placeable(kind, s, e, fold(text[s:e])) for kind, s, e in leaves]
    return placeables, sorted(tags, key=lambda tag: (tag.start, -tag.end))


def _leaf(text: str, event: Inline, limit: int) -> tuple[PlaceableKind, int, int]:
    kind = _LEAVES[event.name]
    if event.name == "Code":
        role = _ROLE.search(text, max(limit, event.start - 40), event.start)
        if role:
            return PlaceableKind.ROLE, role.start(), event.end
    return kind, event.start, event.end


def _link(text: str, event: Inline, leaves: list[tuple[PlaceableKind, int, int]], tags: list[Tag]) -> None:
    """A link is a tag around its words; what closes it (the address) is a placeable.

    A bare address is one alone, and so is `[label]` or `[label][]`, whose words are the name of a definition.
    """
    if not text.startswith("[", event.start) or event.closing < 0:
        leaves.append((PlaceableKind.URL, event.start, event.end))
    elif event.closing + 1 == event.end:
        # The parser's span of `[label][]` ends before the empty brackets.
        end = event.end + (2 if text.startswith("[]", event.end) else 0)
        leaves.append((PlaceableKind.URL, event.start, end))
    else:
        tags.append(Tag(TagKind.LINK, event.start, event.start + 1, event.closing, event.end))
        leaves.append((PlaceableKind.URL, event.closing, event.end))


def _emphasis(text: str, event: Inline, span: tuple[int, int]) -> Tag:
    # One tilde strikes as well as two.
    width = 1 if event.name == "Emphasis" or (text[event.start] == "~" != text[event.start + 1]) else 2
    start, end = event.start, event.end
    kind = _TAGS[event.name]
    if width == 2 and span[0] < start and end < span[1] and text[start - 1] + text[end] in ("[]", "()"):
        return Tag(TagKind.MARK, start - 1, start + 2, end - 2, end + 1)
    return Tag(kind, start, start + width, end - width, end)


def _outermost(leaves: list[tuple[PlaceableKind, int, int]]) -> list[tuple[PlaceableKind, int, int]]:
    """Without those that lie inside another, such as a formula inside an image's description."""
    kept: list[tuple[PlaceableKind, int, int]] = []
    for leaf in sorted(leaves, key=lambda item: (item[1], -item[2])):
        if not kept or leaf[1] >= kept[-1][2]:
            kept.append(leaf)
    return kept


def _outside(tags: list[Tag], leaves: Sequence[tuple[PlaceableKind, int, int]]) -> list[Tag]:
    """Without those that lie inside a placeable, such as emphasis in an image's description."""
    starts = [start for _, start, _ in leaves]
    kept: list[Tag] = []
    for tag in tags:
        before = bisect_right(starts, tag.start) - 1
        if before < 0 or leaves[before][2] < tag.end:
            kept.append(tag)
    return kept


def _free_matches(
    text: str,
    span: tuple[int, int],
    taken: Sequence[tuple[PlaceableKind, int, int]],
    pattern: re.Pattern[str],
    kind: PlaceableKind,
) -> list[tuple[PlaceableKind, int, int]]:
    """Matches of `pattern` in the stretches of `span` that no placeable has taken."""
    found: list[tuple[PlaceableKind, int, int]] = []
    at = span[0]
    for stop, after in [*((s, e) for _, s, e in taken), (span[1], span[1])]:
        found.extend((kind, m.start(), m.end()) for m in pattern.finditer(text, at, max(at, stop)))
        at = after
    return found
