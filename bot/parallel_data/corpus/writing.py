"""Pairs as files, written as they come: CSV, TSV or TMX, and the provenance of each."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from types import TracebackType
from typing import IO

from bot.memory.formats import to_csv, to_tmx
from bot.model import Direction, TranslationUnit
from bot.parallel_data.options import Format, Level

# Units that are formatted at once.
_BATCH = 1000


class UnitWriter:
    """Writes units as `bot.memory.formats` does, a batch at a time; the file is whole when the block ends."""

    def __init__(self, file: IO[bytes], form: Format, level: Level, direction: Direction) -> None:
        self._file = file
        self._units: list[TranslationUnit] = []
        self._format = _formatter(form, level, direction)
        self._before, self._after = _frame(self._format([TranslationUnit("", "", "")]), form)
        self._write(self._before)

    def __enter__(self) -> UnitWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            self._flush()
            self._write(self._after)

    def add(self, unit: TranslationUnit) -> None:
        self._units.append(unit)
        if len(self._units) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._units:
            text = self._format(self._units)
            self._write(text[len(self._before) : len(text) - len(self._after)])
            self._units.clear()

    def _write(self, text: str) -> None:
        self._file.write(text.encode("utf-8"))


def _formatter(form: Format, level: Level, direction: Direction) -> Callable[[list[TranslationUnit]], str]:
    codes = direction.source.code_for("amazon"), direction.target.code_for("amazon")
    match form:
        case Format.CSV:
            return lambda units: to_csv(units, *codes)
        case Format.TSV:
            return lambda units: to_csv(units, *codes, delimiter="\t")
        case Format.TMX:
            return lambda units: to_tmx(units, *codes, version=version("amts"), segments=level.value)


def _frame(text: str, form: Format) -> tuple[str, str]:
    """What stands before the units of a file, and behind them."""
    if form is not Format.TMX:
        return text[: text.index("\n") + 1], ""
    head, tail = "<body>\n", "  </body>"
    return text[: text.index(head) + len(head)], text[text.rindex(tail) :]
