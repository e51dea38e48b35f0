"""A parsed text: blocks, segments, and what stands inside a sentence. Spans are half-open, in characters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]


class Kind(StrEnum):
    """What a block is. The first four hold sentences; all others are copied, never translated."""

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


_PROSE = frozenset({Kind.HEADING, Kind.PARAGRAPH, Kind.CAPTION, Kind.CELL})


class PlaceableKind(StrEnum):
    """What must survive translation untouched inside a sentence."""

    MATH = "math"
    CODE = "code"
    ROLE = "role"
    URL = "url"
    IMAGE = "image"
    HTML = "html"
    FOOTNOTE = "footnote"
    NUMBER = "number"


class TagKind(StrEnum):
    """Markup around words that are translated."""

    EMPHASIS = "emphasis"
    STRONG = "strong"
    STRIKE = "strike"
    LINK = "link"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Placeable:
    """Something inside a sentence that is not translated; `text` has its white space folded."""

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
    """The unit of alignment and merging: a sentence, or an opaque thing such as a code cell or a formula.

    `text` is what is compared and translated: for prose one line, with line breaks and container prefixes folded to one
    space; for anything else the exact characters of `[start, end)`.
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
        """`text` with `filler` in the place of each placeable; numbers stay where `numbers` says so."""
        text = self.text
        for placeable in self.placeables:
            if not numbers or placeable.kind is not PlaceableKind.NUMBER:
                text = text.replace(placeable.text, filler, 1)
        return text


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
    """A parsed text. Segments are sorted and don't overlap; what lies between them (`lead`) is structure only: white
    space, list and heading markers, quote prefixes, table bars."""

    text: str
    blocks: tuple[Block, ...]
    segments: tuple[Segment, ...]

    def lead(self, index: int) -> str:
        """The structure before segment `index`; for `len(segments)` the tail of the document."""
        start = self.segments[index - 1].end if index else 0
        end = self.segments[index].start if index < len(self.segments) else len(self.text)
        return self.text[start:end]

    def starts_block(self, index: int) -> bool:
        return self.blocks[self.segments[index].block].first == index
