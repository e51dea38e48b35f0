"""What a model is sent: what helps with a sentence, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.memory import TranslationMemory
from bot.model import FuzzyMatch, Kind, Request, TranslationUnit
from tests.support.llm_double import LLMDouble
from tests.support.llm_run import BOOK, DIRECTION, engine, from_table

NEAR = TranslationUnit(
    "The river runs slowly through the new town.", "El río corre despacio por la ciudad nueva.", "a.md"
)
FAR = TranslationUnit("A cat sleeps on the roof.", "Un gato duerme en el tejado.", "a.md")
FORMER = FuzzyMatch("The river ran slowly through the old town.", "El río corría despacio por la ciudad vieja.", 0.95)


@pytest.fixture
def double() -> Iterator[LLMDouble]:
    with LLMDouble(from_table) as served:
        yield served


def items(double: LLMDouble) -> list[dict[str, object]]:
    return [dict(item) for ask in double.asks for item in ask.items.values()]


def test_a_sentence_alone_is_all_that_is_sent_of_it(double: LLMDouble) -> None:
    engine(double).translate(BOOK, DIRECTION, TranslationMemory([FAR]))
    assert items(double) == [
        {"kind": "paragraph", "text": "The river runs slowly through the old town."},
        {"kind": "paragraph", "text": "A <strong1>red</strong1> bird sings in the morning."},
        {"kind": "paragraph", "text": "We eat bread and cheese at noon every day."},
    ]


def test_a_changed_sentence_goes_with_the_english_before_and_people_s_translation(double: LLMDouble) -> None:
    request = Request(BOOK[0].text, Kind.PARAGRAPH, revised=FORMER, repairs=True)
    memory = TranslationMemory([TranslationUnit(FORMER.source, FORMER.target, "a.md"), FAR])
    (answer,) = engine(double).translate([request], DIRECTION, memory)
    assert answer.text == "El río corre despacio por la ciudad vieja."
    assert items(double) == [
        {
            "kind": "paragraph",
            "text": "The river runs slowly through the old town.",
            "old_text": "The river ran slowly through the old town.",
            "old_translation": "El río corría despacio por la ciudad vieja.",
        }
    ]
    assert "change no more than the difference" in double.asks[0].body["messages"][0]["content"]


def test_a_revision_that_changes_more_than_its_english_is_asked_for_again_and_then_left(double: LLMDouble) -> None:
    request = Request(BOOK[0].text, Kind.PARAGRAPH, revised=FORMER, repairs=True)
    double.answer = lambda _: "Por el casco antiguo fluye, tranquilo y sin prisa, un caudaloso curso de agua."
    (answer,) = engine(double).translate([request], DIRECTION, TranslationMemory())
    assert answer.left.endswith(
        "changes more of people's translation than changed in its English; also when asked again"
    )
    assert answer.rejected.startswith("Por el casco antiguo")
    # Where a new translation is asked for, the one before is help alone.
    anew = Request(BOOK[0].text, Kind.PARAGRAPH, revised=FORMER)
    (answer,) = engine(double).translate([anew], DIRECTION, TranslationMemory())
    assert not answer.left


def test_near_pairs_are_shown_and_no_others_and_no_more_than_set(double: LLMDouble) -> None:
    near = [
        TranslationUnit(
            f"The river runs slowly through the {name} town.", f"El río corre por la ciudad {name}.", "a.md"
        )
        for name in ("new", "big", "red", "grey", "sad", "hot", "cold")
    ]
    memory = TranslationMemory([*near, FAR])
    engine(double).translate(BOOK[:1], DIRECTION, memory)
    engine(double, examples=2).translate(BOOK[:1], DIRECTION, memory)
    engine(double, examples=0).translate(BOOK[:1], DIRECTION, memory)
    shown = [item.get("examples", []) for item in items(double)]
    assert [len(pairs) for pairs in shown] == [5, 2, 0]  # type: ignore[arg-type]
    assert "gato" not in json.dumps(shown)


def test_the_sentence_before_is_shown_with_its_translation_where_there_is_one(double: LLMDouble) -> None:
    known = Request(BOOK[0].text, Kind.PARAGRAPH, before=FAR.source)
    unknown = Request(BOOK[2].text, Kind.PARAGRAPH, before="Nobody translated this.")
    engine(double).translate([known, unknown], DIRECTION, TranslationMemory([FAR]))
    engine(double, neighbours=False).translate([known], DIRECTION, TranslationMemory([FAR]))
    assert [item.get("before") for item in items(double)] == [
        {"text": FAR.source, "translation": FAR.target},
        {"text": "Nobody translated this."},
        None,
    ]


def test_terms_that_occur_are_shown_and_no_others(double: LLMDouble) -> None:
    glossary = "en,es\nriver,río\nstone,piedra\ntown,ciudad\ntown,villa\n"
    engine(double, glossary=glossary).translate(BOOK, DIRECTION, TranslationMemory())
    assert [item.get("terms") for item in items(double)] == [
        [{"term": "river", "translations": ["río"]}, {"term": "town", "translations": ["ciudad", "villa"]}],
        None,
        None,
    ]


def test_the_style_of_the_language_stands_in_the_rules_and_is_bounded(double: LLMDouble) -> None:
    told: list[str] = []
    engine(double, style="Tutea al lector.\n").translate(BOOK[:1], DIRECTION, TranslationMemory())
    engine(double, style="ñ" * 9_000, tell=told.append).translate(BOOK[:1], DIRECTION, TranslationMemory())
    first, second = (ask.body["messages"][0]["content"] for ask in double.asks)
    assert first.endswith("style:\n\nTutea al lector.")
    assert second.count("ñ") == 8_000
    assert any("only its first 8,000 characters are used" in line for line in told)


@pytest.mark.parametrize(
    ("settings", "kind"),
    [({}, "json_schema"), ({"answers": "json_object"}, "json_object"), ({"answers": "text"}, None)],
)
def test_a_server_is_asked_for_json_in_a_way_that_it_knows(
    double: LLMDouble, settings: dict[str, Any], kind: str | None
) -> None:
    assert not engine(double, **settings).translate(BOOK, DIRECTION, TranslationMemory())[0].left
    given: Any = double.asks[0].body.get("response_format")
    assert (given and given["type"]) == kind
    if kind == "json_schema":
        assert given["json_schema"]["schema"]["required"] == ["1", "2", "3"]


def test_parameters_that_a_model_may_refuse_are_sent_only_where_they_are_set(double: LLMDouble) -> None:
    engine(double).translate(BOOK[:1], DIRECTION, TranslationMemory())
    engine(
        double, temperature=0.5, reasoning_effort="low", reasoning_tokens=1000, output_limit="max_completion_tokens"
    ).translate(BOOK[:1], DIRECTION, TranslationMemory())
    engine(double, output_limit="none").translate(BOOK[:1], DIRECTION, TranslationMemory())
    chosen = [ask.body.keys() - {"model", "messages", "response_format"} for ask in double.asks]
    assert chosen == [{"max_tokens"}, {"temperature", "reasoning_effort", "max_completion_tokens"}, set()]
    assert double.asks[1].body["max_completion_tokens"] == double.asks[0].body["max_tokens"] + 1000


def test_sentences_go_some_at_a_time(double: LLMDouble) -> None:
    requests = [Request(f"Sentence number {number} of the book.", Kind.PARAGRAPH) for number in range(20)]
    engine(double, sentences_per_request=8).translate(requests, DIRECTION, TranslationMemory())
    assert sorted(len(ask.items) for ask in double.asks) == [4, 8, 8]
