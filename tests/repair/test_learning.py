"""Habits: what one revision shows, what many teach, and how a repair honours it."""

from __future__ import annotations

import pytest

from bot.documents import parse
from bot.model import Carried, Direction, Language, Versions
from bot.repair import (
    Habit,
    Habits,
    KeptShare,
    Lexis,
    Observation,
    PastRevision,
    Response,
    Sentences,
    learn,
    observe,
    repair,
)

ENGLISH_TO_SPANISH = Direction(Language("en", "English"), Language("es", "Spanish", splitter="es"))


def seen(base: str, new: str, before: str, after: str) -> Observation:
    observation = observe(PastRevision(base, new, before, after), ENGLISH_TO_SPANISH)
    assert observation is not None
    return observation


def repaired(base: str, new: str, before: str, habits: Habits) -> Carried:
    source, target = ENGLISH_TO_SPANISH
    documents = Versions(parse(base, source), parse(new, source), parse(before, target))
    units = Sentences(*(range(len(document.segments)) for document in documents))
    return repair(documents, units, ENGLISH_TO_SPANISH, Lexis(documents.base, documents.target, ()), habits)


MARKED = "We call it noise.", "**We call it noise.**", "Lo llamamos ruido."
NUMBER = "It takes 12 steps.", "It takes 15 steps.", "Requiere 12 pasos."


@pytest.mark.parametrize(
    ("revision", "kind", "response"),
    [
        ((*NUMBER, "Requiere 15 pasos."), "number", Response.CARRIED),
        ((*NUMBER, "Hacen falta 15 pasos enteros."), "number", Response.CARRIED),
        ((*NUMBER, "Requiere 12 pasos."), "number", Response.LEFT),
        ((*NUMBER, "Son 12 pasos."), "number", Response.LEFT),
        ((*NUMBER, "Requiere quince pasos."), "number", Response.OTHERWISE),
        ((*MARKED, "**Lo llamamos ruido.**"), "mark", Response.CARRIED),
        ((*MARKED, "Lo llamamos **ruido**."), "mark", Response.CARRIED),
        ((*MARKED, "Lo llamamos ruido."), "mark", Response.LEFT),
        (("We see the noise.", "We see noise.", "Vemos ruido.", "Vemos ruido."), "function words", Response.LEFT),
        (("We see the noise.", "We see noise.", "Vemos ruido.", "Hay ruido."), "function words", Response.CARRIED),
    ],
)
def test_a_revision_shows_what_people_did_with_a_change(
    revision: tuple[str, str, str, str], kind: str, response: Response
) -> None:
    assert seen(*revision).responses == {kind: response}


def test_changes_that_a_person_had_to_translate_say_nothing_about_kinds() -> None:
    assert not seen("We see noise.", "We see signals.", "Vemos ruido.", "Vemos señales.").responses


@pytest.mark.parametrize(("after", "response"), [("viejo", Response.LEFT), ("nuevo", Response.CARRIED)])
def test_a_few_words_that_changed_in_one_place_show_whether_people_change_their_sentence(
    after: str, response: Response
) -> None:
    english = "The {} bridge leads over the river to the town."
    spanish = "El puente {} lleva a la ciudad por encima del río."
    sides = (english.format("old"), english.format("new"), spanish.format("viejo"), spanish.format(after))
    assert seen(*sides).responses == {"a phrase by the machine": response}


def test_a_revision_shows_how_much_of_the_sentence_people_kept() -> None:
    observation = seen("We see red noise.", "We see blue noise.", "Vemos ruido rojo.", "Vemos ruido azul.")
    assert observation.kept == 0.75
    assert 60 < observation.likeness < 90


def test_text_of_several_blocks_is_no_sentence() -> None:
    revision = PastRevision("One.\n\nTwo.", "One.", "Uno.", "Uno.")
    assert observe(revision, ENGLISH_TO_SPANISH) is None


def test_learning_counts_by_kind_and_by_likeness() -> None:
    seen_ones = [seen(*MARKED, "Lo llamamos ruido.")] * 4 + [seen(*MARKED, "**Lo llamamos ruido.**")]
    habits = learn([*seen_ones, seen(*NUMBER, "Requiere 15 pasos.")])
    assert habits.counts == {"mark": (1, 4), "number": (1, 0)}
    assert habits.revisions == 6
    assert not habits.kept


def test_learning_says_how_much_people_keep_where_words_changed() -> None:
    words = seen("We see red noise.", "We see blue noise.", "Vemos ruido rojo.", "Vemos ruido azul.")
    anew = seen("We see red noise.", "We see blue noise.", "Vemos ruido rojo.", "El ruido es azul.")
    assert learn([words, words, anew]).kept == (KeptShare(80, 90, 3, 0.75),)


