"""How the service imports a file of parallel data or of terms: CSV, TSV or TMX, with the service's own rules."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.emulator.languages import LANGUAGES

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DELIMITERS = {"CSV": ",", "TSV": "\t"}
_INVALID_TMX = "Invalid TMX format."


class UnreadableError(Exception):
    """The whole file is refused; the message says why."""


@dataclass
class ImportedRecords:
    """The records of a file, from source text to translations by language, and why other records were left out."""

    source: str
    targets: list[str]
    records: dict[str, dict[str, str]] = field(default_factory=dict)
    size: int = 0
    skipped: int = 0
    failed: int = 0
    messages: list[Mapping[str, str]] = field(default_factory=list)

    def skip(self, place: str, reason: str) -> None:
        self.skipped += 1
        self.messages.append({"content": place, "message": reason})

    def fail(self, place: str, reason: str) -> None:
        self.failed += 1
        self.messages.append({"content": place, "message": reason})

    def report(self) -> bytes:
        """The auxiliary file; empty if no record was left out."""
        return write_report(self.messages, self.failed, self.skipped) if self.messages else b""


@dataclass(frozen=True, slots=True)
class _Record:
    place: str
    source: str
    targets: Mapping[str, str]
    changed: str = ""


def write_report(messages: Sequence[Mapping[str, str]], failed: int, skipped: int) -> bytes:
    """The auxiliary file on the records that were left out."""
    summary = {"record_error_count": failed, "record_skipped_count": skipped}
    return json.dumps({"summary": summary, "messages": messages}, ensure_ascii=False).encode()


def import_file(data: bytes, form: str, segment_bytes: int) -> ImportedRecords:
    """The records whose source and at least one target have words and at most `segment_bytes` bytes.

    The last of equal sources counts; in TMX, the source with the newest `changedate`. Whether the service counts a
    replaced record as skipped is not documented; here it does not count. Raises UnreadableError.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"The file is not UTF-8: byte {error.start}.") from None
    imported, records = _read_tmx(data) if form == "TMX" else _read_table(text, _DELIMITERS[form])
    newest: dict[str, str] = {}
    for record in records:
        if problem := _problem(record.source, "source", segment_bytes):
            imported.skip(record.place, problem)
            continue
        targets = dict(record.targets)
        for code, words in record.targets.items():
            if problem := _problem(words, f"target {code}", segment_bytes):
                imported.skip(record.place, problem)
                del targets[code]
        if targets and record.changed >= newest.get(record.source, ""):
            newest[record.source] = record.changed
            imported.records[record.source] = targets
    if not imported.records:
        raise UnreadableError("The file has no record that can be imported.")
    imported.size = sum(len(source) + sum(map(len, words.values())) for source, words in imported.records.items())
    return imported


def _problem(words: str, side: str, max_bytes: int) -> str:
    if not words.strip():
        return f"The {side} text is empty."
    return f"The {side} text is longer than {max_bytes} bytes." if len(words.encode()) > max_bytes else ""


def _read_table(text: str, delimiter: str) -> tuple[ImportedRecords, Iterator[_Record]]:
    # Only these: a field may hold any other character that Unicode takes for a line end.
    lines = re.split(r"\r\n|[\r\n]", text.rstrip("\r\n"))
    if not text.strip():
        raise UnreadableError("The file is empty.")
    codes = [code.strip() for code in _fields(lines[0], delimiter)]
    _check_codes(codes)
    imported = ImportedRecords(codes[0], codes[1:])
    return imported, _rows(imported, lines, codes, delimiter)


def _rows(imported: ImportedRecords, lines: list[str], codes: list[str], delimiter: str) -> Iterator[_Record]:
    """A line is a record: no field spans lines, quoted or not."""
    for number, line in enumerate(lines[1:], 2):
        place = f"Line {number}"
        if not line.strip():
            imported.skip(place, "The line is empty.")
            continue
        try:
            fields = _fields(line, delimiter)
        except UnreadableError as error:
            imported.fail(place, str(error))
            continue
        if len(fields) != len(codes):
            imported.fail(place, f"The record has {len(fields)} fields, the header has {len(codes)}.")
        elif any(words.startswith(("+", "-", "=", "@")) for words in fields):
            imported.fail(place, "A field must not begin with +, -, = or @.")
        else:
            yield _Record(place, fields[0], dict(zip(codes[1:], fields[1:], strict=True)))


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise UnreadableError(f"The record is not well-formed: {error}.") from None


def _check_codes(codes: list[str]) -> None:
    unknown = [code for code in codes if code not in LANGUAGES]
    if unknown:
        raise UnreadableError(f"The header must hold language codes of Amazon Translate, not {', '.join(unknown)}.")
    if len(codes) < 2 or len(set(codes)) != len(codes):
        raise UnreadableError("The header must name one source language and at least one target language, each once.")


def _read_tmx(data: bytes) -> tuple[ImportedRecords, Iterator[_Record]]:
    try:
        root: Element = fromstring(data)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise UnreadableError(f"Invalid TMX format: {error}.") from None
    header = root.find("header")
    source = header.get("srclang", "") if header is not None else ""
    if root.tag != "tmx" or not source:
        raise UnreadableError(f"{_INVALID_TMX} The header element must have the attribute srclang.")
    codes = dict.fromkeys(variant.get(_XML_LANG, "") for variant in root.iter("tuv"))
    targets = [code for code in codes if code in LANGUAGES and code != source]
    _check_codes([source, *targets])
    imported = ImportedRecords(source, targets)
    return imported, _units(imported, root)


def _units(imported: ImportedRecords, root: Element) -> Iterator[_Record]:
    for number, unit in enumerate(root.iter("tu"), 1):
        place = f"Number {number} TU element"
        variants = [(variant.get(_XML_LANG, ""), variant.find("seg")) for variant in unit.iter("tuv")]
        if [code for code, _ in variants].count(imported.source) != 1:
            problem = "One tu element should contain exactly one tuv element with the source language code:"
            imported.fail(place, f"{_INVALID_TMX} {problem} {imported.source}")
        elif any(seg is None for _, seg in variants):
            imported.fail(place, f"{_INVALID_TMX} Each tuv element should contain a seg element.")
        elif len(variants) < 2:
            imported.fail(place, f"{_INVALID_TMX} One tu element should contain at least two tuv elements.")
        else:
            words = {code: "".join(seg.itertext()) for code, seg in variants if seg is not None}
            targets = {code: text for code, text in words.items() if code in imported.targets}
            yield _Record(place, words[imported.source], targets, unit.get("changedate", ""))
