"""The pairs of a document and its translation, and their form in a cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.alignment import Lexicon, align
from bot.alignment.beads import paragraph_beads
from bot.documents import parse
from bot.memory.language_detection import load_detector
from bot.memory.pairs import Pair, PairStatus, collect_pairs, imported_pair, trust_all
from bot.model import Direction, Document, Kind, Span, TranslationUnit
from bot.parallel_data.options import Level


@dataclass(frozen=True, slots=True)
class Extract:
    """The pairs of one file, and the number of sentences in its source."""

    sentences: int
    pairs: tuple[Pair, ...]


def document_pairs(
    path: str,
    documents: tuple[Document, Document],
    direction: Direction,
    level: Level,
    *,
    detects: bool,
    lexicon: Lexicon | None = None,
) -> tuple[Pair, ...]:
    """The pairs of two documents; `path` is the translation's. `detects`: look for texts in a wrong language."""
    beads = align(*documents, direction, lexicon=lexicon)
    if level is Level.PARAGRAPH:
        beads = paragraph_beads(*documents, beads)
    return tuple(collect_pairs(documents, beads, direction, path, load_detector() if detects else trust_all))


def extract_file(path: str, base: str, target: str, direction: Direction, level: Level, detects: bool) -> Extract:
    documents = parse(base, direction.source, path), parse(target, direction.target, path)
    sentences = sum(segment.is_prose for segment in documents[0].segments)
    return Extract(sentences, document_pairs(path, documents, direction, level, detects=detects))


def extract_imported(units: Sequence[TranslationUnit], direction: Direction, detects: bool) -> list[Pair]:
    detect = load_detector() if detects else trust_all
    return [imported_pair(unit, direction, detect) for unit in units]


def to_cache(extract: Extract) -> object:
    """Plain lists, without the path: files of one format with the same texts share an entry."""
    rows = []
    for pair in extract.pairs:
        unit = pair.unit
        texts = [unit.source, unit.target, unit.kind, unit.before, unit.score]
        rows.append([*texts, pair.source_spans, pair.target_spans, pair.fault, pair.sentences])
    return [extract.sentences, rows]


def from_cache(value: Any, path: str) -> Extract:
    """The reverse of `to_cache`, for the translation at `path`."""
    sentences, rows = value
    return Extract(sentences, tuple(_pair(row, path) for row in rows))


def _pair(row: Sequence[Any], path: str) -> Pair:
    source, target, kind, before, score, source_spans, target_spans, fault, sentences = row
    unit = TranslationUnit(source, target, path, Kind(kind), before, score)
    status = PairStatus(fault) if fault else None
    return Pair(unit, _spans(source_spans), _spans(target_spans), status, tuple(sentences))


def _spans(rows: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in rows)
