"""The order of the stages: what an engine is asked, and what becomes of its answers."""

from __future__ import annotations

import pytest

from bot.engines import EngineOptions, create_engine
from bot.engines.policy import repair_policy
from bot.errors import EngineError
from bot.memory import TranslationMemory
from bot.model import Action, Bead, Direction, Kind, Language, Versions
from bot.pipeline import Texts, align_texts, complete, merge_document, plan_texts, translate
from tests.support.engines import Answers, PhraseBook

LANGUAGES = Direction(Language("en", "English"), Language("zh", "Chinese", joiner="", enders="。", splitter="zh"))
BASE = "# Tea\n\nTea is a hot drink from China. It has $2$ kinds.\n"
NEW = BASE + "\nWait `four` minutes before you drink.\n"
OLD = "# 茶\n\n茶是来自中国的热饮。它有$2$种。\n"
TEXTS = Texts("tea.md", BASE, NEW, OLD)


def test_the_engine_is_asked_for_what_is_new_with_its_placeables_and_context() -> None:
    fake = Answers("喝之前等`four`分钟。")
    merge = merge_document(Versions(BASE, NEW, OLD), LANGUAGES, fake)
    assert merge.text == OLD + "\n喝之前等`four`分钟。\n"
    (request,) = fake.asked
    assert request.text == "Wait `four` minutes before you drink."
    assert (request.kind, request.placeables, request.before) == (Kind.PARAGRAPH, ("`four`",), "It has $2$ kinds.")
    assert merge.characters == len(request.text)


def test_both_halves_apart_give_what_they_give_together() -> None:
    alignment = align_texts(TEXTS, LANGUAGES)
    memory = TranslationMemory(alignment.units)
    planned = plan_texts(TEXTS, alignment.beads, LANGUAGES, memory)
    assert [request.path for request in planned.requests] == ["tea.md"]
    answers = translate(planned.requests, create_engine("copy", EngineOptions(str)), LANGUAGES, memory)
    merge = complete(TEXTS, planned, LANGUAGES, answers)
    assert merge == merge_document(Versions(BASE, NEW, OLD), LANGUAGES, create_engine("copy", EngineOptions(str)))
    assert merge.counts[Action.LEFT] == 1


def test_an_engine_is_not_asked_when_nothing_is_new() -> None:
    fake = Answers("never")
    assert merge_document(Versions(BASE, BASE, OLD), LANGUAGES, fake).text == OLD
    assert fake.asked == []


@pytest.mark.parametrize("answers", [(), ("一", "二")])
def test_an_engine_that_gives_another_number_of_answers_is_an_error(answers: tuple[str, ...]) -> None:
    with pytest.raises(EngineError, match=f"engine answers gave {len(answers)} answers to 1 sentences"):
        merge_document(Versions(BASE, NEW, OLD), LANGUAGES, Answers(*answers))


def test_new_sentences_are_those_that_the_base_has_not() -> None:
    assert align_texts(TEXTS, LANGUAGES).fresh == {"Wait `four` minutes before you drink."}


CHANGED = Texts("tea.md", BASE, NEW.replace("hot", "cold"), OLD)
WAIT, WAIT_ZH = "Wait `four` minutes before you drink.", "喝之前等`four`分钟。"
KNOWN = {"a hot drink": "热饮", "a cold drink": "冷饮", WAIT: WAIT_ZH}


BEADS = [Bead((i,), (i,), 1.0) for i in range(3)]


def test_phrases_and_whole_sentences_are_asked_for_together_and_their_answers_told_apart() -> None:
    engine, memory = PhraseBook(KNOWN), TranslationMemory()
    policy = repair_policy(engine)
    planned = plan_texts(CHANGED, BEADS, LANGUAGES, memory, policy)
    requests = planned.requests
    assert [request.text for request in requests if request.repairs] == ["a hot drink", "a cold drink"]
    assert [request.text for request in requests if not request.repairs] == [WAIT]
    answers = translate(requests, engine, LANGUAGES, memory)
    merge = complete(CHANGED, planned, LANGUAGES, answers)
    assert merge.text == f"{OLD.replace('热饮', '冷饮')}\n{WAIT_ZH}\n"
    assert merge.characters == sum(len(request.text) for request in requests)


def test_an_engine_that_translates_nothing_is_asked_for_no_phrase() -> None:
    policy = repair_policy(create_engine("memory", EngineOptions(str)))
    requests = plan_texts(CHANGED, BEADS, LANGUAGES, TranslationMemory(), policy).requests
    assert [request.text for request in requests] == [WAIT]
