"""The phrases of a changed sentence that a machine is asked for, and where its answers may stand."""

from __future__ import annotations

import pytest

from bot.documents import parse
from bot.model import Bead, Direction, Language, Phrase, Versions
from bot.repair import Habits, Lexis, Sentences, exchange, repair

ENGLISH, SPANISH, TURKISH = Language("en", "English"), Language("es", "Spanish"), Language("tr", "Turkish")
CHINESE = Language("zh", "Chinese", joiner="", enders="。", splitter="zh")


def phrases(old: str, new: str) -> tuple[Phrase, ...]:
    """Of a sentence whose translation says nothing of the change."""
    documents = Versions(parse(old, ENGLISH), parse(new, ENGLISH), parse("Una frase de otro tema.", SPANISH))
    lexis = Lexis(documents.base, documents.target, [Bead((0,), (0,), 1.0)])
    sides = (tuple(range(len(document.segments))) for document in documents)
    return repair(documents, Sentences(*sides), Direction(ENGLISH, SPANISH), lexis, Habits()).phrases


def test_the_changed_words_are_asked_for_with_more_and_with_fewer_words_around_them() -> None:
    rest = "by the river today, since nobody knows how long it will stay open."
    asked = phrases(f"We walk to the old bridge {rest}", f"We walk to the stone bridge {rest}")
    assert asked == (
        Phrase("walk to the old bridge by the", "walk to the stone bridge by the"),
        Phrase("the old bridge", "the stone bridge"),
    )


def test_words_that_were_added_or_deleted_are_asked_for_with_what_stood_around_them() -> None:
    short, long = "The bridge crosses the river.", "The bridge crosses the wide river."
    assert phrases(short, long)[-1] == Phrase("the river", "the wide river")
    assert phrases(long, short)[-1] == Phrase("the wide river", "the river")


def test_what_is_around_ends_where_a_sign_or_another_change_stands() -> None:
    assert phrases("It rains, cats sleep.", "It rains, dogs sleep.") == (Phrase("cats sleep", "dogs sleep"),)


def test_changes_in_one_place_are_one_phrase() -> None:
    rest = "when you come from the south in the evening"
    asked = phrases(f"Take the old bridge, the narrow road {rest}.", f"Take the new bridge, the wide road {rest}.")
    assert asked[-1] == Phrase("the old bridge, the narrow road", "the new bridge, the wide road")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The old bridge.", "The new bridge."),
        ("The old bridge is near.", "A new town in the far north lies near."),
        (
            "Cats sleep at night, and birds sing in the old trees.",
            "Dogs sleep at night, and birds sing in the new trees.",
        ),
        ("The bridge is `old`.", "The bridge is stone."),
        ("The *old* bridge is near.", "The *stone* bridge is near."),
        ("The cat sleeps, the cat.", "The cat sleeps, the dog."),
    ],
    ids=["most of the sentence", "too much changed", "in two places", "code", "marks", "said twice"],
)
def test_nothing_is_asked_where_no_phrase_can_say_the_change(old: str, new: str) -> None:
    assert phrases(old, new) == ()


def test_a_sentence_whose_change_is_carried_over_asks_for_nothing() -> None:
    assert phrases("See the bridge and river.", "See the bridge, and the river!") == ()


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        ("Vamos al puente viejo hoy.", "puente viejo", "puente de piedra", "Vamos al puente de piedra hoy."),
        ("Vamos al puente viejo hoy.", "Puente viejo.", "Puente nuevo.", "Vamos al puente nuevo hoy."),
        ("Puente viejo, sin nombre.", "puente viejo", "puente nuevo", "Puente nuevo, sin nombre."),
        ("Vamos al puente\nviejo hoy.", "puente viejo", "puente nuevo", "Vamos al puente nuevo hoy."),
        ("Vamos al puente viejo.", "puente viejo", "puente viejo", "Vamos al puente viejo."),
        ("Un puente, otro puente.", "puente", "río", None),
        ("Los puentes viejos.", "puente", "río", None),
        ("Los cafés viejos.", "café", "río", None),
        ("Vamos a casa.", "puente viejo", "puente nuevo", None),
        ("Vamos al puente viejo.", "puente viejo", " . ", None),
        ("Vamos al puente viejo.", "", "río", None),
    ],
)
def test_the_new_phrase_stands_in_the_place_of_the_old_one_if_that_is_certain(
    text: str, old: str, new: str, expected: str | None
) -> None:
    assert exchange(text, old, new, SPANISH) == expected


def test_without_spaces_a_phrase_is_found_within_the_text_unless_it_is_a_single_character() -> None:
    assert exchange("我们去旧桥。", "旧桥", "石桥", CHINESE) == "我们去石桥。"
    assert exchange("我们去旧桥。", "桥", "河", CHINESE) is None
    assert exchange("用API很好。", "用API", "用CLI", CHINESE) == "用CLI很好。"
    assert exchange("用APIs很好。", "用API", "用CLI", CHINESE) is None


def test_the_first_letter_is_that_of_the_language() -> None:
    assert exchange("İlk adım.", "ilk adım", "iyi adım", TURKISH) == "İyi adım."
    assert exchange("Yeni ılık su.", "Ilık su", "Ilıman su", TURKISH) == "Yeni ılıman su."
    assert exchange("Her arayüz eski.", "Arayüz", "API", TURKISH) == "Her API eski."
