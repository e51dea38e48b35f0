"""Import rules of the service: which records of a CSV, TSV or TMX get in, and why others do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emulator.importing import UnreadableError, import_file

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header srclang="en" segtype="sentence"/><body>{}</body></tmx>"""


def unit(source: str, target: str, *, code: str = "en", changed: str = "") -> str:
    date = f' changedate="{changed}"' if changed else ""
    variants = ((code, source), ("zh", target))
    return (
        f"<tu{date}>" + "".join(f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>' for code, text in variants) + "</tu>"
    )


def test_records_of_a_table_are_skipped_or_fail_by_amazons_rules() -> None:
    lines = [
        '\ufeff"en",zh,tr',
        'A 34"" monitor,x,y',
        '"a ""quoted"", text",x,y',
        "",
        ",x,y",
        "   ,x,y",
        "only one target,,y",
        f"{'茶' * 334},x,y",
        f"{'茶' * 333},x,y",
        "=formula,x,y",
        '"+quoted",x,y',
        "fine,-x,y",
        "fine,@x,y",
        "too few,x",
        '"spans',
        'lines",x,y',
        "twice,first,first",
        "twice,second,",
    ]
    found = import_file("\r\n".join(lines).encode(), "CSV", 1000)
    assert (found.source, found.targets) == ("en", ["zh", "tr"])
    assert found.records == {
        'A 34"" monitor': {"zh": "x", "tr": "y"},
        'a "quoted", text': {"zh": "x", "tr": "y"},
        "only one target": {"tr": "y"},
        "茶" * 333: {"zh": "x", "tr": "y"},
        'lines"': {"zh": "x", "tr": "y"},
        "twice": {"zh": "second"},
    }
    assert found.skipped == 6
    assert found.failed == 6
    assert found.size == sum(len(s) + sum(map(len, t.values())) for s, t in found.records.items())


def test_a_tsv_has_tabs() -> None:
    found = import_file("en\tzh\na, b\t甲\n".encode(), "TSV", 1000)
    assert found.records == {"a, b": {"zh": "甲"}}


def test_tmx_follows_its_source_language_and_the_newest_change() -> None:
    units = [
        unit("Tea", "新茶", changed="20210102T000000Z"),
        unit("Tea", "旧茶", changed="20200102T000000Z"),
        unit("Cup", "杯", code="fr"),
        "<tu><tuv xml:lang='en'><seg>alone</seg></tuv></tu>",
        "<tu><tuv xml:lang='en'/><tuv xml:lang='zh'><seg>x</seg></tuv></tu>",
        unit("", "空"),
        unit("<bpt i='1'>&lt;b></bpt>Pot", "壶"),
    ]
    found = import_file(TMX.format("".join(units)).encode(), "TMX", 1000)
    assert found.records == {"Tea": {"zh": "新茶"}, "<b>Pot": {"zh": "壶"}}
    assert (found.failed, found.skipped) == (3, 1)
    assert found.messages[0] == {
        "content": "Number 3 TU element",
        "message": "Invalid TMX format. One tu element should contain exactly one tuv element with the source language"
        " code: en",
    }


@pytest.mark.parametrize(
    "data",
    [
        b"<tmx><header/><body/></tmx>",
        b"<tmx>",
        b"<xliff/>",
        TMX.format("").encode(),
        b"\xff\xfe",
        b'<!DOCTYPE tmx [<!ENTITY a "b">]><tmx><header srclang="en"/></tmx>',
    ],
)
def test_a_broken_tmx_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        import_file(data, "TMX", 1000)


TEXTS = st.lists(
    st.sampled_from([*"\"',\t\n\r= x茶", "en", "zh", "<tu>", "<seg>", "\ufeff", "\x00", "\u2028"]), max_size=24
)


@given(TEXTS, st.sampled_from(["CSV", "TSV", "TMX"]), st.booleans())
def test_any_file_is_imported_or_refused(parts: list[str], form: str, has_header: bool) -> None:
    text = "".join(parts)
    text = TMX.format(text) if form == "TMX" else ("en,zh\n" if form == "CSV" else "en\tzh\n") * has_header + text
    try:
        found = import_file(text.encode(), form, 20)
    except UnreadableError:
        return
    assert len(found.messages) == found.skipped + found.failed
    assert all(len(source.encode()) <= 20 and source.strip() for source in found.records)
