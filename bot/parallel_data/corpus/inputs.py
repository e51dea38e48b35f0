"""What a corpus is made of: pairs of documents by a list or by two folders, and memories of other tools, in pieces."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bot.errors import InputError, UsageError
from bot.memory.markup import tag
from bot.memory.reading import FORMATS, MemoryFormat

# Units of a memory that travel to a process at once.
_UNITS = 500


@dataclass(frozen=True, slots=True)
class DocumentPair:
    source: Path
    target: Path


@dataclass(frozen=True, slots=True)
class MemoryPiece:
    """Some of the units of a memory, as a small file of the same format."""

    path: Path
    form: MemoryFormat
    data: bytes


Item = DocumentPair | MemoryPiece


def listed_pairs(file: Path) -> Iterator[DocumentPair]:
    """The pairs of a list: two paths a line, with a tab between them, relative to the list. Raises InputError."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row and len(row) != 2:
                    raise InputError(f"{file}: a line is not two paths with a tab between them: {' '.join(row)}")
                if row:
                    yield DocumentPair(file.parent / row[0], file.parent / row[1])
    except OSError as error:
        raise InputError(f"{file}: can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{file}: is not UTF-8; convert it to UTF-8 first") from None


def matching_pairs(source: Path, target: Path) -> Iterator[DocumentPair]:
    """The files of two folders that have the same path below them, whatever the extension, in the order of the paths.

    Files that only one of them holds are passed over, and what is hidden: its name begins with a dot, as in `.git`. One
    folder's names at a time are in memory. Raises InputError.
    """
    for folder in (source, target):
        if not folder.is_dir():
            raise InputError(f"{folder}: is no folder of documents")
    for parent, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        other = target / Path(parent).relative_to(source)
        if other.is_dir():
            there = {Path(entry.name).stem: entry.name for entry in os.scandir(other) if entry.is_file()}
            for name in sorted(name for name in names if not name.startswith(".")):
                if found := there.get(Path(name).stem):
                    yield DocumentPair(Path(parent, name), other / found)


def memory_pieces(file: Path) -> Iterator[MemoryPiece]:
    """A memory in pieces that can be read one by one. Raises UsageError for an unknown format, InputError for what
    can't be read."""
    form = FORMATS.get(file.suffix.lower())
    if form is None:
        raise UsageError(f"{file}: is of no known format; name a memory in {', '.join(FORMATS)}")
    try:
        match form:
            case MemoryFormat.CSV | MemoryFormat.TSV:
                pieces = _table_pieces(file)
            case MemoryFormat.TMX:
                pieces = _tmx_pieces(file)
            case MemoryFormat.XLIFF:
                pieces = iter([file.read_bytes()])
        for data in pieces:
            yield MemoryPiece(file, form, data)
    except OSError as error:
        raise InputError(f"{file}: can't be read: {error.strerror}") from None


def _table_pieces(file: Path) -> Iterator[bytes]:
    """Each begins with the first line, and ends with a whole record: a quoted field may hold line ends."""
    with file.open("rb") as lines:
        header = next(lines, b"")
        piece: list[bytes] = []
        quotes = 0
        for line in lines:
            piece.append(line)
            quotes += line.count(b'"')
            if len(piece) >= _UNITS and quotes % 2 == 0:
                yield header + b"".join(piece)
                piece, quotes = [], 0
        yield header + b"".join(piece)


def _tmx_pieces(file: Path) -> Iterator[bytes]:
    units: list[bytes] = []
    body: Element | None = None
    try:
        for event, element in iterparse(file, events=("start", "end")):
            if event == "start" and tag(element) == "body":
                body = element
            if event == "end" and tag(element) == "tu":
                units.append(tostring(element))
                if body is not None:
                    body.clear()
                if len(units) >= _UNITS:
                    yield _tmx(units)
                    units = []
    except ParseError as error:
        raise InputError(f"{file}: is not well-formed XML: {error}") from None
    except DefusedXmlException:
        raise InputError(f"{file}: declares XML entities, which are not read; remove them") from None
    yield _tmx(units)


def _tmx(units: list[bytes]) -> bytes:
    return b'<tmx version="1.4"><body>' + b"".join(units) + b"</body></tmx>"
