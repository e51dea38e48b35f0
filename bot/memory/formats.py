"""Translation units as text: CSV, TSV or TMX 1.4b (LISA OSCAR 2005)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from xml.etree import ElementTree

from bot.model import TranslationUnit

# XML 1.0, production 2, leaves these characters out, even as references.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DOCTYPE = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'


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
