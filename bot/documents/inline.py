"""What a sentence holds besides words: placeables, and tags around translated words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model import Placeable, PlaceableKind, Tag, TagKind

_ROLE = re.compile(r"(?::[A-Za-z][\w+.-]*:|\{[\w:.+-]+\})$")
_URL = re.compile(r"https?://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?'\"。，；：！？、）」】*`]")
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])\d+(?:[.,]\d+)*(?![A-Za-z0-9_])%?")
_CJK = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\uac00-\ud7a3"
_FOLD = re.compile(r"[ \t]*\r?\n[ \t>]*|[ \t]{2,}|\t")
_CJK_BREAK = re.compile(rf"(?<=[{_CJK}])[ \t]*\r?\n[ \t>]*(?=[{_CJK}])")

_LEAVES = {
    "Code": PlaceableKind.CODE,
    "InlineMath": PlaceableKind.MATH,
    "DisplayMath": PlaceableKind.MATH,
    "FootnoteReference": PlaceableKind.FOOTNOTE,
    "InlineHtml": PlaceableKind.HTML,
}
_TAGS = {"Emphasis": TagKind.EMPHASIS, "Strong": TagKind.STRONG, "Strikethrough": TagKind.STRIKE}


@dataclass(frozen=True, slots=True)
class Inline:
    """One inline event of the parser: its name and its span."""

    name: str
    start: int
    end: int


def fold(text: str) -> str:
    """One line: a line break with the container prefix after it becomes one space, none between two CJK characters."""
    if "\n" in text:
        text = _CJK_BREAK.sub("", text)
    return _FOLD.sub(" ", text)


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
    """A link is a tag around its words; what closes it (the address) is a placeable, a bare address is one alone."""
    raw = text[event.start : event.end]
    closing = link_text_end(raw)
    if not raw.startswith("[") or closing < 0:
        leaves.append((PlaceableKind.URL, event.start, event.end))
        return
    close = event.start + closing
    tags.append(Tag(TagKind.LINK, event.start, event.start + 1, close, event.end))
    leaves.append((PlaceableKind.URL, close, event.end))


def link_text_end(raw: str) -> int:
    """Index of the `]` that closes the link text of `[text](address)` or `[text][label]`, -1 if there is none."""
    depth = 0
    index = 0
    while index < len(raw):
        char = raw[index]
        if char == "\\":
            index += 1
        elif char == "`":
            run = len(raw) - index - len(raw[index:].lstrip("`"))
            close = raw.find("`" * run, index + run)
            index = close + run - 1 if close >= 0 else index
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
            if depth == 0:
                return index
        index += 1
    return -1


def _emphasis(text: str, event: Inline, span: tuple[int, int]) -> Tag:
    width = 1 if event.name == "Emphasis" else 2
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
