"""A training set leaves the articles under test out, and the program checks the very bytes that are taught."""

from __future__ import annotations

import pytest

from bot.errors import VerificationError
from bot.memory.formats import to_csv
from bot.model import Direction, Language, TranslationUnit
from bot.parallel_data.options import Level
from bot.quality.articles import Article
from bot.quality.training_sets import check_leaks, make_training_set

ENGLISH = Language("en", "English", engine_codes={"amazon": "en"})
CHINESE = Language("zh", "Chinese", joiner="", enders="。？！", splitter="zh", engine_codes={"amazon": "zh"})
LANGUAGES = Direction(ENGLISH, CHINESE)
TEA = Article(
    "tea.md",
    {},
    {},
    (
        ("Tea is a hot drink from China.", "Pour the water slowly over the leaves."),
        ("茶是来自中国的热饮料。", "将热水慢慢地倒在茶叶上面。"),
    ),
)
HARMLESS = TranslationUnit("A ship carries stones across the sea.", "一艘大船把石头运过了海洋。", "ship.md")


def test_neither_the_articles_own_pairs_nor_any_near_its_sentences_are_taught() -> None:
    own = TranslationUnit("Something else altogether stands here.", "这里的内容完全不同。", "tea.md")
    near = [
        TranslationUnit("Tea is a hot drink from China.", "另外一种译法在此处。", "copied.md"),
        TranslationUnit("Tea is a cold drink from China.", "它和那句话没有关系。", "changed.md"),
        TranslationUnit("An unrelated sentence stands here.", "将热水慢慢倒在茶叶上面。", "target.md"),
        TranslationUnit("Ships sail. Tea is a hot drink from China. So it is.", "船在航行。是的。", "paragraph.md"),
    ]
    training = make_training_set(Level.SENTENCE, [own, *near, HARMLESS], [TEA], LANGUAGES, reverse=False)
    assert training.units == (HARMLESS,)
    leaks = training.leaks
    assert (leaks.pairs, leaks.own, leaks.near, leaks.left_out) == (1, 1, 4, ("tea.md",))
    assert leaks.direction == "en → zh"
    assert leaks.taught == 2
    assert leaks.examined == 4
    assert 0 < leaks.nearest < 0.8
    assert "no leak" in leaks.describe()


def test_a_training_set_for_the_other_direction_has_its_sides_exchanged() -> None:
    training = make_training_set(Level.SENTENCE, [HARMLESS], [TEA], LANGUAGES, reverse=True)
    assert training.data.decode() == f"zh,en\n{HARMLESS.target},{HARMLESS.source}\n"
    assert (training.units[0].source, training.units[0].target) == (HARMLESS.target, HARMLESS.source)
    assert training.leaks.direction == "zh → en"


@pytest.mark.parametrize(
    "leak",
    [
        ("Tea is a hot drink from China.", "无关的译文在这里呢。"),
        ("Tea is a\n  hot drink from  China.", "无关的译文在这里呢。"),
        ("Tea is a hot drink from Japan.", "无关的译文在这里呢。"),
        ("Nothing of the kind is said here.", "茶是来自中国的热饮料。"),
        ("Nothing of the kind is said here.", "茶是来自日本的热饮料。"),
        ("Nothing at all. Pour the water slowly over the leaves.", "无关的译文在这里呢。"),
    ],
    ids=["exact", "re-wrapped", "one word changed", "target", "target, one word changed", "inside a paragraph"],
)
@pytest.mark.parametrize("reverse", [False, True])
def test_a_planted_leak_is_found(leak: tuple[str, str], reverse: bool) -> None:
    source, target = leak
    planted = TranslationUnit(target, source, "x.md") if reverse else TranslationUnit(source, target, "x.md")
    harmless = TranslationUnit(HARMLESS.target, HARMLESS.source, "") if reverse else HARMLESS
    codes = ("zh", "en") if reverse else ("en", "zh")
    data = to_csv([harmless, planted, harmless], *codes).encode()
    with pytest.raises(VerificationError, match="1 sentences of the sentence pairs are too near to"):
        check_leaks(Level.SENTENCE, data, [TEA], LANGUAGES)
    check_leaks(Level.SENTENCE, to_csv([harmless], *codes).encode(), [TEA], LANGUAGES)


def test_articles_left_out_together_are_all_left_out() -> None:
    ship = Article("ship.md", {}, {}, ((HARMLESS.source,), (HARMLESS.target,)))
    pairs = [HARMLESS, TranslationUnit("Tea is a hot drink from China.", "茶是来自中国的热饮料。", "tea.md")]
    training = make_training_set(Level.PARAGRAPH, pairs, [TEA, ship], LANGUAGES, reverse=False)
    assert training.units == ()
    assert (training.leaks.own, training.leaks.near, training.leaks.nearest) == (2, 0, 0.0)
    assert "2 articles" in training.leaks.describe()
