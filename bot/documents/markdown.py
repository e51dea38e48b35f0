"""Markdown with the d2l and MyST dialects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.documents.dialect import directive_parts, has_markdown_body, split_paragraph
from bot.documents.inline import fold, read_inlines, within
from bot.documents.leaves import Leaf, read_leaves
from bot.documents.sentences import split_sentences
from bot.documents.text import split_lines
from bot.model import Block, Document, Kind, Language, Segment, Span

_MAX_NESTING = 20
_WORD = re.compile(r"\w")
_STRUCTURE = re.compile(
    r"(?m)[ \t>|]+|^\ufeff|(?:[-*+]|#+)(?=[ \t\r\n]|$)|\d{1,9}[.)](?=[ \t\r\n]|$)|\[[ xX]\](?=[ \t])|\[\^[^\]\n]+\]:"
)


def parse(text: str, language: Language) -> Document:
    """The Document of a Markdown text. Never fails: text that is not understood becomes an opaque block."""
    blocks: list[Block] = []
    segments: list[Segment] = []
    leaves = _with_gaps(text, list(_expand(text, read_leaves(text))))
    for leaf in leaves:
        first = len(segments)
        segments.extend(_segments(text, leaf, len(blocks), language))
        if len(segments) > first:
            blocks.append(Block(leaf.kind, leaf.start, leaf.end, first, len(segments), leaf.level, leaf.container))
    return Document(text, tuple(blocks), tuple(segments), "markdown")


def _expand(text: str, leaves: list[Leaf], depth: int = 0) -> Iterator[Leaf]:
    """CommonMark's blocks as the dialects see them; `depth` directives enclose them."""
    for leaf in leaves:
        if leaf.is_paragraph:
            yield from split_paragraph(text, leaf)
        elif leaf.kind is Kind.CODE and not leaf.container and depth < _MAX_NESTING and has_markdown_body(leaf.info):
            yield from _directive(text, leaf, depth)
        else:
            if leaf.kind is Kind.HTML and text.startswith("<!--", leaf.start):
                leaf.kind = Kind.COMMENT
            yield leaf


def _directive(text: str, leaf: Leaf, depth: int) -> Iterator[Leaf]:
    parts = directive_parts(text, leaf)
    if parts is None:
        yield leaf
        return
    head, (body, end), tail = parts
    yield Leaf(Kind.DIRECTIVE, head[0], head[0] + len(text[slice(*head)].rstrip()))
    for inner in _expand(text[body:end], read_leaves(text[body:end]), depth + 1):
        yield replace(
            inner,
            start=inner.start + body,
            end=inner.end + body,
            container="{}" + inner.container,
            inlines=[inline.shifted(body) for inline in inner.inlines],
            breaks=[(first + body, last + body) for first, last in inner.breaks],
        )
    yield Leaf(Kind.DIRECTIVE, tail[1] - len(text[slice(*tail)].lstrip()), tail[1])


def _with_gaps(text: str, leaves: list[Leaf]) -> list[Leaf]:
    """The blocks, and between them opaque blocks of text without parser events, such as link definitions."""
    complete: list[Leaf] = []
    position = 0
    for leaf in [*leaves, Leaf(Kind.RULE, len(text), len(text))]:
        if leaf.start < position:
            continue
        unknown = _unknown(text, (position, leaf.start))
        if unknown is not None:
            complete.append(Leaf(Kind.DEFINITION, *unknown))
        complete.append(leaf)
        position = leaf.end
    return complete[:-1]


def _unknown(text: str, gap: Span) -> Span | None:
    """The part of a gap between two blocks that is more than structure, None if there is none."""
    raw = text[slice(*gap)]
    if not _WORD.search(raw):
        return None
    rest = _STRUCTURE.sub(lambda match: " " * len(match[0]), raw)
    start, end = -1, 0
    position = 0
    for line in split_lines(rest):
        if _WORD.search(line):
            start = position + len(line) - len(line.lstrip()) if start < 0 else start
            # The line that the next block stands on ends with that block's marks, any other with this one's.
            ends_here = line.endswith(("\n", "\r")) or gap[1] == len(text)
            end = position + len((raw[position : position + len(line)] if ends_here else line).rstrip())
        position += len(line)
    return (gap[0] + start, gap[0] + end) if start >= 0 else None


def _segments(text: str, leaf: Leaf, block: int, language: Language) -> Iterator[Segment]:
    if not leaf.kind.is_prose:
        if leaf.start < leaf.end:
            yield Segment(leaf.kind, block, leaf.start, leaf.end, text[leaf.start : leaf.end])
        return
    span = (leaf.start, leaf.end)
    placeables, tags = read_inlines(text, leaf.inlines, span)
    for start, end in split_sentences(text, span, language, placeables, tags, leaf.breaks):
        inside = tuple(within(placeables, start, end)), tuple(within(tags, start, end))
        yield Segment(leaf.kind, block, start, end, fold(text[start:end]), *inside)
