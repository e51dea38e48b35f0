"""CommonMark events to leaf blocks, before the dialects are applied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy
import pyromark

from bot.documents.inline import Inline
from bot.documents.masking import front_matter_end, mask
from bot.documents.text import split_lines
from bot.model import Kind, Span

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_MATH
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
)
_INLINE_STARTS = frozenset({"Emphasis", "Strong", "Strikethrough", "Link", "Image"})
_INLINE_LEAVES = frozenset({"Text", "Code", "InlineMath", "DisplayMath", "FootnoteReference", "InlineHtml"})
_CONTAINERS = {"BlockQuote": ">", "FootnoteDefinition": "^", "Item": "", "Table": "|"}
_BLOCKS = {"Paragraph": Kind.PARAGRAPH, "HtmlBlock": Kind.HTML, "TableCell": Kind.CELL}
_HEADING_MARK = re.compile(r"#{1,6}[ \t]*")
# Pandoc's and kramdown's attributes; other words in braces are part of the heading.
_ATTRIBUTES = re.compile(r"\{(?::?[ \t]*(?:[#.][\w-]|[\w-]+=)[^{}`]*|-)\}$")


@dataclass(slots=True)
class Leaf:
    """A leaf block under construction; the dialects split those with `is_paragraph` afterwards."""

    kind: Kind
    start: int
    end: int
    container: str = ""
    level: int = 0
    info: str = ""
    is_paragraph: bool = False
    inlines: list[Inline] = field(default_factory=list)
    breaks: list[Span] = field(default_factory=list)


_Event = tuple[str, str, object, int, int]
"""Phase (`Start`, `End`, or "" for an event that encloses nothing), name, details, and the span in characters."""


def read_leaves(text: str) -> list[Leaf]:
    """The leaf blocks of a Markdown text in order, with their inline events; front matter is a block too."""
    head = front_matter_end(text)
    leaves = [Leaf(Kind.METADATA, text.index("---"), len(text[:head].rstrip()))] if head else []
    # Blank lines keep the front matter's place: no span has to be shifted.
    hidden = re.sub(r"[^\r\n]", " ", text[:head]) + mask(text)[head:] if head else mask(text)
    if hidden.startswith("\ufeff"):
        hidden = " " + hidden[1:]
    leaves.extend(_Walker(text).walk(_events(hidden)))
    return leaves


def _events(text: str) -> Iterator[_Event]:
    """The parser's events, with character offsets in place of UTF-8 byte offsets."""
    offsets: Sequence[int] = range(len(text) + 1)
    if not text.isascii():
        data = numpy.frombuffer(text.encode("utf-8"), dtype=numpy.uint8)
        characters = numpy.zeros(len(data) + 1, dtype=numpy.int64)
        numpy.cumsum((data & 0xC0) != 0x80, out=characters[1:])
        offsets = characters.tolist()
    # One at a time: the collector would go through a list of all of them again and again.
    for event, span in pyromark.events_with_range(text, options=_OPTIONS):
        start, end = offsets[span["start"]], offsets[span["end"]]
        if isinstance(event, str):
            yield "", event, None, start, end
            continue
        ((phase, body),) = event.items()
        if phase in ("Start", "End"):
            name, detail = next(iter(body.items())) if isinstance(body, dict) else (str(body), None)
            yield phase, name, detail, start, end
        else:
            yield "", phase, body, start, end


