"""What of a segment can be compared with a segment in another language: tokens, length, place in its block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.alignment.search import Array
from bot.model import Document, Kind, Language, PlaceableKind, Segment

_KINDS = {kind: code for code, kind in enumerate(Kind)}
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-zA-Z]+")
_OTHER = re.compile(r"[^\W\d_a-zA-Z]+")
_TAB = re.compile(r":(begin|end)_tab:(.*)")

Tokens = frozenset[str]
Flags = NDArray[np.bool_]
Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Side:
    """One document as numbers; everything is indexed like its segments.

    `length` counts what is not placeable, in expected English characters; `opens` and `closes` mark the first and last
    segment of a block, `tab` names the `:begin_tab:` around it, `shape` its heading level and enclosing lists.
    """

    segments: Sequence[Segment]
    tokens: Sequence[Tokens]
    length: Array
    kind: Codes
    prose: Flags
    opens: Flags
    closes: Flags
    tab: NDArray[np.str_]
    shape: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.segments)

    def part(self, start: int, stop: int) -> Side:
        cut = slice(start, stop)
        return replace(self, **{name: getattr(self, name)[cut] for name in self.__dataclass_fields__})

    def joined_tokens(self, start: int, width: int) -> Tokens:
        return frozenset[str]().union(*self.tokens[start : start + width])


def read_side(document: Document, language: Language) -> Side:
    """The features of every segment of a document."""
    segments = document.segments
    blocks = [document.blocks[segment.block] for segment in segments]
    words = [_words(segment) if segment.is_prose else "" for segment in segments]
    return Side(
        segments,
        [_tokens(s, w, language) if s.is_prose else frozenset() for s, w in zip(segments, words, strict=True)],
        np.array([_length(w, language) for w in words]),
        np.array([_KINDS[segment.kind] for segment in segments], dtype=np.intp),
        np.array([segment.is_prose for segment in segments], dtype=bool),
        np.array([block.first == i for i, block in enumerate(blocks)], dtype=bool),
        np.array([block.last == i + 1 for i, block in enumerate(blocks)], dtype=bool),
        np.array(list(_tabs(segments)), dtype=np.str_),
        np.array([f"{block.level}{block.container}" for block in blocks], dtype=np.str_),
    )


def _tabs(segments: Sequence[Segment]) -> Iterator[str]:
    tab = ""
    for segment in segments:
        match = _TAB.match(segment.text) if segment.kind is Kind.DIRECTIVE else None
        if match:
            tab = match[2].strip() if match[1] == "begin" else ""
        yield tab


def _words(segment: Segment) -> str:
    """The folded text of a segment without its placeables (numbers stay)."""
    text = segment.text
    for placeable in segment.placeables:
        if placeable.kind is not PlaceableKind.NUMBER:
            text = text.replace(placeable.text, " ", 1)
    return text


def _tokens(segment: Segment, words: str, language: Language) -> Tokens:
    """Placeables, marked, and words in lower case; pairs of characters in a language that has no spaces."""
    found = {("#" if p.kind is PlaceableKind.NUMBER else "=") + "".join(p.text.split()) for p in segment.placeables}
    words = words.lower()
    if language.has_spaces:
        found.update(_WORD.findall(words))
    else:
        found.update(_LATIN.findall(words))
        for run in _OTHER.findall(words):
            found.update(run[i : i + 2] for i in range(max(1, len(run) - 1)))
    return frozenset(found)


def _length(words: str, language: Language) -> float:
    """Expected English characters, at least 1. Latin words inside Chinese or Japanese count as they are."""
    latin = 0 if language.has_spaces else sum(map(len, _LATIN.findall(words)))
    return 1.0 + latin + (len(words) - latin) / language.length_ratio
