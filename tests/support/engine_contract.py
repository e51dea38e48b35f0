"""The contract of every engine. An engine's own test subclasses it and says which settings make the engine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from bot.engines import Engine, EngineOptions, EngineSettings
from bot.memory import TranslationMemory
from bot.merging import keeps_words
from bot.model import Direction, FuzzyMatch, Kind, Language, Request, Translation, TranslationUnit

ENGLISH = Language("en", "English", engine_codes={"amazon": "en"})
SPANISH = Language("es", "Spanish", engine_codes={"amazon": "es"})
DIRECTION = Direction(ENGLISH, SPANISH)
MEMORY = TranslationMemory([TranslationUnit("The stone is grey.", "La piedra es gris.", "a.md")])
REQUESTS = (
    Request("The stone is grey.", Kind.PARAGRAPH),
    Request("Nobody knows this sentence with $x$.", Kind.PARAGRAPH, ("$x$",), "The stone is grey."),
    Request("The stone is gray.", Kind.PARAGRAPH),
    Request("The stone is grey.", Kind.HEADING),
)
"""The second is expected to fail: where an engine could translate it, its test prevents that."""

FORMER = FuzzyMatch("The big stone lies in the garden.", "La piedra grande está en el jardín.", 0.9)
REVISED = Request("The big stone lay in the garden.", Kind.PARAGRAPH, revised=FORMER, repairs=True)


def ask(engine: Engine, requests: Sequence[Request] = REQUESTS) -> Sequence[Translation]:
    return engine.translate(requests, DIRECTION, MEMORY)


class EngineContract(ABC):
    @property
    @abstractmethod
    def settings(self) -> EngineSettings: ...

    def make(self) -> Engine:
        return self.settings.create(EngineOptions(lambda name: name, language="es"))

    def test_there_is_one_answer_for_each_request_in_their_order(self) -> None:
        engine = self.make()
        assert list(ask(engine)) == [ask(engine, [request])[0] for request in REQUESTS]

    def test_no_requests_give_no_answers(self) -> None:
        assert not ask(self.make(), ())

    def test_a_sentence_that_it_can_not_translate_stays_english_and_says_why(self) -> None:
        answer = ask(self.make())[1]
        assert answer.left
        assert answer.text == REQUESTS[1].text

    def test_one_failure_does_not_touch_the_others(self) -> None:
        engine = self.make()
        alone, among = ask(engine, REQUESTS[:1]), ask(engine, [REQUESTS[1], REQUESTS[0], REQUESTS[1]])
        assert among[1] == alone[0]

    def test_an_answer_that_is_not_left_is_a_translation(self) -> None:
        for request, answer in zip(REQUESTS, ask(self.make()), strict=True):
            assert answer.left or answer.text != request.text

    def test_every_placeable_comes_back(self) -> None:
        for request, answer in zip(REQUESTS, ask(self.make()), strict=True):
            assert all(placeable in answer.text for placeable in request.placeables)

    def test_one_that_revises_keeps_people_s_words(self) -> None:
        engine = self.make()
        (answer,) = ask(engine, [REVISED])
        if engine.revises and not answer.left:
            assert keeps_words(FORMER.source, REVISED.text, FORMER.target, answer.text)

    def test_a_quote_is_free_where_nothing_is_billed(self) -> None:
        engine = self.make()
        quote = engine.quote(REQUESTS, DIRECTION)
        assert bool(quote.dollars) is engine.spends

    def test_its_name_is_its_kind(self) -> None:
        engine = self.make()
        assert engine.name == self.settings.kind
        assert engine.label.startswith(engine.name)

    def test_it_knows_its_codes_of_the_languages_and_offers_only_resources_that_have_names(self) -> None:
        engine = self.make()
        assert engine.codes(DIRECTION) == ("en", "es")
        assert engine.training_level in ("", "sentence", "paragraph")
        for resource in (engine.parallel_data, engine.terminology):
            assert resource is None or resource.name
