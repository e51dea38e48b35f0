"""What a block of text is made of: words, placeables that are not translated, and tags around words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Placeable:
    """An element or character sequence that is returned as it is: its markup, and the text in it."""

    raw: str
    content: str


@dataclass(frozen=True, slots=True)
class Tag:
    """One end of an inline element around words; both ends have the same `pair`, counted by their opening ends."""

    raw: str
    pair: int
    opens: bool


Piece = Words | Placeable | Tag


def contents(pieces: Sequence[Piece]) -> str:
    """All text, that of the placeables included, without white space: the same however a text is marked up."""
    return _squeeze("".join(_text(piece) for piece in pieces))


def slots(pieces: Sequence[Piece]) -> str:
    """The words without white space, each placeable one NUL, whatever is in it."""
    return _squeeze("".join("\0" if isinstance(piece, Placeable) else _text(piece) for piece in pieces))


def plain(pieces: Sequence[Piece]) -> str:
    """The text on one line, as a person reads it."""
    return " ".join("".join(_text(piece) for piece in pieces).split())


def _text(piece: Piece) -> str:
    match piece:
        case Words(text):
            return text
        case Placeable(_, content):
            return content
        case Tag():
            return ""


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)
