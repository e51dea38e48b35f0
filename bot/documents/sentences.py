"""Prose to sentences, across hard-wrapped lines; the splitting itself is sentencex's (see docs/sentences.md)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

import sentencex

from bot.model import Placeable, PlaceableKind, Span, Tag

_BREAK = re.compile(r"\r?\n[ \t>]*")
_TRAILING = re.compile(r"\s*(?:\n[ \t>]*)?$")
_LEADING = re.compile(r"\s*(?:\n[ \t>]*)?")


def split_sentences(
    text: str, span: Span, language: str, placeables: Sequence[Placeable], tags: Sequence[Tag], breaks: Iterable[Span]
) -> list[Span]:
    """Spans of the sentences in `span`, without the white space around them.

    Placeables are opaque to the splitter, no boundary falls inside one or inside a tag, and every hard line break
    (`breaks`) is a boundary.
    """
    spans: list[Span] = []
    start = span[0]
    for hard_start, hard_end in [*sorted(breaks), (span[1], span[1])]:
        spans += _split_stretch(text, (start, hard_start), language, placeables, tags)
        start = hard_end
    return spans


def _split_stretch(
    text: str, span: Span, language: str, placeables: Sequence[Placeable], tags: Sequence[Tag]
) -> list[Span]:
    start, end = span
    # A number shows the splitter where a sentence ends ("1." in a list), so it stays visible.
    opaque = [p for p in placeables if p.kind is not PlaceableKind.NUMBER and start <= p.start and p.end <= end]
    inside = [tag for tag in tags if start <= tag.start and tag.end <= end]
    flat = _flatten(text, span, opaque, inside)
    if not flat.strip():
        return []
    cuts = [start]
    position = start
    for sentence in sentencex.segment(language, flat):
        position += len(sentence)
        cut = _outside(position, opaque, inside)
        if cuts[-1] < cut < end:
            cuts.append(cut)
    cuts.append(end)
    spans: list[Span] = []
    for a, b in itertools.pairwise(cuts):
        # A line inside a quote begins with the quote's prefix, which is structure.
        part = _TRAILING.sub("", text[a:b])
        indent = _LEADING.match(part) if a > start else None
        if part.strip():
            spans.append((a + (indent.end() if indent else 0), a + len(part)))
    return spans


def _outside(position: int, placeables: Sequence[Placeable], tags: Sequence[Tag]) -> int:
    """The boundary itself, moved out of the marks of a tag that begins or ends right there; -1 inside one."""
    if any(p.start < position < p.end for p in placeables):
        return -1
    for tag in tags:
        if tag.start < position <= tag.inner_start:
            return tag.start
        if tag.inner_end <= position < tag.end:
            position = tag.end
        elif tag.start < position < tag.end:
            return -1
    return position


def _flatten(text: str, span: Span, placeables: Sequence[Placeable], tags: Sequence[Tag]) -> str:
    """The stretch with line breaks and the marks of tags as spaces and placeables as letters, of the same length."""
    start, end = span
    covers = [(p.start, p.end, "x") for p in placeables]
    for tag in tags:
        covers += (tag.start, tag.inner_start, " "), (tag.inner_end, tag.end, " ")
    pieces: list[str] = []
    at = start
    for cover_start, cover_end, letter in sorted(covers):
        if cover_start >= at:
            pieces += text[at:cover_start], letter * (cover_end - cover_start)
            at = cover_end
    pieces.append(text[at:end])
    return _BREAK.sub(lambda match: " " * len(match[0]), "".join(pieces))
