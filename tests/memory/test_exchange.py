"""Files for and from other tools: they read what is written, what they write is read, bad input is refused."""

from __future__ import annotations

import csv
import io
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from translate.storage.tmx import tmxfile

from bot.errors import InputError
from bot.memory.formats import MemoryFormat, read_memory, to_csv, to_tmx
from bot.model import Origin, TranslationUnit

SIDES = {"en": 0, "en-US": 0, "tr": 1, "tr-TR": 1}
HARD = ['He said "34"" monitor", a\tb', "<b>&amp; ]]> 'x'</b>", "line\u2028two", "a,b", '"', "çğı 𝑥 河", "\\"]


def units(*texts: tuple[str, str]) -> list[TranslationUnit]:
    return [TranslationUnit(source, target, "m") for source, target in texts]


def read(data: str | bytes, form: MemoryFormat) -> list[tuple[str, str]]:
    data = data.encode() if isinstance(data, str) else data
    return [(unit.source, unit.target) for unit in read_memory(data, form, SIDES.get, "m")]


write_tmx = partial(to_tmx, source="en", target="tr", version="1")


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_table_has_one_line_for_each_pair_below_the_language_codes(delimiter: str) -> None:
    text = to_csv(units(*((hard, hard) for hard in HARD)), "en", "tr", delimiter=delimiter)
    lines = text.splitlines()
    assert lines[0] == f"en{delimiter}tr"
    assert len(lines) == 1 + len(HARD)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    assert rows[1:] == [[hard.replace("\u2028", " ")] * 2 for hard in HARD]


def test_quotes_are_doubled() -> None:
    assert to_csv(units(('a 34" monitor', "b")), "en", "tr").splitlines()[1] == '"a 34"" monitor",b'


def test_translate_toolkit_reads_our_tmx(tmp_path: Path) -> None:
    path = tmp_path / "book.tmx"
    path.write_text(write_tmx(units(*((hard, f"{hard}!") for hard in HARD))), encoding="utf-8")
    store = tmxfile.parsestring(path.read_bytes(), sourcelanguage="en", targetlanguage="tr")  # type: ignore[no-untyped-call]
    assert [(unit.source, unit.target) for unit in store.units] == [(hard, f"{hard}!") for hard in HARD]


def test_a_tmx_has_what_its_dtd_requires_and_nothing_else() -> None:
    root = ElementTree.fromstring(write_tmx(units(("a", "b"), ("c\0", "d")), segments="paragraph"))
    assert (root.tag, root.attrib, [child.tag for child in root]) == ("tmx", {"version": "1.4"}, ["header", "body"])
    required = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
    assert root[0].attrib.keys() == required
    assert root[0].get("segtype") == "paragraph"
    for entry in root[1]:
        assert (entry.tag, entry.attrib) == ("tu", {})
        assert [[part.tag for part in variant] for variant in entry] == [["seg"], ["seg"]]
        languages = [variant.attrib for variant in entry]
        assert languages == [{"{http://www.w3.org/XML/1998/namespace}lang": code} for code in ("en", "tr")]


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn"]), min_size=1).map(
    lambda text: " ".join(text.split())
)
PAIRS = st.lists(st.tuples(LINE, LINE).filter(all), max_size=6)


@given(PAIRS)
def test_what_is_written_is_read_back(pairs: list[tuple[str, str]]) -> None:
    written = units(*pairs)
    assert read(to_csv(written, "en", "tr"), MemoryFormat.CSV) == pairs
    assert read(to_csv(written, "en", "tr", delimiter="\t"), MemoryFormat.TSV) == pairs
    assert read(write_tmx(written), MemoryFormat.TMX) == pairs


def test_a_tmx_of_another_tool_is_read() -> None:
    text = """<?xml version="1.0" encoding="utf-16"?><!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="en-US"/><body>
<tu><note>n</note><tuv xml:lang="tr-TR"><prop type="p">x</prop>
<seg>Bir <bpt i="1">&lt;b></bpt>uzun<ept i="1"/> nehir</seg></tuv>
<tuv xml:lang="en-US"><seg>A <hi>long</hi>
 river</seg></tuv><tuv xml:lang="fr"><seg>Un fleuve</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Alone</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Empty</seg></tuv><tuv lang="tr"><seg> </seg></tuv></tu></body></tmx>"""
    assert read(text.encode("utf-16"), MemoryFormat.TMX) == [("A long river", "Bir uzun nehir")]


