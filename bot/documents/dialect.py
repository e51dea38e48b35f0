"""The lines that d2l and MyST add to CommonMark's paragraphs: labels, tabs, captions, comments, formulas, images."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.documents.inline import link_text_end
from bot.documents.leaves import Leaf
from bot.model import Kind, Span

_LABEL = re.compile(
    r"(?::(?:label|eqlabel|width|height|bibliography):`[^`]*`[ \t]*)+$|:bibliography:.*$|\([\w.:-]+\)=[ \t]*$"
)
_TAB = re.compile(r":(?:begin|end)_tab:.*$|:{3,}.*$")
_COMMENT = re.compile(r"%(?:[ \t]|$)")
_CAPTION = re.compile(r":(?![\w+.-]+:`)(?=\S)")
_AFTER_FORMULA = re.compile(r"[ \t]*[.,;。，；]?[ \t]*(?:\([\w.:-]+\))?(?::eqlabel:`[^`]*`)?[ \t]*$")
_PREFIX = re.compile(r"[ \t>]*")

# MyST and Sphinx directives whose body is Markdown; any other body is opaque.
_PROSE_DIRECTIVES = frozenset(
    "note warning tip admonition important hint seealso caution attention danger error exercise solution figure margin"
    " sidebar topic epigraph dropdown tab-set tab-item grid grid-item card exercise-start exercise-end solution-start"
    " solution-end versionadded versionchanged deprecated todo".split()
)
_DIRECTIVE = re.compile(r"\{([\w:.+-]+)\}")
_OPTION = re.compile(r"[ \t]*:[\w-]+:(?:[ \t].*)?$")


def has_markdown_body(info: str) -> bool:
    """Whether a fence with this info string is a directive that holds Markdown."""
    match = _DIRECTIVE.match(info.strip())
    return bool(match) and (match[1] in _PROSE_DIRECTIVES or match[1].startswith(("prf:", "proof:")))


def directive_parts(text: str, leaf: Leaf) -> tuple[Span, Span, Span] | None:
    """Spans of head (opening line and options), body and closing fence of a directive; None for an unclosed one."""
    lines = text[leaf.start : leaf.end].splitlines(keepends=True)
    fence = lines[0].strip()[:3]
    if len(lines) < 2 or not lines[-1].strip().startswith(fence) or lines[-1].strip().strip(fence[0]):
        return None
    count = 1
    if lines[1].strip() == "---":
        count = next((i + 1 for i, line in enumerate(lines[2:-1], 2) if line.strip() == "---"), 1)
    while count < len(lines) - 1 and _OPTION.match(lines[count].rstrip("\r\n")):
        count += 1
    head = leaf.start + sum(map(len, lines[:count]))
    tail = leaf.end - len(lines[-1])
    return (leaf.start, head), (head, tail), (tail, leaf.end)


def split_paragraph(text: str, paragraph: Leaf) -> Iterator[Leaf]:
    """A CommonMark paragraph as the blocks that the dialects see in it."""
    run = -1
    skip_to = -1
    first = True
    for start, end in _lines(text, paragraph):
        if start < skip_to or any(i.start < start < i.end for i in paragraph.inlines):
            continue
        found = _line_block(text, paragraph, start, end, first)
        first = False
        if found is None:
            run = start if run < 0 else run
            continue
        if run >= 0:
            yield _part(text, paragraph, Kind.PARAGRAPH, run, start)
            run = -1
        if found[0].kind is Kind.CAPTION and found[0].end > end:
            run = -1
        yield from found
        skip_to = found[-1].end
    if run >= 0:
        yield _part(text, paragraph, Kind.PARAGRAPH, run, paragraph.end)


def _lines(text: str, paragraph: Leaf) -> Iterator[Span]:
    """Spans of the lines without container prefix and line end."""
    position = paragraph.start
    for line in text[paragraph.start : paragraph.end].splitlines(keepends=True):
        prefix = _PREFIX.match(line) if position > paragraph.start else None
        yield position + (prefix.end() if prefix else 0), position + len(line.rstrip())
        position += len(line)


def _line_block(text: str, paragraph: Leaf, start: int, end: int, first: bool) -> list[Leaf] | None:
    """The blocks that a line begins, or None where it is prose."""
    line = text[start:end]
    if _LABEL.match(line):
        return [_part(text, paragraph, Kind.LABEL, start, end)]
    if _TAB.match(line):
        return [_part(text, paragraph, Kind.DIRECTIVE, start, end)]
    if _COMMENT.match(line):
        return [_part(text, paragraph, Kind.COMMENT, start, end)]
    for inline in paragraph.inlines:
        if inline.start == start and inline.name in ("DisplayMath", "Image"):
            stop = _line_end(text, inline.end, paragraph.end)
            if inline.name == "DisplayMath" and _AFTER_FORMULA.match(text[inline.end : stop]):
                return [_part(text, paragraph, Kind.MATH, start, stop)]
            if inline.name == "Image" and not text[inline.end : stop].strip():
                return _image(text, paragraph, inline.start, inline.end)
    if first and _CAPTION.match(line):
        return [_part(text, paragraph, Kind.CAPTION, start + 1, _caption_end(text, paragraph, start))]
    return None


def _line_end(text: str, position: int, limit: int) -> int:
    stop = text.find("\n", position, limit)
    return limit if stop < 0 else stop


def _caption_end(text: str, paragraph: Leaf, start: int) -> int:
    """A caption goes on until a label, another directive line, or the end of its paragraph."""
    stop = start
    for line_start, line_end in _lines(text, paragraph):
        if line_start > start and (_LABEL.match(text[line_start:line_end]) or _TAB.match(text[line_start:line_end])):
            break
        if line_start >= start:
            stop = line_end
    return stop


def _image(text: str, paragraph: Leaf, start: int, end: int) -> list[Leaf]:
    """An image on its own: its description is a caption to translate, the rest is copied."""
    closing = link_text_end(text[start + 1 : end])
    if closing < 0 or not text[start + 2 : start + 1 + closing].strip():
        return [_part(text, paragraph, Kind.IMAGE, start, end)]
    close = start + 1 + closing
    return [
        _part(text, paragraph, Kind.CAPTION, start + 2, close),
        _part(text, paragraph, Kind.IMAGE, close, end),
    ]


def _part(text: str, paragraph: Leaf, kind: Kind, start: int, end: int) -> Leaf:
    raw = text[start:end]
    # The prefix of the next line's container belongs to the structure between the blocks.
    end -= len(raw) - len(re.sub(r"\s+(?:\n[ \t>]*)?$|\n[ \t>]*$", "", raw)) if kind is Kind.PARAGRAPH else 0
    raw = text[start:end]
    return Leaf(
        kind,
        start + (len(raw) - len(raw.lstrip()) if raw.strip() else 0),
        start + len(raw.rstrip()) if raw.strip() else end,
        container=paragraph.container,
        inlines=[i for i in paragraph.inlines if start <= i.start and i.end <= end],
        breaks=[b for b in paragraph.breaks if start < b[0] and b[1] < end],
    )
