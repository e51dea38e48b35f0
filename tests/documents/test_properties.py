"""What holds for every text: nothing is lost, and the parts of a Document fit together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents import fold, parse
from bot.model import Document, Language
from tests.support.format_contract import faults

ENGLISH = Language("en", "English")
CHINESE = Language("zh", "Chinese", joiner="", splitter="zh")
LANGUAGES = st.sampled_from([ENGLISH, CHINESE, Language("tr", "Turkish", splitter="tr")])

FRAGMENTS = [
    *"\n\n\n\r\t  >#*_-+=~|:;.,!?%&\\^()[]{}<>`$\"'“”1aZé中。、 \xa0\u3000\ufeff\u2028\u2029\x0b\x0c\x85\x00😀",
    *("\r\n", "\n\n", "    ", "  \n", "\\\n", "\n> ", "\n>> ", "\n* ", "\n- [x] ", "\n1. ", "\n   ", "\n\n    "),
    *("# ", "\n## ", " ##", " {#id}", "\n===", "\n---\n", "---\na: b\n---\n", "\n***\n", "\n[a]: b\n"),
    *("**", "***", "~~", "``", "```\n", "\n```", "\n~~~\n", "```python\n", "[^1]", "\n[^1]: ", "<!--", "-->"),
    *("\n````{note}\n", "\n```{note} T\n:a: b\n", "\n```{math}\n", "\n:::{note}\n", "\n:::\n", "\n::::{tip}\n"),
    *("{ref}`a`", "(a)=\n", "\n% c", "$", "$$", "\n$$\n", "$a|b$", ":label:`a`", ":numref:`a`", ":cite:`"),
    *(":eqlabel:`e`", "\n:Caption", "\n:begin_tab:`x`\n", "\n:end_tab:\n", "#@tab x\n", "[**", "**]", "(~~", "~~)"),
    *("[a](b)", "![c. *d*](e)", "[![i](j)](k)", "[a][]", "[](e)", "<http://a.b>", "https://a.b/c", "<b>", "\n<div>\n"),
    *("\n| a | b |\n|---|---|\n| c | d |\n", "\n|", "|-|-|\n", "A word. Two", "One. (Two.) Three", "e.g. this"),
    *("第一句。第二句", "örn. 3. bölüm", "i) a. ii) B. C", "16 GB/s. ", "B\xa0.", "\nplain text\n"),
]  # fmt: skip
MARKDOWN = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)
ARBITRARY = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
# As in benchmarks/lossless.py: marks of footnotes and of done tasks are structure, though they hold letters.
MARKS = re.compile(r"\[\^[^\]\n]+\]:|\[[xX]\]")
LETTER = re.compile(r"[^\W\d_]")


def markdown_faults(document: Document) -> list[str]:
    leads = [MARKS.sub("", document.lead(index)) for index in range(len(document.segments) + 1)]
    return [
        *faults(document),
        *(f"words between segments: {lead!r}" for lead in leads if LETTER.search(lead)),
        *(
            f"the sentences of block {number} are not its text"
            for number, block in enumerate(document.blocks)
            if _bare(document.text[block.start : block.end])
            != "".join(_bare(document.raw(index)) for index in range(block.first, block.last))
        ),
    ]


def _bare(text: str) -> str:
    """Without white space, quote prefixes and the backslashes of hard breaks."""
    return re.sub(r"[\s>\\]", "", text)


@settings(max_examples=400)
@given(MARKDOWN, LANGUAGES)
def test_a_document_of_markdown_fragments_fits_together(text: str, language: Language) -> None:
    assert markdown_faults(parse(text, language)) == []


@given(ARBITRARY, LANGUAGES)
def test_a_document_of_arbitrary_text_fits_together(text: str, language: Language) -> None:
    assert markdown_faults(parse(text, language)) == []


@given(MARKDOWN)
def test_parsing_is_deterministic(text: str) -> None:
    assert parse(text, ENGLISH) == parse(text, ENGLISH)


@given(MARKDOWN)
def test_folding_gives_one_line_and_folds_no_further(text: str) -> None:
    once = fold(text)
    assert not re.search(r"[\r\n\t]", once)
    assert fold(once) == once


@given(st.lists(st.sampled_from(["One", "word", "and", "`code`", "$x$", "more.", "Next", "(aside)"]), min_size=1))
def test_wrapping_prose_does_not_move_its_sentences(words: list[str]) -> None:
    flat = [segment.text for segment in parse("The " + " ".join(words), ENGLISH).segments]
    wrapped = [segment.text for segment in parse("The\n" + "\n".join(words), ENGLISH).segments]
    quoted = [segment.text for segment in parse("> The\n> " + "\n> ".join(words), ENGLISH).segments]
    assert flat == wrapped == quoted


def test_every_example_of_the_commonmark_specification_fits_together(shared: Path) -> None:
    path = shared / "commonmark" / "spec.txt"
    if not path.is_file():
        pytest.skip("the CommonMark specification is not at hand (../shared/commonmark/spec.txt)")
    spec = path.read_text(encoding="utf-8")
    examples = re.findall(r"^`{32} example\n(.*?)^\.\n", spec, re.MULTILINE | re.DOTALL)
    assert len(examples) > 600
    for example in examples:
        text = example.replace("→", "\t")
        assert markdown_faults(parse(text, ENGLISH)) == [], text
