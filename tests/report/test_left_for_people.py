"""Sentences that an earlier update left in English."""

from __future__ import annotations

from bot.documents import parse
from bot.model import Language
from bot.report.left_for_people import Leftover, find_leftovers

ENGLISH = Language("en", "English")
CHINESE = Language("zh", "Chinese", joiner="", enders="。", splitter="zh")


def leftovers(source: str, before: str, now: str) -> list[Leftover]:
    return list(find_leftovers("a.md", parse(source, ENGLISH), parse(before, CHINESE), parse(now, CHINESE)))


def test_a_sentence_of_the_source_in_the_translation_is_left_over() -> None:
    found = leftovers("Hot tea.\n\nWait for four\nminutes.\n", "热茶。\n", "热茶。\n\nWait for four\nminutes.\n")
    assert found == [Leftover("a.md", 3, "Wait for four minutes.")]


def test_english_that_people_published_is_their_choice() -> None:
    assert not leftovers("Read The Book of Tea.\n", "Read The Book of Tea.\n", "Read The Book of Tea.\n")


def test_names_formulas_and_code_are_no_sentences() -> None:
    text = "# PyTorch\n\n$a = \\text{sum of all the things}$\n\n```\nprint all the things\n```\n"
    assert not leftovers(text, "", text)
