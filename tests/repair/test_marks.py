"""Marks of the English that came, went, moved or changed, in the translation."""

from __future__ import annotations

import pytest

from bot.documents import parse
from bot.model import Bead, Carried, Direction, Language, Versions
from bot.repair import Habits, Lexis, Sentences, repair

ENGLISH = Language("en", "English")
TURKISH = Language("tr", "Turkish", verb_last=True, splitter="tr")
KNOWN = (("stone", "taş"), ("river", "nehir"), ("grey", "gri"), ("deep", "derin"), ("two words", "iki kelime"))


def repaired(base: str, new: str, target: str, *, habits: Habits | None = None) -> Carried:
    """With a page that teaches `KNOWN`."""
    heads = ["".join(f"{pair[side]}\n\n" for pair in KNOWN) for side in (0, 0, 1)]
    texts = [head + text for head, text in zip(heads, (base, new, target), strict=True)]
    languages = (ENGLISH, ENGLISH, TURKISH)
    documents = Versions(*(parse(text, language) for text, language in zip(texts, languages, strict=True)))
    lexis = Lexis(documents.base, documents.target, [Bead((i,), (i,), 0.9) for i in range(len(KNOWN))])
    units = Sentences(*(range(len(KNOWN), len(document.segments)) for document in documents))
    return repair(documents, units, Direction(ENGLISH, TURKISH), lexis, habits or Habits())


def test_two_new_marks_stand_beside_each_other() -> None:
    carried = repaired(
        "The grey stone is here, the deep river is there.",
        "[**The grey stone**] is here, (**the deep river**) is there.",
        "Gri taş burada, derin nehir orada.",
    )
    assert carried.text == "[**Gri taş**] burada, (**derin nehir**) orada."
    assert carried.complete
    assert carried.unsure == ("mark",)


def test_a_new_mark_inside_another_new_one_stays_inside() -> None:
    carried = repaired("Here are two words now.", "[**Here are *two words* now.**]", "Burada iki kelime var.")
    assert carried.text == "[**Burada *iki kelime* var.**]"
    assert carried.unsure == ("mark",)


def test_a_mark_that_should_move_but_has_no_place_stays() -> None:
    carried = repaired("The stone is in a *river*.", "The stone is in a river of *salt*.", "*Nehir* içinde taş var.")
    assert carried.text == "*Nehir* içinde taş var."
    assert not carried.complete


def test_a_mark_around_the_whole_is_sure() -> None:
    carried = repaired("Stones are grey.", "[**Stones are grey.**]", "Taşlar gridir.")
    assert (carried.text, carried.unsure) == ("[**Taşlar gridir.**]", ())


@pytest.mark.parametrize(
    ("new", "habits", "expected"),
    [
        ("[**Stones are grey.**]", Habits(), "[**Taşlar gridir.**]"),
        ("[**Stones are grey**].", Habits(), "[**Taşlar gridir**]."),
        ("[**Stones are grey.**]", Habits(sign_inside=False), "[**Taşlar gridir**]."),
        ("[**Stones are grey**].", Habits(sign_inside=True), "[**Taşlar gridir.**]"),
    ],
    ids=["in", "out", "out by habit", "in by habit"],
)
def test_the_full_stop_is_where_the_english_or_the_team_has_it(new: str, habits: Habits, expected: str) -> None:
    assert repaired("Stones are grey.", new, "Taşlar gridir.", habits=habits).text == expected


def test_a_full_stop_the_english_has_after_more_words_stays_outside() -> None:
    carried = repaired("A stone is in the river.", "[**A stone**] is in the river.", "Nehirde duran taş.")
    assert carried.text == "Nehirde duran [**taş**]."


def test_a_mark_goes_around_an_emphasised_term() -> None:
    carried = repaired("They are *two words* here.", "They are (***two words***) here.", "Burada *iki kelime* var.")
    assert carried.text == "Burada (***iki kelime***) var."


def test_marks_of_one_kind_in_another_order_are_told_apart_by_their_words() -> None:
    carried = repaired(
        "The *stone* lies in the *river*.", "The *stone* lies in the river.", "*Nehir* içinde *taş* durur."
    )
    assert carried.text == "Nehir içinde *taş* durur."


def test_a_mark_that_became_another_kind_does_so_around_its_words() -> None:
    carried = repaired(
        "The *stone* lies in the *river*.", "The **stone** lies in the *river*.", "*Nehir* içinde *taş* durur."
    )
    assert carried.text == "*Nehir* içinde **taş** durur."


def test_a_mark_that_moved_to_other_words_moves() -> None:
    carried = repaired("Here a *stone*, there a river.", "Here a stone, there a *river*.", "Burada *taş*, orada nehir.")
    assert carried.text == "Burada taş, orada *nehir*."
    assert carried.unsure == ("mark",)


def test_a_slide_mark_opens_as_the_english_does() -> None:
    carried = repaired("(**A stone.**)", "[**A stone.**]", "(**Bir taş.**)")
    assert carried.text == "[**Bir taş.**]"


def test_a_missing_mark_of_another_kind_hinders_none() -> None:
    carried = repaired("*All* stones are grey.", "[***All* stones are grey.**]", "Bütün taşlar gri.")
    assert carried.text == "[**Bütün taşlar gri.**]"


def test_words_that_are_new_have_no_place_for_their_mark() -> None:
    carried = repaired("The river is deep.", "The river is deep and [**full of salmon**].", "Nehir derin.")
    assert carried.text == "Nehir derin."
    assert not carried.complete


def test_a_place_that_is_too_unlikely_is_left_to_a_person() -> None:
    base = "So as is usual with what one does say of it all there is then not much that can be said of that."
    carried = repaired(
        base, base.replace("usual with", "*usual* with"), " ".join("kelime" + c for c in "abcdefghijklmno")
    )
    assert "*" not in carried.text
    assert not carried.complete


def test_a_mark_with_a_clear_place_is_put_there_although_another_has_none() -> None:
    base = "So as is usual with what one does say of it all there is a stone."
    people = "Kelimea kelimeb kelimec kelimed kelimee kelimef {} kelimeg kelimeh."
    carried = repaired(base, base.replace("usual", "*usual*").replace("stone", "[**stone**]"), people.format("taş"))
    assert carried.text == people.format("[**taş**]")
    assert not carried.complete
