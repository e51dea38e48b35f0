"""What becomes of sentences whose English changed, by engine, configuration and habits."""

from __future__ import annotations

import pytest

from bot.engines.copy import CopyEngine
from bot.engines.memory import MemoryEngine
from bot.engines.policy import repair_policy
from bot.model import Assistance
from bot.repair import Habits
from bot.repair.changes import Nature
from tests.support.engines import Answers, PhraseBook


@pytest.mark.parametrize("engine", [MemoryEngine(), CopyEngine()])
def test_an_engine_that_translates_nothing_is_never_asked_for_a_changed_sentence(
    engine: MemoryEngine | CopyEngine,
) -> None:
    assert repair_policy(engine, Habits(retranslate_below=0.8), 90).retranslate_below == 0


def test_the_configuration_comes_before_habits_and_habits_before_the_default() -> None:
    engine, habits = Answers(), Habits(retranslate_below=0.6)
    assert repair_policy(engine).retranslate_below == 0.75
    assert repair_policy(engine, habits).retranslate_below == 0.6
    assert repair_policy(engine, habits, 0).retranslate_below == 0
    assert repair_policy(engine, habits, 80).retranslate_below == 0.8


def test_english_that_is_more_than_90_percent_alike_never_makes_a_new_sentence_whatever_habits_say() -> None:
    assert repair_policy(Answers(), Habits(retranslate_below=0.97)).retranslate_below == 0.9


def test_an_engine_is_asked_for_phrases_unless_people_mostly_leave_their_sentence_then() -> None:
    leaves, divided = (Habits({Nature.PHRASE.value: counts}) for counts in ((2, 8), (4, 6)))
    assert repair_policy(Answers(), divided).assistance is Assistance.PHRASES
    assert repair_policy(Answers(), leaves, changed="repair").assistance is Assistance.PHRASES
    assert repair_policy(Answers(), leaves).assistance is Assistance.NONE
    assert repair_policy(PhraseBook({}, revises=True), leaves).assistance is Assistance.REVISION
    assert repair_policy(MemoryEngine()).assistance is Assistance.NONE


def test_whole_sentences_are_asked_for_twice_only_of_engines_that_compare() -> None:
    class Comparing(Answers):
        compares = True

    assert repair_policy(Comparing()).assistance is Assistance.GRAFT


def test_the_configured_treatment_of_changed_sentences() -> None:
    habits = Habits(retranslate_below=0.6)
    assert repair_policy(Answers(), habits, changed="repair").retranslate_below == 0.6
    assert repair_policy(Answers(), habits, changed="retranslate").retranslate_below == 0.9
    assert repair_policy(Answers(), habits, 70, "retranslate").retranslate_below == 0.7
    kept = repair_policy(PhraseBook({}, revises=True), habits, 80, "keep")
    assert (kept.retranslate_below, kept.assistance) == (0, Assistance.NONE)