def test_a_table_may_have_more_languages_in_any_order() -> None:
    assert read("\ufefffr,tr-TR,en\nx,Bir,One\n\nx,,Two\n", MemoryFormat.CSV) == [("One", "Bir")]
    assert read("fr,en\nx,One\n", MemoryFormat.CSV) == []


XLIFF_1 = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file source-language="en" target-language="tr"><body><group>
<trans-unit id="1"><source>A <g id="1">long</g> river<x id="2"/>.</source>
<target>Uzun <g id="1">nehir</g>.</target></trans-unit>
<trans-unit id="2"><source>One. Two.</source>
<seg-source><mrk mtype="seg" mid="1">One.</mrk> <mrk mtype="seg" mid="2">Two.</mrk></seg-source>
<target><mrk mtype="seg" mid="1">Bir.</mrk> <mrk mtype="seg" mid="2">İki.</mrk></target></trans-unit>
<trans-unit id="3"><source>New</source><target state="needs-translation">New</target></trans-unit>
<trans-unit id="4"><source>Guess</source><target state-qualifier="mt-suggestion">Tahmin</target></trans-unit>
<trans-unit id="5"><source>None</source></trans-unit></group></body></file>
<file source-language="en" target-language="fr"><body>
<trans-unit id="1"><source>A</source><target>B</target></trans-unit></body></file></xliff>"""
XLIFF_2 = """<xliff version="2.0" srcLang="en" trgLang="tr" xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f">
<unit id="1"><segment state="final"><source>A <pc id="1">long</pc><ph id="2"/> river</source><target>Uzun nehir</target>
</segment><ignorable><source> </source></ignorable><segment><source>B</source><target>B</target></segment></unit>
</file></xliff>"""


def test_xliff_1_gives_its_sentences_and_says_what_a_machine_made() -> None:
    found = read_memory(XLIFF_1.encode(), MemoryFormat.XLIFF, SIDES.get, "m")
    assert [(unit.source, unit.target) for unit in found] == [
        ("A long river.", "Uzun nehir."),
        ("One.", "Bir."),
        ("Two.", "İki."),
        ("Guess", "Tahmin"),
    ]
    assert [unit.origin for unit in found] == [Origin.HUMAN] * 3 + [Origin.MACHINE]


def test_xliff_2_gives_the_segments_that_are_translated() -> None:
    assert read(XLIFF_2, MemoryFormat.XLIFF) == [("A long river", "Uzun nehir")]


BOMB = '<!DOCTYPE tmx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><tmx version="1.4"><body>&b;</body></tmx>'
REACHING_OUT = '<!DOCTYPE tmx [<!ENTITY f SYSTEM "file:///etc/passwd">]><tmx version="1.4"><body>&f;</body></tmx>'


@pytest.mark.parametrize(
    ("data", "form", "said"),
    [
        (BOMB, MemoryFormat.TMX, "declares XML entities"),
        (REACHING_OUT, MemoryFormat.XLIFF, "declares XML entities"),
        ("<tmx><body>", MemoryFormat.TMX, "not well-formed XML"),
        ("", MemoryFormat.TMX, "not well-formed XML"),
        ("<html/>", MemoryFormat.TMX, "is no TMX file; its root element is html"),
        ('<?xml version="1.0" encoding="nonsense"?><tmx/>', MemoryFormat.TMX, "m: "),
        (b"en,tr\n\xff,x\n", MemoryFormat.CSV, "m:2: is not UTF-8"),
        ("en,tr\nOne\n", MemoryFormat.CSV, "m:2: has 1 fields, the first line has 2"),
        ('en,tr\n"One,Bir\n', MemoryFormat.CSV, "m:2: is not well-formed"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(data: str | bytes, form: MemoryFormat, said: str) -> None:
    with pytest.raises(InputError) as raised:
        read(data, form)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_elements_in_each_other_are_read() -> None:
    deep = "<hi>" * 50 + "x" + "</hi>" * 50
    pair = f'<tuv xml:lang="en"><seg>{deep}</seg></tuv><tuv xml:lang="tr"><seg>y</seg></tuv>'
    assert read(f'<tmx version="1.4"><body><tu>{pair}</tu></body></tmx>', MemoryFormat.TMX) == [("x", "y")]
