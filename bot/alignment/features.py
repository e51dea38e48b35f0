"""The features of a segment that can be compared across languages: tokens, length, place in its block."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain
from sys import intern
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.alignment.lexicon import Usage
from bot.alignment.meaning import Meanings
from bot.alignment.tables import Array, Flags
from bot.model import Document, Kind, Language, PlaceableKind, Segment

_KINDS = {kind: code for code, kind in enumerate(Kind)}
HEADING, PARAGRAPH = _KINDS[Kind.HEADING], _KINDS[Kind.PARAGRAPH]
# The kinds of segments that were taken out of the source and of the target: equal to no other kind.
_TAKEN_KINDS = (len(_KINDS), len(_KINDS) + 1)
# Thai, Lao, Burmese, Khmer, kana, Chinese characters: scripts that are written without spaces between words.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[^\W\d_{_UNSPACED}]+")
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]+")
_LATIN_RUN = re.compile(r"[a-zA-Z]+")
# Words are compared by their first letters, a stem in most languages that inflect at the end of words.
_STEM_LENGTH = 5
# A document of at least so many sentences has no paragraphs if less than this share continue one.
_MIN_FLAT, _MAX_JOINED = 20, 0.05
NO_TAB = 0
_TAB = re.compile(r":(begin|end)_tab:(.*)")

Tokens = frozenset[str]
Codes = NDArray[np.intp]


@dataclass(frozen=True)
class TextSide:
    """One document as numbers; every field is indexed like its segments.

    `length` counts the words without placeables, in expected English characters. `opens` and `closes` mark the first
    and the last segment of a block. `tab` stands for the `:begin_tab:` around a segment, `shape` for its heading level
    and lists. `meanings` are sentence embeddings, if there is a model.
    """

    segments: Sequence[Segment]
    tokens: Sequence[Tokens]
    length: Array
    kind: Codes
    prose: Flags
    opens: Flags
    closes: Flags
    tab: Codes
    shape: Codes
    meanings: Meanings | None = None

    def __len__(self) -> int:
        return len(self.segments)

    def part(self, start: int, stop: int) -> TextSide:
        return self.pick(range(start, stop))

    def scaled(self, factor: float) -> TextSide:
        return replace(self, length=np.maximum(1.0, self.length * factor))

    def pick(self, indices: Sequence[int]) -> TextSide:
        at = np.array(indices, dtype=np.intp)
        return TextSide(
            [self.segments[i] for i in indices],
            [self.tokens[i] for i in indices],
            self.length[at],
            self.kind[at],
            self.prose[at],
            self.opens[at],
            self.closes[at],
            self.tab[at],
            self.shape[at],
            None if self.meanings is None else self.meanings.pick(at),
        )

    def without(self, indices: Iterable[int], which: int) -> TextSide:
        """This side with segments taken out: no bead can hold them, and blocks begin and end with their other segments.
        `which` is 0 for the source and 1 for the target."""
        kind, opens, closes = self.kind.copy(), self.opens.copy(), self.closes.copy()
        gone = sorted(indices)
        kind[gone] = _TAKEN_KINDS[which]
        for i in gone:
            if opens[i] and not closes[i]:
                opens[i + 1] = True
        for i in reversed(gone):
            if closes[i] and not opens[i]:
                closes[i - 1] = True
        return replace(self, kind=kind, opens=opens, closes=closes)

    @property
    def is_flat(self) -> bool:
        """Whether hardly any paragraph has two sentences, as in a file with one sentence to a line or paragraph: its
        borders say nothing then."""
        paragraphs = self.kind == PARAGRAPH
        joined = int((paragraphs & ~self.opens).sum())
        return int(paragraphs.sum()) >= _MIN_FLAT and joined < _MAX_JOINED * int(paragraphs.sum())

    def as_flat(self) -> TextSide:
        """This side with all paragraphs of a kind taken as running text."""
        paragraphs = self.kind == PARAGRAPH
        return replace(self, opens=self.opens & ~paragraphs, closes=self.closes & ~paragraphs)

    @property
    def taken(self) -> Flags:
        """Marks the segments that were taken out."""
        return self.kind >= len(_KINDS)

    @cached_property
    def usage(self) -> Usage:
        """In how many sentences each token occurs."""
        sentences = [tokens for tokens, prose in zip(self.tokens, self.prose, strict=True) if prose]
        return Usage(Counter(chain.from_iterable(sentences)), len(sentences))

    def joined_tokens(self, segments: Iterable[int]) -> Tokens:
        return frozenset().union(*(self.tokens[i] for i in segments))


def read_side(document: Document, language: Language) -> TextSide:
    """The features of every segment of a document."""
    segments = document.segments
    blocks = [document.blocks[segment.block] for segment in segments]
    words = [segment.words(numbers=True) if segment.is_prose else "" for segment in segments]
    return TextSide(
        segments,
        [_tokens(s, w) if s.is_prose else frozenset() for s, w in zip(segments, words, strict=True)],
        np.array([_length(w, language) for w in words]),
        np.array([_KINDS[segment.kind] for segment in segments], dtype=np.intp),
        np.array([segment.is_prose for segment in segments], dtype=bool),
        np.array([block.first == i for i, block in enumerate(blocks)], dtype=bool),
        np.array([block.last == i + 1 for i, block in enumerate(blocks)], dtype=bool),
        np.array([_code(tab) for tab in _tabs(segments)], dtype=np.intp),
        np.array([_code(f"{block.level}{block.container}") for block in blocks], dtype=np.intp),
    )


@lru_cache(maxsize=1024)
def _code(text: str) -> int:
    """A number that stands for a text on both sides; `NO_TAB` for an empty one."""
    return crc32(text.encode())


def _tabs(segments: Sequence[Segment]) -> Iterator[str]:
    """The tab around each segment; a tab's two directives are in it too."""
    tab = ""
    for segment in segments:
        match = _TAB.match(segment.text) if segment.kind is Kind.DIRECTIVE else None
        if match and match[1] == "begin":
            tab = match[2].strip()
        yield tab
        if match and match[1] == "end":
            tab = ""


def _tokens(segment: Segment, words: str) -> Tokens:
    """Placeables with a mark, and stems of words in lower case; in a script without spaces, pairs of characters."""
    tokens = {("#" if p.kind is PlaceableKind.NUMBER else "=") + "".join(p.text.split()) for p in segment.placeables}
    words = words.lower()
    # Interned, a stem takes its memory once per document.
    tokens.update([intern(word[:_STEM_LENGTH]) for word in _WORD.findall(words)])
    for run in _UNSPACED_RUN.findall(words):
        tokens.update(run[i : i + 2] for i in range(max(1, len(run) - 1)))
    return frozenset(tokens)


def _length(words: str, language: Language) -> float:
    """The expected number of English characters, at least 1. Latin letters inside Chinese or Japanese count as such."""
    latin = 0 if language.has_spaces else sum(map(len, _LATIN_RUN.findall(words)))
    return 1.0 + latin + (len(words) - latin) / language.length_ratio
