"""Reads a glossary whose content shows its format: TBX, TMX, a table (CSV, TSV) or a list."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, islice
from xml.etree.ElementTree import Element

from bot.documents import decode
from bot.errors import InputError
from bot.glossary.columns import refusal, term_columns, term_languages
from bot.glossary.lists import read_list
from bot.glossary.sides import side_of
from bot.glossary.terms import Glossary, Unread, merged
from bot.memory.formats import MemoryFormat, read_memory
from bot.memory.xml import XML_LANG, named, parse_xml, tag
from bot.model import Direction

_DELIMITERS = {"\t": "TSV", ",": "CSV", ";": "CSV with semicolons"}
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
# The byte order mark of UTF-16 means XML: every other format must be in UTF-8.
_XML_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")

# TBX (ISO 30042): version 2 (`martif`) and 3 (`tbx`), in the styles DCA and DCT.
_ENTRY_TAGS = ("termEntry", "conceptEntry")
_LANGUAGE_TAGS = ("langSet", "langSec")
_TERM_TAGS = ("tig", "ntig", "termSec")
_STATUS_NOTES = frozenset({"administrativeStatus", "normativeAuthorization"})
# Each term of an entry is linked with each of the other language.
_MAX_TERMS = 200
_REFUSED_STATUSES = ("deprecated", "superseded", "obsolete")


def read_glossary(data: bytes, direction: Direction, name: str) -> Glossary:
    """The terms of a file, and its parts that are no terms, with their places. `name` is for messages.

    Terms in tables, TBX and TMX are taken as they are; lists may hold alternatives and remarks. Raises InputError for a
    file that can't be read or has no term of the two languages.
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
        return _read_tbx(root, direction)
    if tag(root) != "tmx":
        raise InputError(f"{name}: is neither TBX nor TMX; its root element is {tag(root)}")
    units = read_memory(data, MemoryFormat.TMX, partial(side_of, direction), name)
    lacking = sum(tag(element) == "tu" for element in root.iter()) - len(units)
    reason = f"{direction.source.name} or {direction.target.name} is missing in {lacking} of its units"
    unread = (Unread("the file", "", reason),) if lacking else ()
    terms = merged((unit.source, [unit.target]) for unit in units)
    return Glossary(terms, unread, "TMX", "the units say their languages")


def _read_tbx(root: Element, direction: Direction) -> Glossary:
    """Each term of the source language with all terms of the other language in the same entry, preferred ones first.
    Deprecated and superseded terms are left out."""
    entries: list[tuple[str, list[str]]] = []
    unread: list[Unread] = []
    for number, entry in enumerate(named(root.iter(), *_ENTRY_TAGS), 1):
        # Sections of the same language add up, whatever their regions.
        words: tuple[list[tuple[bool, str]], list[tuple[bool, str]]] = [], []
        for section in named(entry.iter(), *_LANGUAGE_TAGS):
            side = side_of(direction, section.get(XML_LANG) or section.get("lang") or "")
            if side is not None:
                words[side].extend(_terms(section))
        texts = [[text for _, text in sorted(side, key=lambda word: not word[0])] for side in words]
        if max(map(len, texts)) > _MAX_TERMS:
            reason = f"has {max(map(len, texts)):,} terms in one language, more than the {_MAX_TERMS} of an entry"
            unread.append(Unread(f"entry {entry.get('id') or number}", texts[0][0] if texts[0] else "", reason))
        elif all(texts):
            entries += ((text, texts[1]) for _, text in words[0])
        else:
            missing = " and ".join(language.name for language, side in zip(direction, texts, strict=True) if not side)
            text = next((text for side in words for _, text in side), "")
            unread.append(Unread(f"entry {entry.get('id') or number}", text, f"has no term in use in {missing}"))
    return Glossary(merged(entries), tuple(unread), "TBX", "the entries say their languages")


def _terms(section: Element) -> Iterator[tuple[bool, str]]:
    """The terms of a language that are in use, and whether each is preferred."""
    for group in named(section.iter(), *_TERM_TAGS):
        # Such as `preferredTerm-admn-sts`: a `termNote` in style DCA, an element of its own in DCT.
        notes = (
            note
            for note in group.iter()
            if (note.get("type") if tag(note) == "termNote" else tag(note)) in _STATUS_NOTES
        )
        status = next(((note.text or "").strip() for note in notes), "")
        for term in named(group.iter(), "term"):
            text = " ".join("".join(term.itertext()).split())
            if text and not status.startswith(_REFUSED_STATUSES):
                yield status.startswith("preferred"), text


def _delimiter(text: str, direction: Direction, name: str) -> str | None:
    """The delimiter of a table whose header (the first line with text) names both languages; None for a list. Raises
    InputError for a header of language codes with only one of the two languages."""
    header, following = islice(chain(filter(str.strip, text.splitlines()), ("", "")), 2)
    for delimiter in _DELIMITERS:
        labels = _cells(header, delimiter)
        columns = term_columns(direction, labels)
        has_side = [column is not None for column in columns]
        if all(has_side):
            # DeepL has no header: each line names the languages of its term.
            below = _cells(following, delimiter)
            repeats = all(column is not None and below[column : column + 1] == [labels[column]] for column in columns)
            return None if repeats else delimiter
        are_codes = len(labels) > 1 and all(_LANGUAGE_CODE.fullmatch(label.strip()) for label in labels)
        languages = [*labels] if are_codes else term_languages(labels)
        if any(has_side) and languages:
            missing = direction[has_side.index(False)]
            raise InputError(f"{name}: has terms of {', '.join(languages)}, none in {missing.name} ({missing.code})")
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    """None in a line with a field that is too long for a table."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _read_table(text: str, delimiter: str, direction: Direction, name: str) -> Glossary:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise InputError(f"{name}:{reader.line_num}: is not well-formed: {error}") from None
    entries: list[tuple[str, Sequence[str]]] = []
    unread: list[Unread] = []
    (_, labels), *others = rows
    columns = term_columns(direction, labels)
    for line, row in others:
        texts = [" ".join(row[i].split()) if i is not None and i < len(row) else "" for i in columns]
        if all(texts) and (reason := refusal(labels, row)):
            unread.append(Unread(f"line {line}", delimiter.join(row), reason))
        elif all(texts):
            entries.append((texts[0], texts[1:]))
        else:
            missing = direction[0 if not texts[0] else 1].name
            unread.append(Unread(f"line {line}", delimiter.join(row), f"has no term in {missing}"))
    named = " and ".join(labels[i].strip() for i in columns if i is not None)
    return Glossary(merged(entries), tuple(unread), _DELIMITERS[delimiter], f"the header names {named}")