class _Walker:
    """Follows the events of one text and collects its leaf blocks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.leaves: list[Leaf] = []
        self.containers: list[str] = []
        self.lists: list[str] = []
        self.leaf: Leaf | None = None
        self.bare_rows: Leaf | None = None
        self.open_links: list[int] = []
        self.words_end = 0

    def walk(self, events: Iterator[_Event]) -> list[Leaf]:
        for phase, name, detail, start, end in events:
            if not phase:
                self._inside(name, start, end)
            elif phase == "Start":
                self._start(name, detail, start, end)
            else:
                self._end(name, start, end)
        self._close()
        return self.leaves

    def _start(self, name: str, detail: object, start: int, end: int) -> None:
        if name in _INLINE_STARTS:
            leaf = self._inline(name, start, end)
            self.words_end = start + 1
            if name in ("Link", "Image"):
                self.open_links.append(len(leaf.inlines) - 1)
            return
        self._close()
        if name in _BLOCKS:
            self._open(Leaf(_BLOCKS[name], start, end, is_paragraph=name == "Paragraph"))
        elif name == "Heading":
            level = int(detail["level"][1]) if isinstance(detail, dict) else 1
            mark = _HEADING_MARK.match(self.text, start)
            self._open(Leaf(Kind.HEADING, mark.end() if mark else start, end, level=level))
        elif name == "CodeBlock":
            info = str(detail.get("Fenced", "")) if isinstance(detail, dict) else ""
            self._open(Leaf(Kind.CODE, start, end, info=info))
        elif name in ("TableRow", "TableHead"):
            self._start_row(name, start, end)
        elif name == "List":
            self.lists.append("*" if detail is None else "1")
        elif name in _CONTAINERS:
            self.containers.append(self.lists[-1] if name == "Item" and self.lists else _CONTAINERS[name])

    def _end(self, name: str, start: int, end: int) -> None:
        if name in _INLINE_STARTS:
            if self.leaf is not None and name in ("Link", "Image"):
                closing = self.text.find("]", self.words_end, end)
                self.leaf.inlines[self.open_links.pop()] = Inline(name, start, end, closing)
            self.words_end = end
            return
        self._close()
        if name == "List":
            self.lists.pop()
        elif name == "Table":
            self._flush_rows()
            self.containers.pop()
        elif name in _CONTAINERS:
            self.containers.pop()

    def _inside(self, name: str, start: int, end: int) -> None:
        self.words_end = end
        if name == "Rule":
            self._close()
            self._open(Leaf(Kind.RULE, start, end))
            self._close()
        elif self.leaf is not None and self.leaf.kind in (Kind.CODE, Kind.HTML):
            return
        elif name == "HardBreak":
            if self.leaf is not None:
                self.leaf.breaks.append((start, end))
        elif name in _INLINE_LEAVES:
            self._inline(name, start, end)

    def _inline(self, name: str, start: int, end: int) -> Leaf:
        """Add an inline event to the open leaf. The text of a tight list item has no paragraph of its own."""
        if self.leaf is None:
            first = start
            while first and self.text[first - 1] == "\\":
                first -= 1
            leaf = self._open(Leaf(Kind.PARAGRAPH, first, end, is_paragraph=True))
        else:
            leaf = self.leaf
        leaf.end = max(leaf.end, end)
        if name != "Text":
            leaf.inlines.append(Inline(name, start, end))
        return leaf

    def _start_row(self, name: str, start: int, end: int) -> None:
        """GFM takes d2l's caption or label line after a table for a row; it is a row without any bar."""
        if name == "TableHead" or "|" in self.text[start:end]:
            self._flush_rows()
        elif self.bare_rows is None:
            self.bare_rows = Leaf(Kind.PARAGRAPH, start, end, is_paragraph=True)
        else:
            self.bare_rows.end = end

    def _flush_rows(self) -> None:
        if self.bare_rows is not None:
            self.leaf, self.bare_rows = self.bare_rows, None
            self.leaf.container = "".join(self.containers[:-1])
            self._close()

    def _open(self, leaf: Leaf) -> Leaf:
        leaf.container = "".join(self.containers)
        if self.bare_rows is not None and leaf.kind is Kind.CELL:
            leaf.inlines = self.bare_rows.inlines
            leaf.breaks = self.bare_rows.breaks
        self.leaf = leaf
        return leaf

    def _close(self) -> None:
        leaf, self.leaf = self.leaf, None
        if leaf is None or (leaf.kind is Kind.CELL and self.bare_rows is not None):
            return
        self._trim(leaf)
        if leaf.start < leaf.end:
            self.leaves.append(leaf)

    def _trim(self, leaf: Leaf) -> None:
        """White space around a block is structure; so are a heading's closing marks and attributes."""
        if leaf.kind is Kind.HEADING:
            leaf.end = self._heading_end(leaf)
        raw = self.text[leaf.start : leaf.end]
        leaf.end -= len(raw) - len(raw.rstrip())
        if leaf.kind is not Kind.CODE:
            leaf.start += len(raw) - len(raw.lstrip()) if raw.strip() else 0

    def _heading_end(self, leaf: Leaf) -> int:
        lines = split_lines(self.text[leaf.start : leaf.end].rstrip())
        is_setext = len(lines) > 1  # the underline is structure
        line = "".join(lines[:-1] if is_setext else lines).rstrip()
        brace = line.rfind("{")
        if brace >= 0 and _ATTRIBUTES.match(line, brace):
            line = line[:brace].rstrip()
        if not is_setext:
            bare = line.rstrip("#")
            if not bare or bare[-1] in " \t":
                line = bare
        return leaf.start + len(line)
