"""A sentence with numbered tags, and its answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engines.openai.tags import tag, tag_like, untag
from bot.model import Direction
from tests.support.llm_run import CHINESE, ENGLISH

DIRECTION = Direction(ENGLISH, CHINESE)
SENTENCE = "The **norm** of $x$ is in [the paper](https://a.example/p.pdf), see `f(x)` and :numref:`sec_a`."
TAGGED = (
    "The <strong1>norm</strong1> of <x2>$x$</x2> is in <a3>the paper</a3>, see <x4>`f(x)`</x4> and"
    " <x5>:numref:`sec_a`</x5>."
)
ANSWER = "<x2>$x$</x2>的<strong1>范数</strong1>在<a3>论文</a3>中，参见 <x4>`f(x)`</x4> 和<x5>:numref:`sec_a`</x5>。"
MARKDOWN = "$x$的**范数**在[论文](https://a.example/p.pdf)中，参见 `f(x)` 和:numref:`sec_a`。"


def test_a_model_reads_formulas_as_they_are_inside_numbered_tags() -> None:
    assert tag(SENTENCE, ENGLISH).text == TAGGED
    assert tag("Nothing special.", ENGLISH).text == "Nothing special."


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER, MARKDOWN, ANSWER.replace("<x2>$x$</x2>", "<x2/>"), ANSWER.replace("<x2>$x$</x2>", "<x2></x2>"),
        ANSWER.replace("<x4>`f(x)`</x4>", "`f(x)`"),
    ],
)  # fmt: skip
def test_an_answer_is_the_markdown_with_the_spaces_that_the_model_wrote(answer: str) -> None:
    found = untag(tag(SENTENCE, ENGLISH), answer, DIRECTION)
    assert (found.text, found.problem) == (MARKDOWN, "")


def test_another_order_is_told() -> None:
    assert untag(tag("Both $x$ and $y$.", ENGLISH), "<x2>$y$</x2>和<x1>$x$</x1>。", DIRECTION).reordered
    assert not untag(tag("Both $x$ and $y$.", ENGLISH), "<x1>$x$</x1>和<x2>$y$</x2>。", DIRECTION).reordered


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("<x2>$x$</x2>", ""), "lost $x$"),
        (("<x2>$x$</x2>", "<x2>$x$</x2><x2>$x$</x2>"), "added $x$"),
        (("<x2>$x$</x2>", "<x2>$z$</x2>"), "changed $x$ to “$z$”"),
        (("<x2>$x$</x2>", "<x9>$x$</x9>"), "added the tag <x9>"),
        (("<strong1>范数</strong1>", "范数"), "lost the strong emphasis"),
        (("<strong1>范数</strong1>", "范数<strong1></strong1>"), "lost the words of"),
        (("</strong1>", ""), "broke"),
        (("<a3>论文</a3>中，参见 <x4>`f(x)`</x4>", "<a3>论文<x4>`f(x)`</x4></a3>中，参见 "), "moved `f(x)` into"),
        (("<a3>论文</a3>中，参见 <x4>`f(x)`</x4>", "[论文`f(x)`](https://a.example/p.pdf)中，参见 "), "lost"),
        (("<a3>论文</a3>", "[论文](https://evil.example/)"), "lost the link"),
        (("。", "。<script>alert(1)</script>"), "added HTML"),
        (("。", "。&lt;"), "added HTML"),
        (("。", "。\n"), "added a line break"),
        (("。", "，`g`。"), "added `g`"),
        (("。", "，*强调*。"), "emphasis"),
        (("。", "，$y$。"), "added $y$"),
    ],
)
def test_what_a_model_breaks_is_named(change: tuple[str, str], problem: str) -> None:
    found = untag(tag(SENTENCE, ENGLISH), ANSWER.replace(*change), DIRECTION)
    assert problem in found.problem
    assert found.text == ""
    assert found.rejected


def test_the_translation_before_has_the_tags_of_the_same_elements() -> None:
    new = tag("See `g` and **all** of $x$ in [it](https://a.example/).", ENGLISH)
    old = "参见 `f` 和 $x$ 的**全部**，在[这里](https://a.example/)。"
    assert tag_like(old, CHINESE, new) == ("参见 `f` 和 <x3>$x$</x3> 的<strong2>全部</strong2>，在<a4>这里</a4>。")


words = st.text(alphabet="ab <>/x1&;*`$[]_\\", max_size=30)


@given(words, words)
def test_whatever_comes_is_markdown_that_passes_or_a_problem(text: str, answer: str) -> None:
    found = untag(tag(f"Say {text} now.", ENGLISH), answer, DIRECTION)
    assert bool(found.problem) != bool(found.text.strip()) or not answer.strip()
    assert "\n" not in found.text
