"""Parallel data as files: pairs as CSV, TSV or TMX, their provenance as lines of JSON, and imports of memories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import IO

from bot.book.files import json_bytes
from bot.book.package_data import known_language
from bot.book.project import Project
from bot.errors import ConfigError, InputError, UsageError
from bot.memory.formats import to_csv, to_tmx
from bot.memory.pairs import Pair, PairStatus
from bot.memory.reading import FORMATS, read_memory
from bot.model import Direction, Origin, TranslationUnit
from bot.parallel_data.book_pairs import ParallelData
from bot.parallel_data.options import Format, Level

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
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: can't be read: {error.strerror}") from None
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
    """A line of JSON. `provenance` has the paths of both texts, and more if known."""
    unit = pair.unit
    fields = {
        "fate": status.value,
        "source": unit.source,
        "target": unit.target,
        "score": round(unit.score, 4),
        "kind": unit.kind.value,
        "origin": (Origin.MACHINE if pair.drafted else unit.origin).value,
        **provenance,
        "source_spans": pair.source_spans,
        "target_spans": pair.target_spans,
    }
    return json_bytes(fields)


class UnitWriter:
    """Writes units to a file, a batch at a time; the file is whole when the block ends."""

    def __init__(self, file: IO[bytes], form: Format, level: Level, direction: Direction) -> None:
        self._file = file
        self._units: list[TranslationUnit] = []
        self._format = _formatter(direction, level, form)
        self._head, self._tail = _frame(self._format([TranslationUnit("", "", "")]), form)
        self._write(self._head)

    def __enter__(self) -> UnitWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            self._flush()
            self._write(self._tail)

    def add(self, unit: TranslationUnit) -> None:
        self._units.append(unit)
        if len(self._units) >= _BATCH_SIZE:
            self._flush()

    def _flush(self) -> None:
        if self._units:
            self._write(self._format(self._units).removeprefix(self._head).removesuffix(self._tail))
            self._units.clear()

    def _write(self, text: str) -> None:
        self._file.write(text.encode("utf-8"))


def _formatter(direction: Direction, level: Level, form: Format) -> Callable[[Iterable[TranslationUnit]], str]:
    codes = direction.source.code_for("amazon"), direction.target.code_for("amazon")
    match form:
        case Format.CSV:
            return lambda units: to_csv(units, *codes)
        case Format.TSV:
            return lambda units: to_csv(units, *codes, delimiter="\t")
        case Format.TMX:
            return lambda units: to_tmx(units, *codes, version=version("amts"), segments=level.value)


def _frame(text: str, form: Format) -> tuple[str, str]:
    """The text of a file before and after its units."""
    if form is not Format.TMX:
        return text[: text.index("\n") + 1], ""
    head, tail = "<body>\n", "  </body>"
    return text[: text.index(head) + len(head)], text[text.rindex(tail) :]
