"""Translation units from the files of other tools: TMX 1.4, CSV and TSV, XLIFF 1.2 and 2."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from xml.etree.ElementTree import Element

from bot.documents import decode
from bot.errors import InputError
from bot.memory.markup import parse_xml, tag
from bot.model import Origin, TranslationUnit

Speaks = Callable[[str], int | None]
"""Whether a language code is the source (0) or the target language (1) of the book."""

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Elements that hold another format's codes, not words (TMX 1.4b, section 3; XLIFF 1.2, section 2.4; XLIFF 2.1, 4.2.3).
_CODES = frozenset({"bpt", "ept", "it", "ph", "ut", "x", "bx", "ex", "sc", "ec", "cp"})
_UNTRANSLATED = frozenset({"new", "needs-translation", "initial"})
_BY_MACHINE = frozenset({"mt-suggestion", "leveraged-mt"})


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
"""By the endings of files, in lower case."""


def read_memory(data: bytes, form: MemoryFormat, speaks: Speaks, name: str) -> list[TranslationUnit]:
    """The pairs of a file that are in the book's two languages, white space folded; what is empty on a side is none.

    `name` is the path that the units carry. Raises InputError for what can't be read, with its place.
    """
    match form:
        case MemoryFormat.CSV:
            texts = _read_table(decode(data, name), ",", speaks, name)
        case MemoryFormat.TSV:
            texts = _read_table(decode(data, name), "\t", speaks, name)
        case MemoryFormat.TMX:
            texts = _read_tmx(_root(data, name, "tmx"), speaks)
        case MemoryFormat.XLIFF:
            texts = _read_xliff(_root(data, name, "xliff"), speaks)
    units = (
        TranslationUnit(" ".join(source.split()), " ".join(target.split()), name, origin=origin)
        for source, target, origin in texts
    )
    return [unit for unit in units if unit.source and unit.target]


Texts = Iterator[tuple[str, str, Origin]]


def _read_table(text: str, delimiter: str, speaks: Speaks, name: str) -> Texts:
    """Language codes in the first row, as Amazon Translate's parallel data has them."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter, strict=True)
    try:
        sides = [speaks(code.strip()) for code in next(rows, [])]
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


def _root(data: bytes, name: str, expected: str) -> Element:
    element = parse_xml(data, name)
    if tag(element) != expected:
        raise InputError(f"{name}: is no {expected.upper()} file; its root element is {tag(element)}")
    return element


def _read_tmx(root: Element, speaks: Speaks) -> Texts:
    for unit in _named(root.iter(), "tu"):
        texts: dict[int, str] = {}
        for variant in _named(unit, "tuv"):
            side = speaks(variant.get(_XML_LANG) or variant.get("lang") or "")
            if side is not None:
                texts.setdefault(side, " ".join(map(_words, _named(variant, "seg"))))
        if len(texts) == 2:
            yield texts[0], texts[1], Origin.HUMAN


def _read_xliff(root: Element, speaks: Speaks) -> Texts:
    if not root.get("version", "").startswith("1"):
        if (speaks(root.get("srcLang", "")), speaks(root.get("trgLang", ""))) == (0, 1):
            for segment in _named(root.iter(), "segment"):
                yield from _pair(segment, segment.get("state", "initial"))
        return
    for file in _named(root.iter(), "file"):
        if (speaks(file.get("source-language", "")), speaks(file.get("target-language", ""))) == (0, 1):
            for unit in _named(file.iter(), "trans-unit"):
                yield from _pair(unit, "")


def _pair(unit: Element, state: str) -> Texts:
    """The source and target of a trans-unit (XLIFF 1.2) or a segment (2). Sentences that 1.2 marks on both sides are
    pairs of their own."""
    source = next(_named(unit, "seg-source"), None)
    source = next(_named(unit, "source"), None) if source is None else source
    target = next(_named(unit, "target"), None)
    if source is None or target is None or target.get("state", state) in _UNTRANSLATED:
        return
    origin = Origin.MACHINE if target.get("state-qualifier", "") in _BY_MACHINE else Origin.HUMAN
    left, right = _sentences(source), _sentences(target)
    if left and left.keys() == right.keys():
        yield from ((left[number], right[number], origin) for number in left)
    else:
        yield _words(source), _words(target), origin


def _sentences(element: Element) -> dict[str, str]:
    marks = [mark for mark in _named(element.iter(), "mrk") if mark.get("mtype") == "seg"]
    return {mark.get("mid", ""): _words(mark) for mark in marks}


def _words(element: Element) -> str:
    """The text without the codes of another format."""
    parts: list[str] = []
    pending: list[Element | str] = [element]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        parts.append(item.text or "")
        for child in reversed(item):
            pending.append(child.tail or "")
            if tag(child) not in _CODES:
                pending.append(child)
    return "".join(parts)


def _named(elements: Iterable[Element], name: str) -> Iterator[Element]:
    return (element for element in elements if tag(element) == name)
