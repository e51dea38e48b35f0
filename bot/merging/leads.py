"""The structure between segments (white space, markers, bars): whether it changed, and how a translation writes it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

from bot.documents import newline_of
from bot.model import Document, Kind, Language, Operation, Versions

INLINE = ""
HARD_BREAK = "\\"
_MARKER = re.compile(r"[-*+|]")
_HARD = re.compile(r"(?:\\| {2,})\r?\n")
# Text that ends a block but stands in the lead of the next: a row's last bar and the line under a table's head, the
# closing marks, attributes or underline of a heading.
_CLOSING = re.compile(
    r"(?:[ \t]*\|[ \t]*(?=\r?\n|\Z)|[ \t]*\{[^{}\n]*\}[ \t]*(?=\r?\n|\Z)|[ \t]+#+[ \t]*(?=\r?\n|\Z)|)"
    r"(?:\r?\n[ \t>]*(?:=+|(?=[^\r\n]*-)(?=[^\r\n]*(?:\||--))[-:| \t]+)(?=\r?\n|\Z))?"
)
_NORMALISE = (
    (re.compile(r"\r\n"), "\n"),
    # From the first space of a run on: from each, a long run would take time with the square of its length.
    (re.compile(r"(?<![ \t])[ \t]+(?=\n)"), ""),
    (re.compile(r"\n{3,}"), "\n\n"),
    (re.compile(r"-{2,}"), "--"),
    (re.compile(r"(?:(?<![ \t])[ \t]+)?\|[ \t]*"), "|"),
    (re.compile(r"\d+(?=[.)])"), "1"),
)


def structure_class(document: Document, index: int) -> str:
    """The meaning of a segment's lead: `INLINE` inside a block, else its markers, up to white space and numbering."""
    lead = document.lead(index)
    if index < len(document.segments) and not document.starts_block(index):
        return HARD_BREAK if _HARD.match(lead) else INLINE
    return normalise(lead)


def normalise(lead: str) -> str:
    """The lead of a block without trailing spaces, further blank lines, widths and numbers, which mean nothing."""
    lead = lead.lstrip("\ufeff")
    for pattern, replacement in _NORMALISE:
        lead = pattern.sub(replacement, lead)
    return lead or "\0"


def opening(lead: str) -> str:
    """The lead without the end of the block before it."""
    return _CLOSING.sub("", lead, count=1)


def closing_after(document: Document, index: int) -> str:
    """The part of the end of segment `index`'s block that stands in the next lead."""
    lead = document.lead(index + 1)
    inside = index + 1 < len(document.segments) and "\n" not in lead
    return "" if inside else lead.removesuffix(opening(lead))


class LeadWriter:
    """Writes leads in the style of one translation. `operations` are the operations of its merge."""

    def __init__(self, documents: Versions[Document], operations: Sequence[Operation], language: Language) -> None:
        base, _, target = self.documents = documents
        self.operations = operations
        self.newline = newline_of(target.text)
        self.joiner = language.joiner
        self.wraps = _wraps(target)
        self.base_wraps = _wraps(base)
        self.customs = _customs(base, target, operations)

    def maker_of_block(self, block: int) -> Operation | None:
        """The first operation with new English that has a segment in a block of the translation."""
        return self._makers.get(block)

    @cached_property
    def _makers(self) -> dict[int, Operation]:
        segments = self.documents.target.segments
        makers: dict[int, Operation] = {}
        for op in self.operations:
            for t in op.target if op.new else ():
                makers.setdefault(segments[t].block, op)
        return makers

    def lines(self, text: str) -> str:
        """The text with the translation's line ends."""
        return text.replace("\r\n", "\n").replace("\n", self.newline) if "\n" in text else text

    def adapt(self, index: int, before: str) -> str:
        """The new English's lead before segment `index`, as this translation would write it after the text `before`."""
        new = self.documents.new
        lead = new.lead(index).lstrip("\ufeff")
        wanted = structure_class(new, index)
        if wanted != INLINE:
            return self.customs.get(wanted) or self.lines(lead)
        if "\n" in lead and self.wraps:
            return self.lines(lead)
        block = new.block_of(index)
        if self.wraps and not self.base_wraps and block.kind is Kind.PARAGRAPH and not block.container:
            return self.newline
        if self.joiner:
            return self.joiner if self.base_wraps and not self.wraps else self.lines(lead)
        # No space between sentences in such scripts, unless the last one was left in English.
        return "" if before and not before[-1].isascii() else " "


def _wraps(document: Document) -> bool:
    """Whether most sentences of a paragraph begin on a line of their own."""
    inline = [document.lead(i) for i in range(len(document.segments)) if not document.starts_block(i)]
    return sum("\n" in lead for lead in inline) * 2 > len(inline)


def _customs(base: Document, target: Document, operations: Sequence[Operation]) -> dict[str, str]:
    """How the translation writes structures of the English that it usually writes another way (`-` for `*`)."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for op in operations:
        if op.base and op.target and target.starts_block(op.target[0]):
            english = structure_class(base, op.base[0])
            if _MARKER.search(english):
                seen[english][target.lead(op.target[0])] += 1
    customs: dict[str, str] = {}
    for english, leads in seen.items():
        lead, count = leads.most_common(1)[0]
        if count > 1 and count * 2 > leads.total() and normalise(lead) != english:
            customs[english] = lead
    return customs
