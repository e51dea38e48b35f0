"""Sentences as tokens: words, placeables, signs, and the marks around words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from bot.model import Document, PlaceableKind, TagKind

MARKS = frozenset({TagKind.EMPHASIS, TagKind.STRONG, TagKind.STRIKE, TagKind.MARK})
FINAL_SIGNS = ".!?:;。！？：；…"

# Scripts without spaces between words: each character is a token of its own.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_ONE_UNSPACED = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['’][^\W_{_UNSPACED}]+)*|\s+|[^\w\s]|_")


class TokenKind(StrEnum):
    """`open` and `close` are the two halves of a tag; a link's address is the placeable that closes it."""

    WORD = "word"
    PLACEABLE = "placeable"
    SIGN = "sign"
    SPACE = "space"
    OPEN = "open"
    CLOSE = "close"


class Token(NamedTuple):
    """A part of a text, `[start, end)`. `placeable` is the kind of a placeable."""

    kind: TokenKind
    text: str
    start: int
    end: int
    placeable: PlaceableKind | None = None

    @property
    def is_word(self) -> bool:
        return self.kind is TokenKind.WORD

    @property
    def is_address(self) -> bool:
        return self.placeable is PlaceableKind.URL


def read_tokens(document: Document, indices: Sequence[int]) -> list[Token]:
    """The tokens of segments that follow each other, in the order of the text."""
    spans: list[tuple[int, int, TokenKind, str, PlaceableKind | None]] = []
    for segment in (document.segments[i] for i in indices):
        spans += ((p.start, p.end, TokenKind.PLACEABLE, p.text, p.kind) for p in segment.placeables)
        for tag in segment.tags:
            spans.append((tag.start, tag.inner_start, TokenKind.OPEN, document.text[tag.start : tag.inner_start], None))
            closing = document.text[tag.inner_end : tag.end]
            spans.append((tag.inner_end, tag.end, TokenKind.CLOSE, closing, None))
    first, last = document.segments[indices[0]].start, document.segments[indices[-1]].end
    tokens: list[Token] = []
    at = first
    # The address of a link is a placeable in the place of its closing half.
    for start, end, kind, text, placeable in sorted(spans, key=lambda span: (span[0], span[1], span[2] != "placeable")):
        if start < at or end == start:
            continue
        tokens += _plain(document.text, at, start)
        tokens.append(Token(kind, text, start, end, placeable))
        at = end
    return [*tokens, *_plain(document.text, at, last)]


def _plain(text: str, start: int, end: int) -> Iterator[Token]:
    for found in _WORD.finditer(text, start, end):
        part = found[0]
        kind = TokenKind.SPACE if part.isspace() else TokenKind.WORD if part[0].isalnum() else TokenKind.SIGN
        yield Token(kind, " " if kind is TokenKind.SPACE else part, found.start(), found.end())


def is_unspaced(text: str) -> bool:
    """Whether a word is a character of a script without spaces between words."""
    return bool(_ONE_UNSPACED.fullmatch(text))


def tokens_of_text(text: str) -> list[Token]:
    """The tokens of a text without markup."""
    return list(_plain(text, 0, len(text)))
