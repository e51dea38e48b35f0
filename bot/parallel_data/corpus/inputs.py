"""The inputs of a corpus: pairs of documents from a list or two folders, and memories of other tools in pieces."""

from __future__ import annotations

import csv
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import tostring

from bot.documents import FORMATS as DOCUMENT_FORMATS
from bot.documents import decode, parse
from bot.documents.text import MAX_BYTES
from bot.errors import InputError, UsageError, install_hint
from bot.memory.formats import FORMATS, MemoryFormat
from bot.memory.xml import stream
from bot.model import Document, Language

_FORMATTED = tuple(ending for form in DOCUMENT_FORMATS.values() for ending in form.endings)
_TEXT = (".txt", ".text")
_PAGES = (".html", ".htm", ".xhtml")
_READABLE = tuple(dict.fromkeys((*_FORMATTED, *_TEXT, *_PAGES)))
# Units of a memory that are sent to a process at once.
_PIECE_SIZE = 500
_MAX_PIECE_BYTES = 16 * 1024 * 1024


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
    except csv.Error as error:
        raise InputError(f"{file}: a line can't be read: {error}") from None


def matching_pairs(source: Path, target: Path) -> Iterator[DocumentPair]:
    """Files with the same path below two folders, whatever their extensions, in the order of the paths, without hidden
    files and files in one folder only. The names of one folder at a time are in memory. Raises InputError."""
    for folder in (source, target):
        if not folder.is_dir():
            raise InputError(f"{folder}: is no folder of documents")
    for parent, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        other = target / Path(parent).relative_to(source)
        if other.is_dir():
            there = {Path(entry.name).stem: entry.name for entry in os.scandir(other) if entry.is_file()}
            for name in sorted(name for name in names if not name.startswith(".")):
                if counterpart := there.get(Path(name).stem):
                    yield DocumentPair(Path(parent, name), other / counterpart)


def memory_pieces(file: Path) -> Iterator[MemoryPiece]:
    """A memory in pieces, each a memory. Raises UsageError for an unknown format, InputError for an unreadable file."""
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
    """Each piece begins with the header and ends with a whole record: a quoted field may hold line ends."""
    with file.open("rb") as lines:
        header = lines.readline(_MAX_PIECE_BYTES)
        piece: list[bytes] = []
        quotes = size = 0
        number = 1
        while line := lines.readline(_MAX_PIECE_BYTES):
            piece.append(line)
            number += 1
            size += len(line)
            quotes += line.count(b'"')
            is_whole = quotes % 2 == 0 and line.endswith(b"\n")
            if is_whole and (len(piece) >= _PIECE_SIZE or size >= _MAX_PIECE_BYTES):
                yield header + b"".join(piece)
                piece, quotes, size = [], 0, 0
            elif size >= _MAX_PIECE_BYTES:
                begun = number - len(piece) + 1
                raise InputError(f"{file}:{begun}: a field in quotes or a line has no end within {size:,} bytes")
        yield header + b"".join(piece)


def _tmx_pieces(file: Path) -> Iterator[bytes]:
    units: list[bytes] = []
    size = 0
    with file.open("rb") as data:
        for unit in stream(data, str(file), "tmx", "tu"):
            units.append(tostring(unit))
            size += len(units[-1])
            if len(units) >= _PIECE_SIZE or size >= _MAX_PIECE_BYTES:
                yield _tmx(units)
                units, size = [], 0
    yield _tmx(units)


def _tmx(units: list[bytes]) -> bytes:
    return b'<tmx version="1.4"><body>' + b"".join(units) + b"</body></tmx>"


def read_document(path: Path, language: Language, folder: Path = Path()) -> Document:
    """The document at `path`, from `folder` if that is relative: in its format, plain text by its paragraphs, a web
    page by its main text. Raises InputError for a file that can't be read, is of no known format, or is a page without
    a main text, and UsageError for a page if trafilatura is not installed."""
    suffix = path.suffix.lower()
    if suffix not in _READABLE:
        raise InputError(f"{path}: is of no known format; documents are {', '.join(_READABLE)}")
    try:
        data = (folder / path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from None
    if suffix in _PAGES:
        return parse(_main_text(data, path), language)
    text = decode(data, str(path))
    # Markdown would take an indented line for code.
    text = text if suffix in _FORMATTED else "\n".join(map(str.strip, text.splitlines()))
    return parse(text, language, str(path))


def _main_text(data: bytes, path: Path) -> str:
    """The text of a page without navigation and comments, as Markdown. Its encoding is named in it, or guessed."""
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{path}: {len(data):,} bytes, more than the {MAX_BYTES // 1024**2} MiB of a document; split it"
        )
    try:
        from trafilatura import extract
    except ImportError:
        raise UsageError(f"web pages need trafilatura: {install_hint('corpus')}") from None
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # its result says enough
    text = extract(data, output_format="markdown", include_formatting=True, include_comments=False)
    if not text:
        raise InputError(f"{path}: no main text was found in the page")
    return text
