"""Glossaries of translators and of other tools: their terms, which side is which, and what of them is no term."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.package_data import known_language
from bot.errors import InputError
from bot.glossary import Glossary, Term, read_glossary, terminology_csv
from bot.model import Direction

EN = known_language("en")


def read(text: str | bytes, target: str = "tr") -> Glossary:
    data = text.encode() if isinstance(text, str) else text
    return read_glossary(data, Direction(EN, known_language(target)), "g.md")


def terms(text: str | bytes, target: str = "tr") -> dict[str, tuple[str, ...]]:
    return {term.source: term.targets for term in read(text, target).terms}


def unread(text: str, target: str = "tr") -> list[tuple[str, str]]:
    return [(part.place, part.reason) for part in read(text, target).unread]


def test_every_line_of_the_chinese_glossary_is_a_term_or_reported(shared: Path) -> None:
    text = (shared / "d2l" / "terminology.zh.md").read_text("utf-8")
    found = read(text, "zh")
    assert [part.text for part in found.unread] == ["## 英汉术语对照"]
    assert len(found.terms) == sum(bool(line.strip()) for line in text.splitlines()) - 1 == 138
    known = {term.source: term.targets for term in found.terms}
    assert known["saddle point"] == ("鞍点",)
    assert known["long short-term memory"] == ("长短期记忆网络",)
    assert known["accuracy"] == ("准确率", "精度")
    assert "English comes last" in found.sides


def test_every_line_of_the_turkish_glossary_is_a_term_or_reported(shared: Path) -> None:
    found = read((shared / "d2l" / "terminology.tr.md").read_text("utf-8"))
    reported = [(part.place, part.text) for part in found.unread]
    assert reported == [
        ("line 1", "## Terimler"),
        ("line 2", ":label:`terminology`"),
        ("line 370", "wrapper: sarmalayıcı"),
    ]
    known = {term.source: term.targets for term in found.terms}
    # 183 lines: two of them are for `bias`, one is for `api` and what it is short for.
    assert len(known) == 183
    assert known["api"] == known["application programming interface"] == ("uygulama programlama arayüzü",)
    assert known["bias"] == ("sinir ağlarında ek girdi", "algoritmalardaki yanlılık")
    assert known["analogy"] == ("benzeşim", "benzetme")
    assert known["condition number"] == ("sağlamlık sayısı",)
    assert known["loss function"] == ("kayıp fonksiyonu", "yitim fonksiyonu")
    assert known["pipeline"] == ("veri işleme hattı", "komut işleme hattı")
    assert known["truncation"] == ("kırkma",)
    assert "English comes first" in found.sides


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("tree; ağaç\nleaf; yaprak\n", "tr"),
        ("ağaç; tree\nyaprak; leaf\n", "tr"),
        ("- ağaç - tree\n- yaprak - leaf\n", "tr"),
        ("1. **tree**: ağaç\n2. **leaf**: yaprak\n", "tr"),
        ("tree\tağaç\nleaf\tyaprak\n", "tr"),
        ("| English | Türkçe |\n|---|---|\n| tree | ağaç |\n| leaf | yaprak |\n", "tr"),
        ("tr; en\nağaç; tree\nyaprak; leaf\n", "tr"),
        ("en,tr\r\ntree,ağaç\r\nleaf,yaprak\r\n", "tr"),
        ("\ufeffnote;tr-TR;en_US\nx;ağaç;tree\ny;yaprak;leaf\n", "tr"),
        ("english\tturkish\ntree\tağaç\nleaf\tyaprak\n", "tr"),
    ],
)
def test_the_sides_are_told_by_labels_or_by_accents(text: str, target: str) -> None:
    assert terms(text, target) == {"tree": ("ağaç",), "leaf": ("yaprak",)}


_CROWDIN = (
    '"Concept ID","Concept Definition","Term [en]","Description [en]","Status [en]","Term [tr]","Status [tr]"\n'
    '7,"a plant",tree,with leaves,preferred,ağaç,preferred\n8,"",leaf,"",preferred,yaprak,""\n'
    '9,"",root,"",preferred,köken,"not recommended"\n'
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"source","target","context"\n"tree","ağaç",""\n"leaf","yaprak","of a tree"\n', id="Weblate"),
        pytest.param("location,source,target,id,fuzzy\n,tree,ağaç,1,\n,leaf,yaprak,2,False\n,x,y,3,True\n", id="fuzzy"),
        pytest.param(_CROWDIN, id="Crowdin"),
        pytest.param(
            "term,pos,comment,translation_tr,comment_tr\ntree,noun,a plant,ağaç,\nleaf,noun,,yaprak,bitki\n",
            id="Transifex",
        ),
        pytest.param("term;description;tags;tr\ntree;a plant;;ağaç\nleaf;;;yaprak\n", id="Lokalise"),
        pytest.param("English\tEnglish_Def\tTurkish\tTurkish_Def\ntree\ta\tağaç\tb\nleaf\t\tyaprak\t\n", id="memoQ"),
        pytest.param("Entry_ID,English_United States,Turkish (Turkey)\n1,tree,ağaç\n2,leaf,yaprak\n", id="MultiTerm"),
        pytest.param("tree,ağaç,en,tr\nleaf,yaprak,en,tr\n", id="DeepL"),
        pytest.param("tree\tağaç\tnot a bush\nleaf\tyaprak\t\n", id="OmegaT"),
        pytest.param(
            "| English | Turkish | Notes |\n|---|---|---|\n| tree | ağaç | a |\n| leaf | yaprak | |\n", id="notes"
        ),
        pytest.param(
            "| No | Açıklama | Türkçe | English |\n|-|-|-|--|\n|1|a|ağaç|tree|\n|2||yaprak|leaf|\n", id="mixed"
        ),
        pytest.param(
            "| Was | Ne | Ghi chú |\n|---|---|---|\n| tree | ağaç | x |\n| leaf | yaprak | y |\n", id="unknown"
        ),
    ],
)
def test_what_tools_say_of_a_term_is_no_term(text: str) -> None:
    assert terms(text) == {"tree": ("ağaç",), "leaf": ("yaprak",)}


def test_rows_that_are_not_to_be_used_are_reported() -> None:
    assert unread(_CROWDIN) == [("line 4", "is marked as not recommended")]


def test_an_export_without_the_language_is_refused() -> None:
    with pytest.raises(InputError, match=r"has terms of fr, none in Turkish \(tr\)"):
        terms("term,pos,translation_fr\ntree,noun,arbre\n")
    with pytest.raises(InputError, match=r"has terms of en, de, none in Turkish \(tr\)"):
        terms('"Concept ID","Term [en]","Term [de]"\n1,tree,Baum\n')


def test_the_column_with_exactly_the_code_comes_first() -> None:
    assert terms("en-GB,en,tr-CY,tr\ncolour,color,a,renk\n") == {"color": ("renk",)}
    assert terms("tr-CY,en-GB\nrenk,colour\n") == {"colour": ("renk",)}


def test_a_line_the_other_way_round_is_read_by_its_script() -> None:
    text = "дерево — tree\nлист — leaf\nroot — корень\nGPU — GPU\n"
    assert terms(text, "ru") == {"tree": ("дерево",), "leaf": ("лист",), "root": ("корень",), "GPU": ("GPU",)}


def test_without_any_sign_the_first_side_is_taken_for_the_source_and_that_is_said() -> None:
    found = read("bus; bus\nzebra; zebra\n", "nl")
    assert "nothing tells the languages apart" in found.sides


def test_what_is_no_term_is_reported_with_its_line() -> None:
    assert unread("# T\n\ntree; ağaç\n; x\nno term here\n---\n(a); b\n") == [
        ("line 1", "a heading"),
        ("line 4", "a side is empty"),
        ("line 5", "there is no ; between a term and its translation"),
        ("line 6", "a rule"),
        ("line 7", "a side holds nothing but a remark"),
    ]
    assert unread("en,tr\ntree,ağaç\n,x\nleaf\n") == [
        ("line 3", "has no term in English"),
        ("line 4", "has no term in Turkish"),
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a tree; ağaç, ulu ağaç", {"a tree": ("ağaç", "ulu ağaç")}),
        ("tree; ağaç veya fidan", {"tree": ("ağaç", "fidan")}),
        ("tcp; TCP/IP ağı", {"tcp": ("TCP/IP ağı",)}),
        ("momentum (method); moméntum", {"momentum": ("moméntum",)}),
        ("k (kernel); çekirdek", {"k": ("çekirdek",)}),
        ("i.i.d. (independent and identically distributed); ö",
         {"i.i.d.": ("ö",)}),
        ("iid (independent identically distributed); ö",
         {"iid": ("ö",), "independent identically distributed": ("ö",)}),
    ],
)  # fmt: skip
def test_alternatives_and_remarks(line: str, found: dict[str, tuple[str, ...]]) -> None:
    assert terms(line) == found


def test_traditional_chinese_is_not_taken_for_simplified() -> None:
    table = b"en,zh-TW,zh-CN\ntree,\xe6\xa8\xb9,\xe6\xa0\x91\n"
    assert terms(table, "zh") == {"tree": ("树",)}
    assert terms(table, "zh-TW") == {"tree": ("樹",)}
    with pytest.raises(InputError, match=r"has terms of en, zh-TW, none in Chinese \(Simplified\) \(zh\)"):
        terms(table.replace(b",zh-CN", b"").replace(b",\xe6\xa0\x91", b""), "zh")


TBX_2 = """<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en"><text><body>
<termEntry id="c1"><langSet xml:lang="en-US"><tig><term>neural <hi>network</hi></term></tig>
<ntig><termGrp><term>NN</term></termGrp></ntig></langSet>
<langSet xml:lang="tr"><tig><term>eski ad</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote>
</tig><tig><term>ağ</term></tig><tig><term>sinir ağı</term>
<termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></tig></langSet></termEntry>
<termEntry id="c2"><langSet xml:lang="en"><tig><term>alone</term></tig></langSet></termEntry>
</body></text></martif>"""
TBX_3 = """<?xml version="1.0" encoding="UTF-8"?>
<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
 xmlns:min="http://www.tbxinfo.net/ns/min"><text><body><conceptEntry id="c1">
