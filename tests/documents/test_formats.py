"""Every format in the table keeps the contract, and a document is read in the format of its file at every stage."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.changes.joining import join
from bot.documents import FORMATS, DocumentFormat, format_of
from bot.engines.copy import CopyEngine
from bot.model import Block, Direction, Document, Kind, Language, Segment, Versions
from bot.pipeline import merge_document
from tests.support.format_contract import faults

ENGLISH = Language("en", "English")
CHINESE = Language("zh", "Chinese", joiner="", splitter="zh")
SIGNS = ["\n", "\r\n", "\n\n", " ", "\t", "    ", "\ufeff", "\x0c", "\u2028", "\0", '"', "#", "*", ":", "{", "}", "\\"]
WORDS = ["One. Two? ", "e.g. this", "第一句。第二句", "1.5", "`a`", "$x$"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.lists(st.sampled_from(SIGNS + WORDS)).map("".join)


@pytest.mark.parametrize("name", FORMATS)
@given(text=TEXTS, language=st.sampled_from([ENGLISH, CHINESE]))
def test_a_format_reads_every_text_without_loss(name: str, text: str, language: Language) -> None:
    document = FORMATS[name].parse(text, language)
    assert (document.text, document.format) == (text, name)
    assert faults(document) == []
    assert FORMATS[name].parse(text, language) == document


def test_each_ending_has_one_format() -> None:
    endings = [ending for form in FORMATS.values() for ending in form.endings]
    assert all(re.fullmatch(r"\.[a-z0-9.]+", ending) for ending in endings)
    assert len(set(endings)) == len(endings)


def test_the_docs_have_a_row_for_each_format() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "documents.md").read_text("utf-8")
    for name, form in FORMATS.items():
        assert f"| `{name}` | {', '.join(f'`{ending}`' for ending in form.endings)} | " in page


@pytest.mark.parametrize("path", ["a.md", "b/A.MD", "a.markdown", "a.rst", "README", ""])
def test_markdown_is_the_format_of_its_files_and_of_all_that_no_format_reads(path: str) -> None:
    assert format_of(path) == "markdown"


def _lines(text: str, _: Language) -> Document:
    """Each line is a paragraph."""
    spans = [match.span() for match in re.finditer(r"\S(?:[^\n]*\S)?", text)]
    segments = [Segment(Kind.PARAGRAPH, i, *span, text[slice(*span)]) for i, span in enumerate(spans)]
    blocks = [Block(Kind.PARAGRAPH, *span, i, i + 1) for i, span in enumerate(spans)]
    return Document(text, tuple(blocks), tuple(segments), "lines")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(FORMATS, "lines", DocumentFormat((".lines",), _lines))
    return "a.lines"


def test_a_merge_reads_its_texts_and_its_result_in_the_format_of_the_file(lines: str) -> None:
    # To Markdown this is code.
    texts = Versions("    One.\n    Two.\n", "    One.\n    New.\n    Two.\n", "    Eins.\n    Zwei.\n")
    merge = merge_document(texts, Direction(ENGLISH, ENGLISH), CopyEngine(), lines)
    assert merge.text == "    Eins.\n    New.\n    Zwei.\n"
    assert [left.source for left in merge.left] == ["New."]


def test_versions_of_people_are_joined_in_the_format_of_the_file(lines: str) -> None:
    joined = join("    a\n    b\n", "    A\n    b\n", "    a\n    B\n", ENGLISH, lines)
    assert (joined.text, joined.clashes) == ("    A\n    B\n", ())
    assert join("    a\n    b\n", "    A\n    b\n", "    a\n    B\n", ENGLISH).clashes
