"""The frozen values that cross rooms. Spans are half-open, in characters of the decoded text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Language:
    """What the data file says of a language. `joiner` stands between two sentences of a paragraph; `length_ratio` is its
    characters per character of English."""

    code: str
    name: str
    joiner: str = " "
    enders: str = ".?!"
    length_ratio: float = 1.0
    splitter: str = "en"
    engine_codes: Mapping[str, str] = field(default_factory=dict)
    bleu_tokenizer: str = "13a"

    @property
    def has_spaces(self) -> bool:
        return self.joiner != ""


@dataclass(frozen=True, slots=True)
class Bead:
    """A group of source segments and the target segments that translate it (indices, either side may be empty), with the
    probability that this link is right."""

    source: tuple[int, ...]
    target: tuple[int, ...]
    score: float


class Origin(StrEnum):
    HUMAN = "human"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """A source text and its translation, with where they come from. `before` is the source text that preceded it."""

    source: str
    target: str
    path: str
    kind: Kind = Kind.PARAGRAPH
    before: str = ""
    score: float = 1.0
    origin: Origin = Origin.HUMAN


class Action(StrEnum):
    """What happens to the translation of a piece of English. Each change ends as exactly one of these."""

    KEPT = "kept"
    PATCHED = "patched"
    REUSED = "reused"
    TRANSLATED = "translated"
    REMOVED = "removed"
    MOVED = "moved"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class FuzzyMatch:
    """A similar source text that people translated: offered to the reviewer, never passed off as the translation."""

    source: str
    target: str
    similarity: float
    path: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """What to do with one unit: English `base` segments become `new` ones, translated by `target` segments (indices in
    the three documents, any may be empty). `text` is the finished target text where no engine is needed."""

    action: Action
    reason: str
    base: tuple[int, ...]
    new: tuple[int, ...]
    target: tuple[int, ...]
    text: str | None = None
    fuzzy: FuzzyMatch | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Every unit of the new English in its order, then what is removed. `operations[i]` for i in `requests` await the
    engine; `characters` is what it will be sent."""

    operations: tuple[Operation, ...]
    requests: tuple[int, ...]
    characters: int


@dataclass(frozen=True, slots=True)
class Request:
    """One sentence (or unit of joined sentences) for an engine, in the folded form of `Segment.text`."""

    text: str
    kind: Kind
    placeables: tuple[str, ...] = ()
    before: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """An engine's answer to one request. `left` says why a person must look at it, where the engine could not
    translate; `text` is then what stands in meanwhile."""

    text: str
    left: str = ""
    fuzzy: FuzzyMatch | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A declared change: `before` in the old translation became `after` in the new one, which holds `text` there."""

    action: Action
    reason: str
    before: Span
    after: Span
    source: str
    text: str
    fuzzy: FuzzyMatch | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What a person has to look at: the English, why, and where in the new translation (`after`) it stands."""

    reason: str
    source: str
    after: Span
    fuzzy: FuzzyMatch | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """A verified result: replacing each `before` of the old translation by its `text` gives `text` exactly. `counts`
    says how many units ended as each action, `sentences` how many of them are prose."""

    text: str
    edits: tuple[Edit, ...]
    counts: Mapping[str, int]
    sentences: Mapping[str, int]
    left: tuple[Left, ...]
    characters: int
    verified: bool = True


class FileChange(StrEnum):
    """What a sync did with a file as a whole. `recorded`: only the English it was made from is newer. `skipped` and
    `failed`: nothing was written, a person must look."""

    UPDATED = "updated"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    RECORDED = "recorded"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file of a sync. `base` and `head` are the English revisions (commits) it went from and to, `size` the
    characters of its new English; `merge` is None for a file that was removed or failed (`problem` says why)."""

    path: str
    source_path: str | None
    change: FileChange
    merge: Merge | None = None
    problem: str = ""
    base: str | None = None
    old_path: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class PullRequestDraft:
    """All a forge needs for one pull request. `files` maps a path to its new bytes, None to delete it; `expected_head` is
    the commit of the branch (or of `base` where there is no branch yet) that the content was made from."""

    language: str
    branch: str
    base: str
    title: str
    body: str
    message: str
    files: Mapping[str, bytes | None]
    expected_head: str
