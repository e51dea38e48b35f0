"""The contract of every engine, in one harness; then what is an engine's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bot.emulator import Fault, FaultKind
from bot.engines import ENGINES, Engine, EngineOptions, create_engine
from bot.memory import TranslationMemory
from bot.model import Kind, Language, Request, Translation, TranslationUnit
from tests.support.emulator_fixture import BUCKET, ROLE, Cloud

ENGLISH = Language("en", "English", engine_codes={"amazon": "en"})
SPANISH = Language("es", "Spanish", engine_codes={"amazon": "es"})
SETTINGS: Mapping[str, Mapping[str, object]] = {
    "amazon": {"region": "us-east-1", "bucket": BUCKET, "role": ROLE, "poll_seconds": 0.01}
}
FILES: Mapping[str, str] = {}
MEMORY = TranslationMemory([TranslationUnit("The stone is grey.", "La piedra es gris.", "a.md")])
REQUESTS = (
    Request("The stone is grey.", Kind.PARAGRAPH),
    Request("Nobody knows this sentence with $x$.", Kind.PARAGRAPH, ("$x$",), "The stone is grey."),
    Request("The stone is gray.", Kind.PARAGRAPH),
    Request("The stone is grey.", Kind.HEADING),
)


@pytest.fixture(autouse=True)
def _service(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """An emulator that loses every formula, so that each engine has a sentence that it can't translate."""
    for name, value in cloud.environment.items():
        monkeypatch.setenv(name, value)
    cloud.emulator.add_fault(Fault(FaultKind.LOSE))


def make(kind: str) -> Engine:
    return create_engine(kind, EngineOptions(FILES.__getitem__, language="es"), **SETTINGS.get(kind, {}))


def ask(engine: Engine, requests: Sequence[Request] = REQUESTS) -> Sequence[Translation]:
    return engine.translate(requests, source=ENGLISH, target=SPANISH, examples=MEMORY)


@pytest.mark.parametrize("kind", sorted(ENGINES))
class TestContract:
    def test_there_is_one_answer_for_each_request_in_their_order(self, kind: str) -> None:
        engine = make(kind)
        assert list(ask(engine)) == [ask(engine, [request])[0] for request in REQUESTS]

    def test_no_requests_give_no_answers(self, kind: str) -> None:
        assert not ask(make(kind), ())

    def test_a_sentence_that_it_can_not_translate_stays_english_and_says_why(self, kind: str) -> None:
        answer = ask(make(kind))[1]
        assert answer.left
        assert answer.text == REQUESTS[1].text

    def test_one_failure_does_not_touch_the_others(self, kind: str) -> None:
        engine = make(kind)
        alone, among = ask(engine, REQUESTS[:1]), ask(engine, [REQUESTS[1], REQUESTS[0], REQUESTS[1]])
        assert among[1] == alone[0]

    def test_what_is_not_marked_as_left_is_a_translation(self, kind: str) -> None:
        for request, answer in zip(REQUESTS, ask(make(kind)), strict=True):
            assert answer.left or answer.text != request.text

    def test_every_placeable_comes_back(self, kind: str) -> None:
        for request, answer in zip(REQUESTS, ask(make(kind)), strict=True):
            assert all(placeable in answer.text for placeable in request.placeables)

    def test_a_quote_is_free_where_nothing_is_billed(self, kind: str) -> None:
        engine = make(kind)
        quote = engine.quote(REQUESTS, source=ENGLISH, target=SPANISH)
        assert bool(quote.dollars) is engine.spends

    def test_its_name_is_the_one_it_is_registered_under(self, kind: str) -> None:
        assert make(kind).name == kind


def test_copy_marks_every_sentence_for_a_person_and_names_the_language() -> None:
    assert all(answer.left == "not translated: the English is copied" for answer in ask(make("copy")))


def test_memory_translates_an_exact_match_only() -> None:
    exact, _, fuzzy, _ = ask(make("memory"))
    assert exact == Translation("La piedra es gris.")
    assert fuzzy.text == "The stone is gray."
    assert fuzzy.left


def test_memory_offers_a_fuzzy_match_beside_the_english() -> None:
    offered = ask(make("memory"))[2].fuzzy
    assert offered is not None
    assert (offered.source, offered.target) == ("The stone is grey.", "La piedra es gris.")
    assert 0.75 <= offered.similarity < 1
