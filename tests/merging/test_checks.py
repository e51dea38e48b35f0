"""A machine's answer that stands is doubted where it looks odd; one that fails its checks is offered, not used."""

from __future__ import annotations

import pytest

from bot.merging import check_translation
from bot.merging.checks import find_doubts
from bot.model import Action, Direction, Kind, Language, Merge, Versions
from bot.pipeline import merge_document
from tests.support.engines import Answers

LANGUAGES = Direction(
    Language("en", "English"),
    Language("zh", "Chinese", joiner="", enders="。", splitter="zh", length_ratio=0.4),
)
BASE = "# Tea\n\nTea is a hot drink.\n"
NEW = BASE + "\nWait 4 minutes, and use `water` of 95 degrees.\n"
OLD = "# 茶\n\n茶是热饮。\n"


def merge(answer: str, *warnings: str) -> Merge:
    return merge_document(Versions(BASE, NEW, OLD), LANGUAGES, Answers(answer, warnings=warnings))


def test_a_translation_with_other_numbers_stands_and_is_doubted() -> None:
    result = merge("等40分钟，用95度的`water`。")
    (doubt,) = result.doubts
    assert doubt.warnings == ("the numbers differ; not in it: 4; only in it: 40",)
    assert doubt.source == "Wait 4 minutes, and use `water` of 95 degrees."
    assert result.text[slice(*doubt.after)] == "等40分钟，用95度的`water`。"
    assert result.counts[Action.TRANSLATED] == 1


def test_what_the_engine_itself_doubts_is_kept_beside_it() -> None:
    result = merge("等5分钟，用95度的`water`。", "the glossary has 泡 for “wait”")
    assert result.doubts[0].warnings[0] == "the glossary has 泡 for “wait”"
    assert len(result.doubts[0].warnings) == 2


def test_a_usual_translation_is_not_doubted() -> None:
    assert merge("等4分钟，用95度的`water`。").doubts == ()


def test_an_answer_that_fails_its_checks_is_offered_and_not_doubted() -> None:
    result = merge("等4分钟，用95度的水。")
    assert result.doubts == ()
    (left,) = result.left
    assert left.rejected == "等4分钟，用95度的水。"
    assert left.fuzzy is None
    assert left.rejected not in result.text


@pytest.mark.parametrize(
    ("translation", "doubts"),
    [
        ("x" * 30, 0),
        ("x" * 8, 1),
        ("x" * 300, 1),
        ("x" * 30 + "`" + "c" * 300 + "`", 0),
    ],
)
def test_only_the_length_of_the_words_counts(translation: str, doubts: int) -> None:
    assert (
        len(find_doubts("A sentence of some length, to tell from others, and more.", translation, LANGUAGES)) == doubts
    )


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("It has 1,000 rows, 2.5 m.", "它有1000行，2,5米。"),
        ("It is 2-dimensional.", "它是二维的。"),
        ("It is one row.", "它是1行。"),
        ("It is $x_{12}$ and `y[40]`.", "它是`y[40]`和$x_{12}$。"),
        ("In 1,000,000 years", "1 000 000 年内".replace(" ", "\u202f", 2)),
    ],
)
def test_numbers_may_be_written_otherwise(source: str, translation: str) -> None:
    assert find_doubts(source, translation, LANGUAGES) == ()


def test_an_answer_may_write_numbers_its_own_way() -> None:
    assert check_translation("It has 1,000 stones.", "Tiene 1.000 piedras.", Kind.PARAGRAPH, LANGUAGES) == ""
