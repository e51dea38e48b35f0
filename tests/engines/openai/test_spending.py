"""What a model costs: quoted before, capped, written down, and paid once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.engines.base import FREE
from bot.engines.openai.settings import ASSUMED, OpenAISettings
from bot.engines.paid.caps import CapError
from bot.engines.paid.ledger import SpendingLedger
from bot.errors import AmtsError, StorageError
from bot.memory import TranslationMemory
from bot.model import FuzzyMatch, TranslationUnit
from tests.support.bad_server import BadServer, silent
from tests.support.llm_double import LLMDouble, each, refuses, says
from tests.support.llm_run import BOOK, DIRECTION, SPANISH_BOOK, engine, from_table

NOTHING = TranslationMemory()


@pytest.fixture
def double() -> Iterator[LLMDouble]:
    with LLMDouble(from_table) as served:
        yield served


def spent(folder: Path) -> Decimal:
    return SpendingLedger(folder, "openai: es of book").spent_this_month()


def test_a_quote_says_characters_tokens_and_the_most_that_it_costs(double: LLMDouble, tmp_path: Path) -> None:
    quote = engine(double, tmp_path).quote(BOOK, DIRECTION)
    assert quote.describe().endswith("(at most, at $1 and $4 per million tokens sent and answered, prices of 2026-11)")
    assert "characters, about" in quote.describe()
    translated = engine(double, tmp_path)
    translated.translate(BOOK, DIRECTION, NOTHING)
    (ask,) = double.asks
    assert quote.characters == sum(len(message["content"]) for message in ask.body["messages"])
    assert 0 < spent(tmp_path) == double.billed < quote.dollars


def test_what_is_paid_is_not_quoted_again_unless_it_is_asked_for(double: LLMDouble, tmp_path: Path) -> None:
    whole = engine(double, tmp_path).quote(BOOK, DIRECTION)
    engine(double, tmp_path).translate(BOOK[:2], DIRECTION, NOTHING)
    assert 0 < engine(double, tmp_path).quote(BOOK, DIRECTION).dollars < whole.dollars
    engine(double, tmp_path).translate(BOOK, DIRECTION, NOTHING)
    assert engine(double, tmp_path).quote(BOOK, DIRECTION) == FREE
    assert engine(double, tmp_path).quote(BOOK, DIRECTION, anew=True) == whole


def test_the_examples_are_in_the_price(double: LLMDouble, tmp_path: Path) -> None:
    near = TranslationMemory([TranslationUnit(BOOK[0].text.replace("old", "new"), "El río corre.", "a.md")])
    made = engine(double, tmp_path)
    assert made.price(BOOK, DIRECTION, near).dollars > made.price(BOOK, DIRECTION, NOTHING).dollars
    made.translate(BOOK, DIRECTION, near)
    assert made.price(BOOK, DIRECTION, near) == FREE
    assert made.price(BOOK, DIRECTION, NOTHING).dollars > 0


def test_many_prices_of_the_same_sentences_look_for_examples_once(
    double: LLMDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, looked = TranslationMemory(), list[str]()

    def fuzzy(text: str, _: int) -> list[FuzzyMatch]:
        looked.append(text)
        return []

    monkeypatch.setattr(memory, "fuzzy", fuzzy)
    made = engine(double)
    for count in (3, 2, 1):
        made.price(BOOK[:count], DIRECTION, memory)
    assert len(looked) == 3
    made.price(BOOK, DIRECTION, TranslationMemory())
    made.price(BOOK, DIRECTION, memory)
    assert len(looked) == 6


def test_no_answered_sentence_is_sent_again(double: LLMDouble, tmp_path: Path) -> None:
    for _ in range(3):
        answers = engine(double, tmp_path).translate([*BOOK, *BOOK], DIRECTION, NOTHING)
        assert [answer.text for answer in answers] == [*SPANISH_BOOK, *SPANISH_BOOK]
    assert set(double.paid.values()) == {1}
    # Neither is one that was left, with both of its answers.
    double.always = each(lambda _: "")
    for _ in range(3):
        engine(double, tmp_path, style="Otro.").translate(BOOK, DIRECTION, NOTHING)
    assert sum(double.paid.values()) == 3 + 6


@pytest.mark.parametrize("change", [{}, {"style": "Tutea."}, {"temperature": 0.1}, {"glossary": "en,es\nriver,río\n"}])
def test_whatever_an_answer_depends_on_makes_it_another_one(
    double: LLMDouble, tmp_path: Path, change: dict[str, Any]
) -> None:
    engine(double, tmp_path).translate(BOOK, DIRECTION, NOTHING)
    memory = TranslationMemory([TranslationUnit(BOOK[0].text.replace("old", "new"), "El río.", "a.md")])
    # Without another change, the examples are others.
    engine(double, tmp_path, **change).translate(BOOK, DIRECTION, NOTHING if change else memory)
    assert double.paid[BOOK[0].text] == 2


@pytest.mark.parametrize("cap", ["max_dollars_per_run", "max_dollars_per_month"])
def test_a_cap_stops_it_before_anything_is_sent(double: LLMDouble, tmp_path: Path, cap: str) -> None:
    given: dict[str, Any] = {cap: 0.0001}
    with pytest.raises(CapError, match=rf"tokens would cost \$0\.0.*nothing was sent\. Raise `{cap}`"):
        engine(double, tmp_path, **given).translate(BOOK, DIRECTION, NOTHING)
    assert not double.asks
    assert engine(double, **given).over_cap(engine(double).quote(BOOK, DIRECTION)) == (
        "would cost $0.00, more than max_dollars_per_run ($0.00) allows" if "run" in cap else ""
    )


def test_the_cap_of_the_month_counts_former_runs(double: LLMDouble, tmp_path: Path) -> None:
    most = float(engine(double).quote(BOOK, DIRECTION).dollars)
    engine(double, tmp_path, max_dollars_per_month=most).translate(BOOK, DIRECTION, NOTHING)
    with pytest.raises(CapError, match="spent this month"):
        engine(double, tmp_path, max_dollars_per_month=most, style="Otro.").translate(BOOK, DIRECTION, NOTHING)


def test_a_second_request_beyond_the_cap_is_not_sent(double: LLMDouble, tmp_path: Path) -> None:
    double.always = each(lambda _: "")
    cap = float(engine(double).quote(BOOK, DIRECTION).dollars)
    answers = engine(double, tmp_path, max_dollars_per_run=cap).translate(BOOK, DIRECTION, NOTHING)
    assert all("the translation is empty; not asked again: es: translating" in answer.left for answer in answers)
    assert len(double.asks) == 1


def test_what_was_refused_costs_nothing_and_what_was_cut_off_counts_in_full(double: LLMDouble, tmp_path: Path) -> None:
    double.faults = [refuses(429), refuses(503)]
    engine(double, tmp_path).translate(BOOK, DIRECTION, NOTHING)
    assert spent(tmp_path) == double.billed
    with BadServer(silent) as server:
        cut = engine(double, tmp_path / "other", base_url=f"{server.url}/v1", max_attempts=2)
        with pytest.raises(AmtsError):
            cut.translate(BOOK, DIRECTION, NOTHING)
        assert spent(tmp_path / "other") == 2 * cut.quote(BOOK, DIRECTION).dollars


def test_an_answer_that_does_not_say_what_it_cost_counts_in_full(double: LLMDouble, tmp_path: Path) -> None:
    double.usage = False
    engine(double, tmp_path).translate(BOOK, DIRECTION, NOTHING)
    assert spent(tmp_path) == engine(double).quote(BOOK, DIRECTION).dollars


def test_without_a_place_for_the_ledger_nothing_is_sent(double: LLMDouble, tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("in the way")
    with pytest.raises(StorageError, match="so nothing more is sent"):
        engine(double, tmp_path).translate(BOOK, DIRECTION, NOTHING)
    assert not double.asks


def test_damaged_answers_cost_only_themselves(double: LLMDouble, tmp_path: Path) -> None:
    engine(double, tmp_path).translate(BOOK, DIRECTION, NOTHING)
    (tmp_path / "answers.sqlite").write_bytes(b"damaged" * 1000)
    answers = engine(double, tmp_path).translate(BOOK, DIRECTION, NOTHING)
    assert [answer.text for answer in answers] == SPANISH_BOOK
    assert set(double.paid.values()) == {2}


def test_an_answer_without_a_translation_is_asked_for_again_on_another_day(
    double: LLMDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    double.always = says("no")
    assert engine(double, tmp_path).translate(BOOK, DIRECTION, NOTHING)[0].left
    double.always = None
    assert engine(double, tmp_path).translate(BOOK, DIRECTION, NOTHING)[0].left
    monkeypatch.setattr("bot.engines.openai.requests._FAILURE_LIFETIME", timedelta(0))
    answers = engine(double, tmp_path).translate(BOOK, DIRECTION, NOTHING)
    assert [answer.text for answer in answers] == SPANISH_BOOK


def test_a_model_of_one_s_own_is_free_and_a_price_is_assumed_elsewhere() -> None:
    def settings(**given: Any) -> OpenAISettings:
        return OpenAISettings.model_validate({"kind": "openai", "model": "m", **given})

    for private in ("http://localhost:8000/v1", "http://10.0.0.5/v1", "http://[::1]:1/v1", "http://ollama:11434/v1"):
        assert settings(base_url=private).prices_in_force.output == 0
    for public in ("https://api.openai.com/v1", "https://llm.example.com/v1", "https://8.8.8.8/v1"):
        assert settings(base_url=public).prices_in_force.as_of == ASSUMED
    assert settings(prices={"input": 1, "output": 2}).prices_in_force.output == 2


@pytest.mark.parametrize(
    "address",
    ["", "api.openai.com", "ftp://a/v1", "https://", "https://key@a/v1", "https://a/v1?key=x", "https://a/v1#x",
     "https://a:99999/v1", "https://a b/v1", "http://[::1/v1", "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_quoting_it(address: str) -> None:
    with pytest.raises(ValueError, match="must") as caught:
        OpenAISettings.model_validate({"kind": "openai", "model": "m", "base_url": address})
    assert "key" not in str(caught.value).replace("user name or key", "")
