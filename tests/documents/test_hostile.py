"""Input that no author writes: texts made to take a parser's time or stack."""

from __future__ import annotations

import pytest

from bot.documents import parse, render
from bot.model import Kind, Language

ENGLISH = Language("en", "English")
CHINESE = Language("zh", "Chinese", joiner="", splitter="zh")
SENTENCE = "The fox of chapter 3 jumps over the *lazy* dog, see `code.x` and $a.b$ or [a link](http://a.b/c). "

REPEATED = [
    *("[", "![", "*", "* ", "**", "_a ", "`", "` ``", "$", "$$", "$a ", "$$a ", "$$\n", "~", "|", "<", "<!-- ", ">"),
    *("> ", "- ", "#", "# ", " #", "\\", "\\$$", "(", "'", '"', ".", ". ", "1.", "1. ", " ", "\t", "\n", "\r", "a"),
    *(
        "a ",
        "a\\\n",
        "%\n",
        "[a](b)",
        "![a](b)\n",
        "[a]: b\n",
        "[^a]: b\n",
        "`a` ",
        "**a** ",
        "*a _b ",
        "<b>",
        "&amp; ",
    ),
    *("https://", "https://a.b/c, ", ":a:`b` ", ":label:`a`\n", ":label:", ":a\n\n", "(a)=\n", "$$a$$\n", "---\n"),
    *(
        ":begin_tab:`a`\na\n:end_tab:\n",
        "$$\na\n$$\n\n",
        "> $$\n> a\n> $$\n",
        "```\n",
        "```{note}\n",
        "---\r\na: b\r\n",
    ),
    *("````{note}\n```{tip}\na\n```\n````\n", ":::{note}\n", ":::{note}\na\n:::\n", "| a | `b` | $c$ |\n", "- [ ] a\n"),
    *("(A b.) ", "1) A b. ", "A. ", "He's. ", "16 GB/s. ", "a\n=\n"),
]


@pytest.mark.parametrize("piece", REPEATED, ids=repr)
def test_a_long_repetition_is_read_in_time(piece: str) -> None:
    text = piece * (50_000 // len(piece))
    document = parse(text, ENGLISH)
    assert render(document) == text


@pytest.mark.parametrize(
    "text",
    [
        ">" * 1000 + " a",
        "\n".join(">" * depth + " a" for depth in range(300)),
        "\n".join("  " * depth + "- a" for depth in range(1000)),
        "- " * 1000 + "a",
        "*" * 5000 + "a" + "*" * 5000,
        "[" * 5000 + "a" + "](b)" * 5000,
        "![" * 1000 + "a" + "](b)" * 1000,
        "".join("`" * (503 - n) + "{note}\n" for n in range(500))
        + "a\n"
        + "".join("`" * n + "\n" for n in range(4, 504)),
        "".join(":" * (503 - n) + "{note}\n" for n in range(500))
        + "a\n"
        + "".join(":" * n + "\n" for n in range(4, 504)),
        "a" + " " * 100_000 + "b",
        "# a" + " " * 100_000 + "b",
        "# a" + " #" * 50_000,
        "# a {" + " " * 100_000,
        "$$a$$" + " " * 100_000 + "b",
        " ".join("`" * n for n in range(1, 400)) + "$$",
        "| a |\n|---|\n" + "a\n" * 50_000,
        "| a " * 50_000 + "|\n" + "|-" * 50_000 + "|\n",
        "---\r\n" + "a: b\r\n" * 20_000,
    ],
    ids=lambda text: repr(text[:20]),
)
def test_deep_nesting_and_long_runs_neither_crash_nor_hang(text: str) -> None:
    document = parse(text, ENGLISH)
    assert render(document) == text


@pytest.mark.parametrize(
    ("text", "language", "sentences"),
    [
        (SENTENCE * 20_000, ENGLISH, 20_000),
        ((SENTENCE.strip() + "\n") * 20_000, ENGLISH, 20_000),
        ((SENTENCE + "\n\n") * 10_000, ENGLISH, 10_000),
        ("这是一个句子，有*强调*。" * 50_000, CHINESE, 50_000),
        ("这是一个句子，" * 100_000, CHINESE, 1),
        ("e.g. J. S. " * 20_000, ENGLISH, 1),
        ("! " * 200_000 + "Go.", ENGLISH, 1),
        ("(" * 200_000 + " One. Two.", ENGLISH, 2),
        ("“" + "Go now. " * 20_000 + "”", ENGLISH, 1),
    ],
    ids=["line", "paragraph", "paragraphs", "Chinese line", "no end", "initials", "marks", "open", "quoted"],
)
def test_megabytes_of_prose_are_split(text: str, language: Language, sentences: int) -> None:
    document = parse(text, language)
    assert len(document.segments) == sentences


def test_a_long_paragraph_has_the_same_sentences_as_many_short_ones() -> None:
    sentences = [f"Sentence {number} of (e.g. many) is here." for number in range(1000)]
    assert [segment.text for segment in parse(" ".join(sentences), ENGLISH).segments] == sentences


def test_an_unclosed_fence_is_one_code_block_to_the_end() -> None:
    document = parse("Prose.\n\n```python\nx = 1\n\n# no heading\n", ENGLISH)
    assert [segment.kind for segment in document.segments] == [Kind.PARAGRAPH, Kind.CODE]
