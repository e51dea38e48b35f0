"""The pieces of a block of text: words, placeables that are not translated, and tags around words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarkupWords:
    text: str


@dataclass(frozen=True, slots=True)
class MarkupPlaceable:
    """An element or character sequence that is returned unchanged: its markup, and the text in it."""

    raw: str
    content: str


@dataclass(frozen=True, slots=True)
class MarkupTag:
    """One end of an inline element around words. Both ends share `pair`, which counts the opening ends from 0."""

    raw: str
    pair: int
    opens: bool


Piece = MarkupWords | MarkupPlaceable | MarkupTag
Translate = Callable[[Sequence[Piece]], Sequence[Piece]]
"""Translates the pieces of one block."""


def contents(pieces: Sequence[Piece]) -> str:
    """All text without white space, including the text in placeables: the same whatever the markup."""
    return "".join("".join(_text(piece) for piece in pieces).split())


def slots(pieces: Sequence[Piece]) -> str:
    """The words without white space, with one NUL for each placeable, whatever its content."""
    texts = ("\0" if isinstance(piece, MarkupPlaceable) else _text(piece) for piece in pieces)
    return "".join("".join(texts).split())


def plain(pieces: Sequence[Piece]) -> str:
    """The text on one line, as a person reads it."""
    return " ".join("".join(_text(piece) for piece in pieces).split())


def _text(piece: Piece) -> str:
    match piece:
        case MarkupWords(text) | MarkupPlaceable(_, text):
            return text
        case MarkupTag():
            return ""
