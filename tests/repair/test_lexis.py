"""Which words correspond, learned from the linked sentences of a page."""

from __future__ import annotations

import pytest

from bot.documents import parse
from bot.model import Bead, Language
from bot.repair import Lexis
from bot.repair.tokens import Token, tokens_of_text

ENGLISH = Language("en", "English")
TURKISH = Language("tr", "Turkish", verb_last=True)
PAGE = (
    ("The grey stone is heavy.", "Gri taş ağırdır."),
    ("A stone lies here.", "Burada taş durur."),
    ("The grey river is deep.", "Gri nehir derindir."),
    ("The river is here.", "Nehir buradadır."),
)


def lexis(*page: tuple[str, str], language: Language = TURKISH) -> Lexis:
    sides = ("".join(f"{pair[side]}\n\n" for pair in page) for side in (0, 1))
    base, target = (parse(text, of) for text, of in zip(sides, (ENGLISH, language), strict=True))
    return Lexis(base, target, [Bead((i,), (i,), 0.9) for i in range(len(page))])


def words(text: str) -> list[Token]:
    return [token for token in tokens_of_text(text) if token.is_word]


def test_words_that_occur_together_translate_each_other() -> None:
    chances = lexis(*PAGE).probabilities(words("stone river"), words("taş nehir"))
    assert chances[0, 0] > 2 * chances[0, 1]
    assert chances[1, 1] > 2 * chances[1, 0]


def test_forms_of_a_word_count_as_one() -> None:
    chances = lexis(*PAGE).probabilities(words("river"), words("nehir nehirden"))
    assert chances[0, 0] == chances[0, 1]


@pytest.mark.parametrize("word", ["LeNet", "2016"])
def test_what_is_written_alike_corresponds_without_a_page(word: str) -> None:
    chances = lexis().probabilities(words(word), words(f"{word} taş"))
    assert chances[0, 0] > 100 * chances[0, 1]


def test_likeness_is_that_of_the_best_pairs() -> None:
    learned = lexis(*PAGE)
    assert learned.likeness(words("grey stone"), words("gri taş")) > learned.likeness(
        words("grey stone"), words("nehir")
    )
    assert learned.likeness(words("stone"), []) == 0


def test_characters_that_mostly_meet_belong_together() -> None:
    chinese = Language("zh", "Chinese", joiner="", enders="。？！")
    learned = lexis(("The network", "网络好"), ("Of networks", "网络多"), ("It is", "好的"), language=chinese)
    net, work, good = words("网络好")
    assert learned.cohesion(net, work) > learned.cohesion(work, good)


def test_words_between_spaces_have_no_cohesion() -> None:
    one, other = words("gri taş")
    assert lexis(*PAGE).cohesion(one, other) == 0
