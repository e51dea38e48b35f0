"""A sentence as its reader sees it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation import as_read
from bot.model import Language, Placeables

ENGLISH = Language("en", "English")
CHINESE = Language("zh", "Chinese", joiner="", enders="。？！", splitter="zh")
TOKEN = re.compile("[\ue000-\uf8ff]")
SENTENCE = "See *the picture* and [the text](https://example.org/a) in :numref:`fig_x`, $x_1 + y$ and `code_x`."


def shown(text: str, language: Language = ENGLISH) -> str:
    """With every token that stands for a placeable as ◆."""
    return TOKEN.sub("◆", as_read(text, language))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (SENTENCE, "See the picture and the text in ◆ , ◆ and ◆ ."),
        ("[**This is marked**] and ~~gone~~", "This is marked and gone"),
        ("Some <b>bold</b> words<br>", "Some bold words"),
        (r"It costs 50\% of a\_b &amp; c", "It costs 50% of a_b & c"),
        (r"At 5\% of $x$ or 6\%", "At 5% of ◆ or 6%"),
        (r"**$x$** alone", "◆ alone"),
        ("Look at https://example.org/a.", "Look at ◆ ."),
        ("![A picture](a.png) is shown", "◆ is shown"),
        ("A title :label:`sec_a`", "A title"),
        ("It has 3.5 parts", "It has 3.5 parts"),
        ("two  spaces \t and a tab", "two spaces and a tab"),
        ("1. First", "1. First"),
        ("$x$", "◆"),
        ("", ""),
    ],
)
def test_marks_vanish_and_placeables_are_one_token_each(text: str, seen: str) -> None:
    assert shown(text) == seen


def test_chinese_is_read_the_same_way() -> None:
    assert shown("我们在**这里**使用$x$和`y`。", CHINESE) == "我们在这里使用 ◆ 和 ◆ 。"


def test_the_same_formula_is_the_same_token_in_both_languages_and_another_one_is_not() -> None:
    one, two, three = (
        TOKEN.findall(as_read(text, language))
        for text, language in (("See $x_1$", ENGLISH), ("看$x_1$", CHINESE), ("See $x_2$", ENGLISH))
    )
    assert one == two != three


def test_with_placeables_as_text_what_stands_between_their_marks_is_read() -> None:
    assert as_read(SENTENCE, ENGLISH, Placeables.TEXT) == "See the picture and the text in fig_x, x_1 + y and code_x."


def test_the_source_stays_as_it_is_but_for_white_space() -> None:
    assert as_read(f"  {SENTENCE}\n", ENGLISH, Placeables.SOURCE) == SENTENCE


PIECES = st.sampled_from(
    ["words", "*more*", "$a + b$", "`code`", "[link](u)", r"\*", "&lt;", "3,5", "<i>", ":cite:`x`"]
)


@given(st.lists(PIECES, min_size=1).map(" ".join), st.sampled_from(Placeables))
def test_every_sentence_is_read_as_one_line(text: str, placeables: Placeables) -> None:
    seen = as_read(text, ENGLISH, placeables)
    assert seen == " ".join(seen.split())


@given(st.lists(st.sampled_from(["words", "$a$", "`b`", "*c*", ":ref:`d`"]), min_size=1))
def test_there_are_as_many_tokens_as_placeables(pieces: list[str]) -> None:
    assert len(TOKEN.findall(as_read(" ".join(pieces), ENGLISH))) == sum(piece[0] in "$`:" for piece in pieces)


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for placeables in Placeables:
        assert "\n" not in as_read(text, ENGLISH, placeables)
