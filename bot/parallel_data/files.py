"""Parallel data as files: what is taught, what is held out, and the provenance of every pair."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version

from bot.book.files import json_bytes
from bot.memory.formats import to_csv, to_tmx
from bot.memory.pairs import PairStatus
from bot.model import Direction, Origin, TranslationUnit
from bot.parallel_data.book_pairs import PairRecord, ParallelData
from bot.parallel_data.options import Format, Level


def data_files(name: str, data: ParallelData, direction: Direction, level: Level, form: Format) -> dict[str, bytes]:
    """File name to bytes. The same data gives the same bytes."""
    return {
        f"{name}.{form}": _formatted(data.units(PairStatus.KEPT), direction, level, form),
        f"{name}.held-out.{form}": _formatted(data.units(PairStatus.HELD_OUT), direction, level, form),
        f"{name}.pairs.jsonl": b"".join(json_bytes(_line(record)) for record in data.records),
    }


def _formatted(units: Iterable[TranslationUnit], direction: Direction, level: Level, form: Format) -> bytes:
    codes = direction.source.code_for("amazon"), direction.target.code_for("amazon")
    match form:
        case Format.CSV:
            text = to_csv(units, *codes)
        case Format.TSV:
            text = to_csv(units, *codes, delimiter="\t")
        case Format.TMX:
            text = to_tmx(units, *codes, version=version("amts"), segments=level.value)
    return text.encode("utf-8")


def _line(record: PairRecord) -> dict[str, object]:
    unit, place = record.pair.unit, record.provenance
    return {
        "fate": record.fate.value,
        "source": unit.source,
        "target": unit.target,
        "score": round(unit.score, 4),
        "kind": unit.kind.value,
        "origin": (Origin.MACHINE if record.pair.drafted else unit.origin).value,
        "path": place.path,
        "source_path": place.source_path,
        "source_commit": place.source_commit,
        "source_blob": place.source_blob,
        "target_commit": place.target_commit,
        "target_blob": place.target_blob,
        "source_spans": record.pair.source_spans,
        "target_spans": record.pair.target_spans,
    }
