"""A Markdown sentence as its reader sees it. Translations and references are scored in this form."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from hashlib import sha256

from bot.documents import parse
from bot.model import Language, Placeable, PlaceableKind, Placeables, Segment

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_INVISIBLE = (":label:", ":eqlabel:", ":index:", "{index}")
# The private use area: no tokenizer of sacreBLEU splits at its characters, and no text contains them.
_FIRST_TOKEN, _TOKEN_COUNT = 0xE000, 6400

_Replacement = tuple[int, int, str]


def as_read(text: str, language: Language, placeables: Placeables = Placeables.TOKENS) -> str:
    """The sentence (one line of Markdown) without the marks that readers do not see: emphasis, addresses of links, HTML
    tags, escapes. White space is folded."""
    if placeables is Placeables.SOURCE:
        return " ".join(text.split())
    segments = (segment for segment in parse(text, language).segments if segment.is_prose)
    replacements = [replacement for segment in segments for replacement in _replacements(segment, placeables)]
    parts: list[str] = []
    at = 0
    for start, end, seen in sorted(replacements):
        if start >= at:
            parts += [_plain(text[at:start]), seen]
            at = end
    return " ".join("".join([*parts, _plain(text[at:])]).split())


def _replacements(segment: Segment, placeables: Placeables) -> Iterator[_Replacement]:
    for tag in segment.tags:
        yield tag.start, tag.inner_start, ""
        yield tag.inner_end, tag.end, ""
    for placeable in segment.placeables:
        # The address of a link is also the end of its tag, which is sorted first and so replaces it.
        if placeable.kind is not PlaceableKind.NUMBER:
            yield placeable.start, placeable.end, _seen(placeable, placeables)


def _seen(placeable: Placeable, placeables: Placeables) -> str:
    text = placeable.text
    if placeable.kind is PlaceableKind.HTML or text.startswith(_INVISIBLE):
        return ""
    if placeables is Placeables.TOKENS:
        return f" {chr(_FIRST_TOKEN + int.from_bytes(sha256(text.encode()).digest()[:8]) % _TOKEN_COUNT)} "
    match placeable.kind:
        case PlaceableKind.MATH:
            return text.strip("$ ")
        case PlaceableKind.CODE:
            return text.strip("` ")
        case PlaceableKind.ROLE:
            return text.partition("`")[2].strip("`")
        case PlaceableKind.IMAGE:
            return ""
        case _:
            return text.strip("<>")


def _plain(text: str) -> str:
    return html.unescape(_ESCAPE.sub(r"\1", text))
