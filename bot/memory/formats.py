"""Files of translation units: CSV, TSV and TMX 1.4b (LISA OSCAR 2005) to read and write, XLIFF 1.2 and 2 to read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bot.documents import decode
from bot.errors import InputError
from bot.memory.xml import XML_LANG, named, parse_xml, stream_bytes, tag
from bot.model import Origin, TranslationUnit

SideOf = Callable[[str], int | None]
"""Whether a language code means the book's source (0), its target (1) or neither (None)."""

# Elements that hold codes of another format, not words (TMX 1.4b, section 3; XLIFF 1.2, section 2.4; XLIFF 2.1, 4.2.3).
_CODE_TAGS = frozenset({"bpt", "ept", "it", "ph", "ut", "x", "bx", "ex", "sc", "ec", "cp"})
_UNTRANSLATED_STATES = frozenset({"new", "needs-translation", "initial"})
_MACHINE_QUALIFIERS = frozenset({"mt-suggestion", "leveraged-mt"})
# XML 1.0, production 2, leaves these characters out, even as references.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DOCTYPE = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'


class MemoryFormat(StrEnum):
    TMX = "tmx"
    CSV = "csv"
    TSV = "tsv"
    XLIFF = "xliff"


FORMATS = {
    ".tmx": MemoryFormat.TMX,
    ".csv": MemoryFormat.CSV,
    ".tsv": MemoryFormat.TSV,
    ".xlf": MemoryFormat.XLIFF,
    ".xliff": MemoryFormat.XLIFF,
}
"""The format by the extension of a file, in lower case."""


def read_memory(data: bytes, form: MemoryFormat, side_of: SideOf, name: str) -> list[TranslationUnit]:
    """The pairs of a file in the book's two languages, with text on both sides, white space folded.

    `name` becomes the path of the units. Raises InputError with the place that can't be read.
    """
    match form:
        case MemoryFormat.CSV | MemoryFormat.TSV:
            texts = _read_table(decode(data, name), "," if form is MemoryFormat.CSV else "\t", side_of, name)
        case MemoryFormat.TMX:
            texts = _read_tmx(stream_bytes(data, name, "tmx", "tu"), side_of)
        case MemoryFormat.XLIFF:
            texts = _read_xliff(_root(data, name), side_of)
    units = (
        TranslationUnit(" ".join(source.split()), " ".join(target.split()), name, origin=origin)
        for source, target, origin in texts
    )
    return [unit for unit in units if unit.source and unit.target]


_TextPairs = Iterator[tuple[str, str, Origin]]


def _read_table(text: str, delimiter: str, side_of: SideOf, name: str) -> _TextPairs:
    """The first row has the language codes, as in Amazon Translate's parallel data."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter, strict=True)
    try:
        sides = [side_of(code.strip()) for code in next(rows, [])]
        if 0 not in sides or 1 not in sides:
            return
        source, target = sides.index(0), sides.index(1)
        for row in rows:
            if row and len(row) != len(sides):
                raise InputError(f"{name}:{rows.line_num}: has {len(row)} fields, the first line has {len(sides)}")
            if row:
                yield row[source], row[target], Origin.HUMAN
    except csv.Error as error:
        raise InputError(f"{name}:{rows.line_num}: is not well-formed: {error}") from None


def _root(data: bytes, name: str) -> Element:
    root = parse_xml(data, name)
    if tag(root) != "xliff":
        raise InputError(f"{name}: is no XLIFF file; its root element is {tag(root)}")
    return root


def _read_tmx(units: Iterable[Element], side_of: SideOf) -> _TextPairs:
    for unit in units:
        texts: dict[int, str] = {}
        for variant in named(unit, "tuv"):
            side = side_of(variant.get(XML_LANG) or variant.get("lang") or "")
            if side is not None:
                texts.setdefault(side, " ".join(map(_words, named(variant, "seg"))))
        if len(texts) == 2:
            yield texts[0], texts[1], Origin.HUMAN


def _read_xliff(root: Element, side_of: SideOf) -> _TextPairs:
    if not root.get("version", "").startswith("1"):
        if (side_of(root.get("srcLang", "")), side_of(root.get("trgLang", ""))) == (0, 1):
            for segment in named(root.iter(), "segment"):
                yield from _pair(segment, segment.get("state", "initial"))
        return
    for file in named(root.iter(), "file"):
        if (side_of(file.get("source-language", "")), side_of(file.get("target-language", ""))) == (0, 1):
            for unit in named(file.iter(), "trans-unit"):
                yield from _pair(unit, "")


def _pair(unit: Element, state: str) -> _TextPairs:
    """The source and target of a trans-unit (XLIFF 1.2) or a segment (2). Sentences that XLIFF 1.2 marks on both sides
    are separate pairs."""
    source = next(named(unit, "seg-source"), None)
    source = next(named(unit, "source"), None) if source is None else source
    target = next(named(unit, "target"), None)
    if source is None or target is None or target.get("state", state) in _UNTRANSLATED_STATES:
        return
    origin = Origin.MACHINE if target.get("state-qualifier", "") in _MACHINE_QUALIFIERS else Origin.HUMAN
    left, right = _sentences(source), _sentences(target)
    if left and left.keys() == right.keys():
        yield from ((left[number], right[number], origin) for number in left)
    else:
        yield _words(source), _words(target), origin


def _sentences(element: Element) -> dict[str, str]:
    marks = named(element.iter(), "mrk")
    return {mark.get("mid", ""): _words(mark) for mark in marks if mark.get("mtype") == "seg"}


def _words(element: Element) -> str:
    """The text without the codes of another format. (Elements may be nested too deeply for recursion.)"""
    parts: list[str] = []
    pending: list[Element | str] = [element]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            parts.append(item)
        else:
            parts.append(item.text or "")
            for child in reversed(item):
                pending += [child.tail or ""] if tag(child) in _CODE_TAGS else [child.tail or "", child]
    return "".join(parts)


def to_csv(units: Iterable[TranslationUnit], source: str, target: str, *, delimiter: str = ",") -> str:
    """Rows of source and target text below a header of the two language codes, quoted after RFC 4180 if needed. Line
    breaks in texts become spaces."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", delimiter=delimiter)
    writer.writerow([source, target])
    writer.writerows([" ".join(side.splitlines()) for side in (unit.source, unit.target)] for unit in units)
    return text.getvalue()


def to_tmx(
    units: Iterable[TranslationUnit], source: str, target: str, *, version: str, segments: str = "sentence"
) -> str:
    """A TMX 1.4b document. `version` is this program's; `segments` is `sentence` or `paragraph`. Characters that XML
    can't hold become U+FFFD."""
    root = ElementTree.Element("tmx", version="1.4")
    header = {
        "creationtool": "amts",
        "creationtoolversion": version,
        "segtype": segments,
        "o-tmf": "amts",
        "adminlang": "en",
        "srclang": source,
        "datatype": "plaintext",
    }
    ElementTree.SubElement(root, "header", header)
    body = ElementTree.SubElement(root, "body")
    for unit in units:
        entry = ElementTree.SubElement(body, "tu")
        for code, text in ((source, unit.source), (target, unit.target)):
            variant = ElementTree.SubElement(entry, "tuv", {"xml:lang": code})
            ElementTree.SubElement(variant, "seg").text = _NOT_XML.sub("\ufffd", text)
    ElementTree.indent(root)
    return _DOCTYPE + ElementTree.tostring(root, encoding="unicode") + "\n"
