"""Reads a glossary of any of the known formats, which its content tells: TBX, TMX, a table (CSV, TSV) or a list."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from functools import partial

from bot.documents import decode
from bot.errors import InputError
from bot.glossary.lists import read_list
from bot.glossary.sides import column_of, side_of
from bot.glossary.tbx import read_tbx
from bot.glossary.terms import Glossary, Unread, merged
from bot.memory.reading import MemoryFormat, parse_xml, read_memory, tag
from bot.model import Direction

_DELIMITERS = {"\t": "TSV", ",": "CSV", ";": "CSV with semicolons"}
_CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
# UTF-16 says so in its first bytes; only XML may be in another encoding than UTF-8.
_XML_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")


def read_glossary(data: bytes, direction: Direction, name: str) -> Glossary:
    """The terms of a file and what of it is none, with places. `name` is for messages.

    Terms in tables, TBX and TMX are taken as they are; those of lists may hold alternatives and remarks. Raises
    InputError where the file can't be read, or holds no term of the two languages.
    """
    if data.lstrip().startswith(_XML_STARTS):
        glossary = _read_xml(data, direction, name)
    else:
        text = decode(data, name).removeprefix("\ufeff")
        delimiter = _delimiter(text, direction, name)
        glossary = _read_table(text, delimiter, direction, name) if delimiter else read_list(text, direction, name)
    if not glossary.terms:
        raise InputError(f"{name}: has no term in both {direction.source.name} and {direction.target.name}")
    return glossary


def _read_xml(data: bytes, direction: Direction, name: str) -> Glossary:
    root = parse_xml(data, name)
    if tag(root) in ("martif", "tbx"):
        return read_tbx(root, direction)
    if tag(root) != "tmx":
        raise InputError(f"{name}: is neither TBX nor TMX; its root element is {tag(root)}")
    units = read_memory(data, MemoryFormat.TMX, partial(side_of, direction), name)
    lacking = sum(tag(element) == "tu" for element in root.iter()) - len(units)
    reason = f"{direction.source.name} or {direction.target.name} is missing in {lacking} of its units"
    unread = (Unread("the file", "", reason),) if lacking else ()
    terms = merged((unit.source, [unit.target]) for unit in units)
    return Glossary(terms, unread, "TMX", "the units say their languages")


def _delimiter(text: str, direction: Direction, name: str) -> str | None:
    """What separates the first line that is not empty into a header that names both languages; None for a list. Raises
    InputError for a header of codes of which only one is of these languages."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in _DELIMITERS:
        labels = next(csv.reader([header], delimiter=delimiter), [])
        found = [column_of(direction, labels, side) is not None for side in (0, 1)]
        if all(found):
            return delimiter
        if any(found) and len(labels) > 1 and all(_CODE.fullmatch(label.strip()) for label in labels):
            missing = direction[found.index(False)]
            raise InputError(f"{name}: has terms of {', '.join(labels)}, none in {missing.name} ({missing.code})")
    return None


def _read_table(text: str, delimiter: str, direction: Direction, name: str) -> Glossary:
    rows = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    entries: list[tuple[str, Sequence[str]]] = []
    unread: list[Unread] = []
    labels: Sequence[str] = ()
    columns: list[int | None] = []
    try:
        for row in rows:
            if not any(map(str.strip, row)):
                continue
            if not labels:
                labels = row
                columns = [column_of(direction, labels, side) for side in (0, 1)]
                continue
            texts = [" ".join(row[i].split()) if i is not None and i < len(row) else "" for i in columns]
            if all(texts):
                entries.append((texts[0], texts[1:]))
            else:
                missing = direction[0 if not texts[0] else 1].name
                unread.append(Unread(f"line {rows.line_num}", delimiter.join(row), f"has no term in {missing}"))
    except csv.Error as error:
        raise InputError(f"{name}:{rows.line_num}: is not well-formed: {error}") from None
    named = " and ".join(labels[i].strip() for i in columns if i is not None)
    return Glossary(merged(entries), tuple(unread), _DELIMITERS[delimiter], f"the header names {named}")
