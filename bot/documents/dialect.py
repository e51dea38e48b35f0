"""The blocks that d2l and MyST add to CommonMark's paragraphs: labels, tabs, captions, comments, formulas, images."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import takewhile

from bot.documents.inline import Inline, within
from bot.documents.leaves import Leaf
from bot.documents.text import PREFIX, content_end, split_lines
from bot.model import Kind, Span

_LABEL = re.compile(
    r"(?::(?:label|eqlabel|width|height|bibliography):`[^`]*`[ \t]*)+$|:bibliography:.*$|\([\w.:-]+\)=[ \t]*$"
)
_TAB = re.compile(r":(?:begin|end)_tab:.*$|:{3,}.*$")
_MARK_LINE = re.compile(r"(?:[\[(](?:\*\*|~~)|(?:\*\*|~~)[\])])$")
_COMMENT = re.compile(r"%(?:[ \t]|$)")
_LINES = ((Kind.LABEL, _LABEL), (Kind.DIRECTIVE, _TAB), (Kind.DIRECTIVE, _MARK_LINE), (Kind.COMMENT, _COMMENT))
_CAPTION = re.compile(r":(?![\w+.-]+:`)(?=\S)")
_AFTER_FORMULA = re.compile(r"[ \t]*+[.,;。，；]?[ \t]*+(?:\([\w.:-]+\))?(?::eqlabel:`[^`]*`)?[ \t]*$")
_REST = re.compile(r"[^\r\n]*")
_QUOTE_MARK = re.compile(r"[\r\n][ \t]*>")

# MyST and Sphinx directives whose body is Markdown; any other body is opaque.
_PROSE_DIRECTIVES = re.compile(
    r"(?:note|warning|tip|admonition|important|hint|seealso|caution|attention|danger|error|todo|dropdown|card|figure"
    r"|margin|sidebar|topic|epigraph|tab-set|tab-item|grid|grid-item|(?:exercise|solution)(?:-start|-end)?"
    r"|versionadded|versionchanged|deprecated|(?:prf|proof):.+)$"
)
_DIRECTIVE = re.compile(r"\{([\w:.+-]+)\}")
_OPTION = re.compile(r"[ \t]*:[\w-]+:(?:[ \t].*)?$")


def has_markdown_body(info: str) -> bool:
    """Whether a fence with this info string is a directive that holds Markdown."""
    match = _DIRECTIVE.match(info.strip())
    return match is not None and _PROSE_DIRECTIVES.match(match[1]) is not None


def directive_parts(text: str, leaf: Leaf) -> tuple[Span, Span, Span] | None:
    """Spans of head (opening line and options), body and closing fence of a directive; None for an unclosed one."""
    lines = split_lines(text[leaf.start : leaf.end])
    opening, closing = lines[0].strip(), lines[-1].strip()
    width = len(opening) - len(opening.lstrip(opening[0]))
    if len(lines) < 2 or len(closing) < width or closing.strip(opening[0]):
        return None
    count = 1
    if lines[1].strip() == "---":
        count = next((i + 1 for i, line in enumerate(lines[2:-1], 2) if line.strip() == "---"), 1)
    while count < len(lines) - 1 and _OPTION.match(lines[count].rstrip("\r\n")):
        count += 1
    head = leaf.start + sum(map(len, lines[:count]))
    tail = leaf.end - len(lines[-1])
    return (leaf.start, head), (head, tail), (tail, leaf.end)


def split_paragraph(text: str, leaf: Leaf) -> Iterator[Leaf]:
    """A CommonMark paragraph as the blocks that the dialects see in it."""
    paragraph = _Paragraph(text, leaf)
    run = -1  # the start of the prose that is not yielded yet
    end_of_blocks = -1
    for start, end, inlines in paragraph.lines():
        if start < end_of_blocks:
            continue
        run = start if run < 0 else run
        blocks = paragraph.blocks_at(start, end, inlines)
        if not blocks:
            continue
        # A formula may begin amid a line.
        stop = blocks[0].start if blocks[0].kind is Kind.MATH else start
        if run < stop:
            yield paragraph.part(Kind.PARAGRAPH, run, stop)
        yield from blocks
        end_of_blocks = blocks[-1].end
        run = end_of_blocks if paragraph.rest_of_line(end_of_blocks).strip() else -1
    if run >= 0:
        yield paragraph.part(Kind.PARAGRAPH, run, leaf.end)


class _Paragraph:
    """A paragraph, to be read line by line; `leaf` holds its inline events in order."""

    def __init__(self, text: str, leaf: Leaf) -> None:
        self.text = text
        self.leaf = leaf
        self.starts = [inline.start for inline in leaf.inlines]

    def lines(self) -> Iterator[tuple[int, int, list[Inline]]]:
        """Span of each line without container prefix and line end, and the inlines that begin on it. Lines that begin
        inside an inline are left out."""
        position = self.leaf.start
        index = covered = 0
        for line in split_lines(self.text[self.leaf.start : self.leaf.end]):
            prefix = PREFIX.match(line) if position > self.leaf.start else None
            start = position + (prefix.end() if prefix else 0)
            position += len(line)
            first, index = index, bisect_left(self.starts, position, index)
            if start >= covered:
                yield start, position - len(line) + len(line.rstrip()), self.leaf.inlines[first:index]
            covered = max([covered, *(inline.end for inline in self.leaf.inlines[first:index])])

    def blocks_at(self, start: int, end: int, inlines: list[Inline]) -> list[Leaf]:
        """The blocks that begin on a line, none if it is prose."""
        line = self.text[start:end]
        for kind, pattern in _LINES:
            if pattern.match(line):
                return [self.part(kind, start, end)]
        for inline in takewhile(lambda inline: inline.start == start, inlines):
            rest = self.rest_of_line(inline.end)
            if inline.name == "DisplayMath" and _AFTER_FORMULA.match(rest):
                return [self.part(Kind.MATH, start, inline.end + len(rest))]
            if inline.name == "Image" and not rest.strip():
                # The description of an image on its own is a caption to translate, the rest is copied.
                close = inline.closing
                if close < 0 or not self.text[start + 2 : close].strip():
                    return [self.part(Kind.IMAGE, start, inline.end)]
                return [self.part(Kind.CAPTION, start + 2, close), self.part(Kind.IMAGE, close, inline.end)]
        if ">" not in self.leaf.container:
            # Folding would take a line of a formula that begins with `>` for a line of a quote.
            for inline in inlines:
                if inline.name == "DisplayMath" and _QUOTE_MARK.search(self.text, inline.start, inline.end):
                    return [self.part(Kind.MATH, inline.start, inline.end)]
        if start == self.leaf.start and _CAPTION.match(line):
            return [self.part(Kind.CAPTION, start + 1, self._caption_end(end))]
        return []

    def rest_of_line(self, position: int) -> str:
        """The text from `position` to the end of its line, within the paragraph."""
        match = _REST.match(self.text, position, self.leaf.end)
        return match[0] if match else ""

    def _caption_end(self, first_end: int) -> int:
        """A caption goes on until a label, another directive line, or the end of its paragraph."""
        stop = first_end
        for start, end, _ in self.lines():
            if start > self.leaf.start:
                line = self.text[start:end]
                if _LABEL.match(line) or _TAB.match(line):
                    break
                stop = end
        return stop

    def part(self, kind: Kind, start: int, end: int) -> Leaf:
        """A stretch of the paragraph as a block of its own, without the white space around it."""
        raw = self.text[start:end]
        stop = start + content_end(raw)
        start = min(end - len(raw.lstrip()), stop)
        breaks = self.leaf.breaks[bisect_left(self.leaf.breaks, (start, 0)) : bisect_left(self.leaf.breaks, (stop, 0))]
        return Leaf(
            kind,
            start,
            stop,
            container=self.leaf.container,
            inlines=within(self.leaf.inlines, start, stop),
            breaks=[span for span in breaks if span[1] < stop],
        )
