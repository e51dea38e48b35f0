"""The contract of every format: a Document of any text is lossless, and its parts fit together."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from bot.documents import fold, render
from bot.model import Document


def faults(document: Document) -> list[str]:
    return [
        *(["render differs"] if render(document) != document.text else []),
        *_segment_faults(document),
        *_block_faults(document),
        *_placeable_faults(document),
        *_tag_faults(document),
    ]


def _segment_faults(document: Document) -> Iterator[str]:
    position = 0
    for segment in document.segments:
        if not position <= segment.start < segment.end <= len(document.text):
            yield f"segment {segment.start}-{segment.end} is empty or overlaps"
        position = segment.end
        raw = document.text[segment.start : segment.end]
        if not raw.strip() or (segment.is_prose and raw.strip() != raw):
            yield f"segment {raw!r} is blank or has white space around it"
        if segment.is_prose and re.search(r"[\r\n\t]|  ", segment.text):
            yield f"prose is not one line: {segment.text!r}"
        if not segment.is_prose and segment.text != raw:
            yield f"opaque text is not exact: {segment.text!r}"


def _block_faults(document: Document) -> Iterator[str]:
    expected = 0
    for number, block in enumerate(document.blocks):
        segments = document.segments[block.first : block.last]
        if block.first != expected or not segments:
            yield f"block {number} does not begin where the last one ended, or is empty"
        expected = block.last
        if any(segment.block != number or segment.kind is not block.kind for segment in segments):
            yield f"a segment of block {number} says otherwise"
        if segments and not block.start <= segments[0].start <= segments[-1].end <= block.end:
            yield f"a segment lies outside block {number}"
    if expected != len(document.segments):
        yield "segments without a block"


def _placeable_faults(document: Document) -> Iterator[str]:
    for segment in document.segments:
        position = segment.start
        for placeable in segment.placeables:
            if not position <= placeable.start < placeable.end <= segment.end:
                yield f"placeable {placeable} overlaps another or lies outside its segment"
            position = placeable.end
            if placeable.text != fold(document.text[placeable.start : placeable.end]):
                yield f"placeable {placeable} has another text"


def _tag_faults(document: Document) -> Iterator[str]:
    for segment in document.segments:
        for tag in segment.tags:
            if not segment.start <= tag.start < tag.inner_start <= tag.inner_end < tag.end <= segment.end:
                yield f"tag {tag} is not in order or lies outside its segment"
            if any(p.start <= tag.start and tag.end <= p.end for p in segment.placeables):
                yield f"tag {tag} lies inside a placeable"
        yield from (f"tags {a} {b} not sorted" for a, b in itertools.pairwise(segment.tags) if a.start > b.start)
