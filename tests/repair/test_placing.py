"""Where the best run of words for a mark lies, and what a mark never cuts."""

from __future__ import annotations

import pytest

from bot.documents import parse
from bot.model import Bead, Language
from bot.repair import Lexis
from bot.repair.draft import Side
from bot.repair.placing import Candidates, Placement, place
from bot.repair.weights import WEIGHTS

ENGLISH = Language("en", "English")
TURKISH = Language("tr", "Turkish", verb_last=True, splitter="tr")
SPANISH = Language("es", "Spanish", splitter="es")
CHINESE = Language("zh", "Chinese", joiner="", enders="。？！", splitter="zh")


def candidates(english: str, translation: str, language: Language, *known: tuple[str, str]) -> Candidates:
    """For the last mark of the English; `known` are sentences of the page and their translations."""
    base, target = (
        parse("".join(f"{text}\n\n" for text in texts), side)
        for texts, side in (
            ([pair[0] for pair in known], ENGLISH),
            ([*(pair[1] for pair in known), translation], language),
        )
    )
    new = parse(english, ENGLISH)
    lexis = Lexis(base, target, [Bead((i,), (i,), 0.9) for i in range(len(known))])
    sides = Side(new, range(len(new.segments))), Side(target, range(len(known), len(target.segments)))
    return Candidates(sides[0], sides[0].tags[0], sides[1], language, lexis)


def placed(english: str, translation: str, language: Language, *known: tuple[str, str]) -> str:
    asked = candidates(english, translation, language, *known)
    placement = place(asked)
    assert placement is not None
    return asked.target.document.text[placement.start : placement.end]


@pytest.mark.parametrize(
    ("english", "translation", "expected"),
    [
        ("After that, we [**read the data**].", "Ardından, veriyi okuruz.", "veriyi okuruz"),
        ("We [**read the data**], as before.", "Veriyi okuruz, eskisi gibi.", "Veriyi okuruz"),
        ("Now we can [**plot `X` in `red`**].", "Şimdi `X`'i `red` çizebiliriz.", "`X`'i `red` çizebiliriz"),
    ],
    ids=["from the comma", "up to the comma", "up to the verb"],
)
def test_borders_follow_commas_and_the_verb(english: str, translation: str, expected: str) -> None:
    assert placed(english, translation, TURKISH) == expected


def test_words_of_the_page_decide() -> None:
    known = (("stone", "piedra"), ("river", "río"), ("grey", "gris"), ("in the", "en el"))
    assert placed("The grey stone is in the *river*.", "En el río está la piedra gris.", SPANISH, *known) == "río"


@pytest.mark.parametrize(
    ("english", "translation", "inside", "outside"),
    [
        ("We take `f` and [**compute `g` from it**].", "`g` değerini `f` ile buluruz.", "`g`", "`f`"),
        ("We pass [**$x$ and $y$**] to `f`.", "`f` işlevine $y$ ve $x$ veririz.", "$y$ ve $x$", "`f`"),
    ],
)
def test_placeables_of_the_mark_are_inside_and_others_outside(
    english: str, translation: str, inside: str, outside: str
) -> None:
    found = placed(english, translation, TURKISH)
    assert inside in found
    assert outside not in found


def test_a_term_emphasised_on_both_sides_is_inside() -> None:
    english = "They are often referred to as (***stop words***) and thus filtered out."
    assert placed(english, "Genellikle *dur kelimeleri* denir ve süzülür.", TURKISH) == "*dur kelimeleri*"


def test_a_placeable_keeps_its_suffix() -> None:
    found = placed("We print [**`X`**] here.", "Burada `X`'i yazdırırız.", TURKISH)
    assert found.endswith("`X`'i")


def test_brackets_stay_whole() -> None:
    asked = candidates("We [**call it**] a net (a graph).", "Buna ağ (bir çizge) deriz.", TURKISH)
    text = asked.target.document.text
    for first, last in zip(*asked.allowed.nonzero(), strict=True):
        start, end = asked.span(first, last)
        assert text[start:end].count("(") == text[start:end].count(")")


def test_an_emphasised_term_is_not_cut() -> None:
    asked = candidates("They are [***stop words***] here.", "Bunlar *dur kelimeleri* olur.", TURKISH)
    words = [word.text for word in asked.words]
    cut = words.index("kelimeleri")
    assert not asked.allowed[cut, :].any()
    assert not asked.allowed[:, cut - 1].any()


def test_a_mark_inside_emphasis_may_stand_inside() -> None:
    asked = candidates("It is *very **grey** today*.", "Es *muy gris hoy*.", SPANISH)
    asked.tag = asked.new.tags[1]
    words = [word.text for word in asked.words]
    assert asked.allowed[words.index("gris"), words.index("gris")]


def test_what_has_just_got_a_mark_gets_no_other_beside_it() -> None:
    asked = candidates("We [**read the data**] and (**plot it**).", "Veriyi okur ve çizeriz.", TURKISH)
    asked.taken = {asked.new.tags[1]: (asked.words[0].start, asked.words[1].end)}
    placement = place(asked)
    assert placement is not None
    assert placement.start >= asked.words[1].end


def test_a_chinese_word_is_not_cut() -> None:
    known = (
        ("The network learns.", "网络会学习。"),
        ("A network is a graph.", "网络是图。"),
        ("Our network", "我们的网络"),
    )
    found = placed("We train [**the network**] now.", "现在训练网络吧。", CHINESE, *known)
    assert "网络" in found


def test_nothing_is_placed_in_a_translation_without_words() -> None:
    assert place(candidates("We [**read**] it.", "...", TURKISH)) is None


def test_a_chance_is_a_probability_and_never_certain() -> None:
    placement = place(candidates("We [**read the data**] now.", "Şimdi veriyi okuruz.", TURKISH))
    assert isinstance(placement, Placement)
    assert 0 < placement.chance <= 1
    assert not placement.is_certain


def test_every_weight_has_its_feature() -> None:
    asked = candidates("We [**read the data**] now.", "Şimdi veriyi okuruz.", TURKISH)
    assert asked.features().keys() == WEIGHTS.keys()
