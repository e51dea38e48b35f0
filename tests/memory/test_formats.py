"""Translation units as CSV and TMX: what is written can be read again."""

from __future__ import annotations

import csv
from xml.etree import ElementTree

from hypothesis import example, given
from hypothesis import strategies as st

from bot.memory.formats import to_csv, to_tmx
from bot.model import TranslationUnit

units = st.lists(st.builds(TranslationUnit, st.text(), st.text(), st.just("a.md")), max_size=4)


@given(units)
@example([TranslationUnit('a,"b"\r\nc', "\x0c", "a.md")])
def test_csv_gives_the_texts_back_each_on_one_line(units: list[TranslationUnit]) -> None:
    header, *rows = csv.reader(to_csv(units, "en", "zh").split("\n")[:-1])
    assert header == ["en", "zh"]
    assert rows == [[" ".join(text.splitlines()) for text in (unit.source, unit.target)] for unit in units]


@given(units)
@example([TranslationUnit("a\x00\x1b\ufffe<b>&amp;", "\ud800", "a.md")])
def test_tmx_is_well_formed_whatever_the_texts_hold(units: list[TranslationUnit]) -> None:
    text = to_tmx(units, "en", "zh", version="1", segments="paragraph")
    root = ElementTree.fromstring(text.encode())
    assert root.find("header") is not None
    assert len(root.findall("body/tu")) == len(units)
    for unit, entry in zip(units, root.iter("tu"), strict=True):
        found = [segment.text or "" for segment in entry.iter("seg")]
        if all(word.isprintable() for word in (unit.source, unit.target)):
            assert found == [unit.source, unit.target]


def test_tmx_has_what_the_standard_requires_of_a_header() -> None:
    root = ElementTree.fromstring(to_tmx([TranslationUnit("Tea", "茶", "a.md")], "en", "zh", version="0.1"))
    header = root.find("header")
    assert header is not None
    required = "creationtool creationtoolversion segtype o-tmf adminlang srclang datatype"
    assert set(required.split()) <= set(header.attrib)
    variants = [variant.get("{http://www.w3.org/XML/1998/namespace}lang") for variant in root.iter("tuv")]
    assert (root.get("version"), variants) == ("1.4", ["en", "zh"])
