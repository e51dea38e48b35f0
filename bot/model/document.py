"""A parsed text: blocks, segments, placeables and tags. Spans are half-open, in characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]
# With more placeables, a text is gone through once for all of them.
_MAX_REPLACED = 200


class Kind(StrEnum):
    """The kinds of blocks. Only the first four hold sentences; all others are copied, never translated."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"
    CELL = "cell"
    CODE = "code"
    MATH = "math"
    IMAGE = "image"
    LABEL = "label"
    DIRECTIVE = "directive"
    HTML = "html"
    COMMENT = "comment"
    DEFINITION = "definition"
    METADATA = "metadata"
    RULE = "rule"

    @property
    def is_prose(self) -> bool:
        return self in _PROSE


_PROSE = (Kind.PARAGRAPH, Kind.HEADING, Kind.CAPTION, Kind.CELL)


class PlaceableKind(StrEnum):
    """A part of a sentence that translation must not touch."""

    MATH = "math"
    CODE = "code"
    ROLE = "role"
    URL = "url"
    IMAGE = "image"
    HTML = "html"
    FOOTNOTE = "footnote"
    NUMBER = "number"


class Placeables(StrEnum):
    """How placeables are read when translations are scored. Numbers are words in each of these readings."""

    TOKENS = "tokens"
    """Each is one word, the same on both sides if its Markdown is the same, however long it is."""
    TEXT = "text"
    """Without the marks around it: the TeX of a formula, the code, the label of a reference."""
    SOURCE = "source"
    """The whole sentence stays Markdown, with its marks and addresses."""


class TagKind(StrEnum):
    """Markup around words that are translated."""

    EMPHASIS = "emphasis"
    STRONG = "strong"
    STRIKE = "strike"
    LINK = "link"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Placeable:
    """A part of a sentence that is not translated; `text` has its white space folded."""

    kind: PlaceableKind
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """Paired markup: `text[start:inner_start]` opens, `text[inner_end:end]` closes."""

    kind: TagKind
    start: int
    inner_start: int
    inner_end: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """The unit of alignment and merging: a sentence, or something opaque such as a code cell or a formula.

    `text` is compared and translated: for prose one line, with line breaks and container prefixes folded to one space;
    for anything else the exact characters of `[start, end)`.
    """

    kind: Kind
    block: int
    start: int
    end: int
    text: str
    placeables: tuple[Placeable, ...] = ()
    tags: tuple[Tag, ...] = ()

    @property
    def is_prose(self) -> bool:
        return self.kind.is_prose

    @property
    def has_words(self) -> bool:
        """Whether there is a letter outside the placeables."""
        return any(letter.isalpha() for letter in self.words())

    def words(self, filler: str = " ", *, numbers: bool = False) -> str:
        """`text` with `filler` in the place of each placeable; with `numbers`, numbers stay."""
        if not self.placeables:
            return self.text
        texts = [p.text for p in self.placeables if not numbers or p.kind is not PlaceableKind.NUMBER]
        if len(texts) > _MAX_REPLACED:
            return _replaced(self.text, texts, filler)
        text = self.text
        for placeable in texts:
            text = text.replace(placeable, filler, 1)
        return text


def _replaced(text: str, texts: Iterable[str], filler: str) -> str:
    """The text with the filler in the place of each of these, which stand in it in this order."""
    parts: list[str] = []
    at = 0
    for part in texts:
        found = text.find(part, at)
        if found >= 0:
            parts += text[at:found], filler
            at = found + len(part)
    return "".join([*parts, text[at:]])


@dataclass(frozen=True, slots=True)
class Block:
    """A leaf block. `segments[first:last]` of the document lie in it; `container` names the enclosing lists and quotes,
    outermost first (`*` bullet, `1` numbered, `>` quote, `^` footnote, `{}` directive, `|` table)."""

    kind: Kind
    start: int
    end: int
    first: int
    last: int
    level: int = 0
    container: str = ""


@dataclass(frozen=True)
class Document:
    """A parsed text. Segments are sorted and don't overlap. Between them (`lead`) is structure only: white space, list
    and heading markers, quote prefixes, table bars. `format` is the name of the format that the text was read in."""

    text: str
    blocks: tuple[Block, ...]
    segments: tuple[Segment, ...]
    format: str

    def lead(self, index: int) -> str:
        """The structure before segment `index`; for `len(segments)` the tail of the document."""
        start = self.segments[index - 1].end if index else 0
        end = self.segments[index].start if index < len(self.segments) else len(self.text)
        return self.text[start:end]

    def raw(self, first: int, last: int | None = None) -> str:
        """The exact characters of segment `first`, or of the stretch from `first` to `last`."""
        return self.text[self.segments[first].start : self.segments[first if last is None else last].end]

    def joined(self, indices: Iterable[int]) -> str:
        """The texts of these segments on one line, as an engine is sent them."""
        return " ".join(self.segments[index].text for index in indices)

    def placeables(self, indices: Iterable[int]) -> Counter[str]:
        """Counts the placeables of these segments, without numbers, which languages write differently."""
        placeables = (placeable for index in indices for placeable in self.segments[index].placeables)
        return Counter(p.text for p in placeables if p.kind is not PlaceableKind.NUMBER)

    def block_of(self, index: int) -> Block:
        return self.blocks[self.segments[index].block]

    def starts_block(self, index: int) -> bool:
        return self.block_of(index).first == index
