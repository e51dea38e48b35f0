"""Parallel data as files: pairs as CSV, TSV or TMX, their provenance as JSON lines, and imported memories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bot.book.files import json_bytes, read_bytes
from bot.book.package_data import known_language
from bot.book.project import Project
from bot.errors import ConfigError, InputError, UsageError
from bot.memory.formats import FORMATS, read_memory, to_csv, to_tmx
from bot.memory.pairs import Pair, PairStatus
from bot.model import Direction, TranslationUnit
from bot.parallel_data.book_pairs import ParallelData
from bot.parallel_data.options import Format, Level

Item = TypeVar("Item")

# Units that are formatted at once.
_BATCH_SIZE = 1000


def data_files(name: str, data: ParallelData, direction: Direction, level: Level, form: Format) -> dict[str, bytes]:
    """File name to bytes. The same data gives the same bytes."""
    text = _formatter(direction, level, form)
    lines = (pair_line(record.pair, record.status, **asdict(record.provenance)) for record in data.records)
    return {
        f"{name}.{form}": text(data.units(PairStatus.KEPT)).encode("utf-8"),
        f"{name}.held-out.{form}": text(data.units(PairStatus.HELD_OUT)).encode("utf-8"),
        f"{name}.pairs.jsonl": b"".join(lines),
    }


def summary_data(data: ParallelData) -> dict[str, object]:
    """The counts of one language as JSON."""
    return {
        "pairs": len(data.records),
        "fates": {status.value: count for status, count in data.counts.items()},
        "sentences": data.sentences,
        "paired": data.paired,
        "covered": data.covered,
        "files": data.files,
        "unread": dict(data.unread),
    }


def read_imports(project: Project, names: Sequence[str], paths: Sequence[Path]) -> dict[str, list[TranslationUnit]]:
    """The units of memory files by language. Raises UsageError for a file of an unknown format, InputError for a file
    that can't be read or has no unit of any language."""
    imported: dict[str, list[TranslationUnit]] = {name: [] for name in names}
    for path in paths:
        form = FORMATS.get(path.suffix.lower())
        if form is None:
            raise UsageError(f"{path}: is of no known format; import {', '.join(FORMATS)}")
        data = read_bytes(path)
        units = {name: read_memory(data, form, partial(_side, project.direction(name)), path.name) for name in names}
        if not any(units.values()):
            codes = ", ".join(project.config.languages[name].language for name in names)
            raise InputError(f"{path}: has no pairs of {project.config.source.language} and {codes}")
        for name in names:
            imported[name] += units[name]
    return imported


def _side(direction: Direction, code: str) -> int | None:
    try:
        name = known_language(code).name
    except ConfigError:
        return None
    return next((side for side, language in enumerate(direction) if language.name == name), None)


def pair_line(pair: Pair, status: PairStatus, **provenance: str | None) -> bytes:
    """A line of JSON. `provenance` has the paths of both texts, and their revisions if known."""
    unit = pair.unit
    fields = {
        "fate": status.value,
        "source": unit.source,
        "target": unit.target,
        "score": round(unit.score, 4),
        "kind": unit.kind.value,
        "origin": unit.origin.value,
        **provenance,
        "source_spans": pair.source_spans,
        "target_spans": pair.target_spans,
    }
    return json_bytes(fields)


def written_units(
    units: Iterable[TranslationUnit], form: Format, level: Level, direction: Direction
) -> Iterator[bytes]:
    """The bytes of a file of units, in pieces, so that any number of units needs little memory."""
    text = _formatter(direction, level, form)
    # The text of a file before and after its units.
    start, end = ("<body>\n", "  </body>") if form is Format.TMX else ("\n", "")
    sample = text([TranslationUnit("", "", "")])
    head, tail = sample[: sample.index(start) + len(start)], sample[sample.rindex(end) :] if end else ""
    yield head.encode("utf-8")
    for batch in batches(units, _BATCH_SIZE):
        yield text(batch).removeprefix(head).removesuffix(tail).encode("utf-8")
    yield tail.encode("utf-8")


def batches(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    stream = iter(items)
    while batch := tuple(islice(stream, size)):
        yield batch


def _formatter(direction: Direction, level: Level, form: Format) -> Callable[[Iterable[TranslationUnit]], str]:
    codes = direction.source.code_for("amazon"), direction.target.code_for("amazon")
    match form:
        case Format.CSV:
            return lambda units: to_csv(units, *codes)
        case Format.TSV:
            return lambda units: to_csv(units, *codes, delimiter="\t")
        case Format.TMX:
            return lambda units: to_tmx(units, *codes, version=version("amts"), segments=level.value)