<langSec xml:lang="en"><termSec><term>neural network</term></termSec><termSec><term>NN</term></termSec></langSec>
<langSec xml:lang="tr"><termSec><term>eski ad</term>
<min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus></termSec>
<termSec><term>ağ</term></termSec><termSec><term>sinir ağı</term>
<min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec></langSec></conceptEntry>
<conceptEntry id="c2"><langSec xml:lang="en"><termSec><term>alone</term></termSec></langSec></conceptEntry>
</body></text></tbx>"""


@pytest.mark.parametrize("text", [TBX_2, TBX_3])
def test_tbx_gives_preferred_terms_first_and_no_deprecated_ones(text: str) -> None:
    targets = ("sinir ağı", "ağ")
    assert terms(text) == {"neural network": targets, "NN": targets}
    assert unread(text) == [("entry c2", "has no term in use in Turkish")]


def test_tmx_units_are_terms_and_those_of_other_languages_are_counted() -> None:
    unit = '<tu><tuv xml:lang="en"><seg>tree</seg></tuv><tuv xml:lang="{}"><seg>ağaç, x</seg></tuv></tu>'
    text = f'<tmx version="1.4"><header srclang="en"/><body>{unit.format("tr")}{unit.format("fr")}</body></tmx>'
    assert terms(text) == {"tree": ("ağaç, x",)}
    assert unread(text) == [("the file", "English or Turkish is missing in 1 of its units")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "no line with a term"),
        ("# Title\n\nProse without any sign\n", "no line with a term"),
        ("en,tr\n", "no term in both English and Turkish"),
        ('en,tr\n"tree,ağaç\n', "g.md:2: is not well-formed"),
        (b"tree; a\xff\n", "g.md:1: is not UTF-8"),
        ("<html/>", "neither TBX nor TMX; its root element is html"),
        ("<tbx>", "not well-formed XML"),
        ('<!DOCTYPE a [<!ENTITY a "a">]><tbx>&a;</tbx>', "declares XML entities"),
        ("<tbx/>", "no term in both"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(data: str | bytes, said: str) -> None:
    with pytest.raises(InputError) as raised:
        read(data)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_glossary_of_other_languages_is_refused() -> None:
    with pytest.raises(InputError, match="script of English and Chinese"):
        read("дерево; дерева\n", "zh")


WORD = st.text(st.sampled_from("abcdefghij ğüşıöç'."), min_size=1, max_size=12).map(lambda text: " ".join(text.split()))
TERMS = st.dictionaries(WORD.filter(bool), WORD.filter(bool), min_size=1, max_size=6)
LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]), min_size=1, max_size=20)
TEXTS = st.dictionaries(*[LINE.map(lambda text: " ".join(text.split())).filter(bool)] * 2, min_size=1, max_size=6)


@given(TEXTS)
def test_what_is_written_for_the_service_is_read_back(texts: dict[str, str]) -> None:
    written = terminology_csv([Term(source, (target,)) for source, target in texts.items()], "en", "tr")
    assert written.terms == len(texts)
    assert not written.dropped
    assert terms(written.data) == {source: (target,) for source, target in texts.items()}


@given(TEXTS)
def test_tbx_terms_are_taken_as_they_are(texts: dict[str, str]) -> None:
    entries = "".join(
        f'<conceptEntry><langSec xml:lang="en"><termSec><term>{escape(source)}</term></termSec></langSec>'
        f'<langSec xml:lang="tr"><termSec><term>{escape(target)}</term></termSec></langSec></conceptEntry>'
        for source, target in texts.items()
    )
    expected = {source: (target,) for source, target in texts.items()}
    assert terms(f"<tbx><text><body>{entries}</body></text></tbx>") == expected


@given(TERMS, st.booleans())
def test_lists_are_read_in_both_directions(words: dict[str, str], target_first: bool) -> None:
    header = "tr; en" if target_first else "en; tr"
    lines = [f"{target}; {source}" if target_first else f"{source}; {target}" for source, target in words.items()]
    found = read("\n\n".join([header, *lines]))
    expected = {source: (target,) for source, target in words.items()}
    assert {term.source: term.targets for term in found.terms} == expected
    assert [part.reason for part in found.unread if part.reason != "the header"] == []


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_no_line_is_lost(text: str) -> None:
    data = f"tree; ağaç\n{text}".encode("utf-8", "replace")
    try:
        found = read(data)
    except InputError:
        return
    lines = [line for line in data.decode().splitlines() if line.strip()]
    reported = {part.place for part in found.unread}
    assert found.terms
    assert len(reported) == len(found.unread)
    if found.form.startswith("list"):
        told = sum(len(term.targets) for term in found.terms)
        assert told + len(reported) >= len({*lines})


def test_terms_beyond_the_limits_of_the_service_are_left_out_and_told() -> None:
    long = Term("x" * 201, ("y",))
    wide = Term("w", ("河" * 67,))
    written = terminology_csv([long, Term('a "b", c', ("d", "e")), wide], "en", "zh")
    assert list(csv.reader(io.StringIO(written.data.decode()))) == [["en", "zh"], ['a "b", c', "d"]]
    assert [(term, reason) for term, reason in written.dropped] == [
        (long, "201 bytes, the service takes 200"),
        (wide, "201 bytes, the service takes 200"),
    ]


def test_a_terminology_stays_below_ten_megabytes() -> None:
    many = [Term(f"{number:06}{'x' * 180}", ("y" * 180,)) for number in range(30_000)]
    written = terminology_csv(many, "en", "tr")
    assert 10 * 1024 * 1024 - 400 < len(written.data) <= 10 * 1024 * 1024
    assert written.terms + len(written.dropped) == len(many)