def test_sentences_that_are_nearly_the_same_are_in_the_last_group() -> None:
    nearly = Observation(PastRevision("", "", "", ""), 99.6, 1.0, has_new_words=True)
    assert learn([nearly]).kept == (KeptShare(95, 100, 1, 1.0),)


@pytest.mark.parametrize(
    ("low", "high", "below"),
    [
        ((5, 0.6), (5, 0.9), 0.6),
        ((5, 0.5), (5, 0.9), 0.6),
        ((5, 0.4), (5, 0.9), 0.8),
        ((5, 0.4), (5, 0.4), 0.9),
        ((4, 0.4), (5, 0.4), None),
    ],
)
def test_people_who_keep_less_than_half_write_a_sentence_anew(
    low: tuple[int, float], high: tuple[int, float], below: float | None
) -> None:
    revision = PastRevision("", "", "", "")
    some = [Observation(revision, 70, low[1], has_new_words=True)] * low[0]
    more = [Observation(revision, 85, high[1], has_new_words=True)] * high[0]
    assert learn([*some, *more]).retranslate_below == below


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((0, 0), Habit.UNDECIDED),
        ((0, 4), Habit.UNDECIDED),
        ((0, 5), Habit.LEFT),
        ((3, 5), Habit.UNDECIDED),
        ((3, 6), Habit.LEFT),
        ((5, 0), Habit.CARRIED),
    ],
)
def test_a_habit_needs_five_revisions_and_two_thirds_of_them(counts: tuple[int, int], verdict: Habit) -> None:
    assert Habits({"mark": counts}).verdict("mark") is verdict


def test_a_kind_that_people_leave_is_not_carried_over_and_asks_for_nothing() -> None:
    carried = repaired(*MARKED, Habits({"mark": (0, 9)}))
    assert carried == Carried("Lo llamamos ruido.", small=("mark left by habit",), complete=True)
    assert repaired(*MARKED, Habits()).text == "**Lo llamamos ruido.**"


def test_a_mark_with_no_place_is_left_too_where_people_leave_marks() -> None:
    texts = "We call *it* noise.", "We *call* it noise.", "Lo llamamos ruido."
    assert not repaired(*texts, Habits()).complete
    assert repaired(*texts, Habits({"mark": (0, 9)})).small == ("mark left by habit",)


def test_what_a_text_says_is_carried_over_even_where_people_left_it() -> None:
    assert repaired(*NUMBER, Habits({"number": (0, 9)})).text == "Requiere 15 pasos."


def test_other_changes_of_the_sentence_are_still_carried_over() -> None:
    texts = "It takes 12 steps.", "**It takes 15 steps.**", "Requiere 12 pasos."
    carried = repaired(*texts, Habits({"mark": (0, 9)}))
    assert (carried.text, carried.kinds, carried.complete) == ("Requiere 15 pasos.", ("number",), True)


@pytest.mark.parametrize(
    ("english", "after", "inside"),
    [
        ("**We call it noise.**", "**Lo llamamos ruido**.", False),
        ("**We call it noise**.", "**Lo llamamos ruido.**", True),
        ("**We call it noise.**", "**Lo llamamos ruido.**", None),
        ("**We call it noise**.", "**Lo llamamos ruido**.", None),
    ],
)
def test_where_people_put_the_full_stop_of_a_mark_is_learned_where_it_differs_from_the_english(
    english: str, after: str, inside: bool | None
) -> None:
    observation = seen("We call it noise.", english, "Lo llamamos ruido.", after)
    assert learn([observation] * 5).sign_inside is inside
    assert learn([observation] * 4).sign_inside is None


def test_a_mark_that_stood_there_before_says_nothing_about_its_full_stop() -> None:
    english = "**We call it noise.**", "**We call it red noise.**"
    assert seen(*english, "**Lo llamamos ruido**.", "**Lo llamamos ruido rojo**.").signs is None


@pytest.mark.parametrize(
    ("english", "inside", "text"),
    [
        ("**We call it noise.**", None, "**Lo llamamos ruido.**"),
        ("**We call it noise.**", False, "**Lo llamamos ruido**."),
        ("**We call it noise**.", None, "**Lo llamamos ruido**."),
        ("**We call it noise**.", True, "**Lo llamamos ruido.**"),
    ],
)
def test_a_mark_around_a_sentence_has_the_full_stop_where_the_team_puts_it(
    english: str, inside: bool | None, text: str
) -> None:
    carried = repaired("We call it noise.", english, "Lo llamamos ruido.", Habits(sign_inside=inside))
    assert carried.text == text
