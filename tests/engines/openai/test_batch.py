"""Batches: one file up, one back; a run that is cut short finds its batch again, and pays for nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.engines.openai.batch import BatchRun
from bot.engines.openai.service import ModelService
from bot.engines.paid.answers import PaidAnswers
from bot.engines.paid.caps import CapError
from bot.engines.paid.ledger import SpendingLedger
from bot.errors import PendingError
from bot.memory import TranslationMemory
from bot.model import Translation
from tests.support.llm_double import LLMDouble, each, refuses, says
from tests.support.llm_run import BOOK, DIRECTION, SPANISH_BOOK, engine, from_table

NOTHING = TranslationMemory()


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def double() -> Iterator[LLMDouble]:
    with LLMDouble(from_table) as served:
        yield served


def translate(double: LLMDouble, folder: Path | None, **settings: Any) -> list[Translation]:
    made = engine(double, folder, mode="batch", **{"sentences_per_request": 2, **settings})
    return list(made.translate(BOOK, DIRECTION, NOTHING))


def texts(answers: list[Translation]) -> list[str]:
    return [answer.text for answer in answers]


def test_all_sentences_go_up_in_one_batch_and_come_back_in_any_order(double: LLMDouble, tmp_path: Path) -> None:
    assert texts(translate(double, tmp_path)) == SPANISH_BOOK
    assert len(double.batches.batches) == 1
    assert len(double.asks) == 2
    assert SpendingLedger(tmp_path, "openai: es of book").spent_this_month() == double.billed
    assert texts(translate(double, tmp_path)) == SPANISH_BOOK
    assert len(double.batches.batches) == 1


def test_who_does_not_wait_is_told_and_a_later_run_collects(double: LLMDouble, tmp_path: Path) -> None:
    double.batches.hold = True
    for _ in range(3):
        with pytest.raises(PendingError, match=r"es: the model is not done with the batch batch_\d+; run again later"):
            translate(double, tmp_path, wait=False)
    assert len(double.batches.batches) == 1
    double.batches.hold = False
    assert texts(translate(double, tmp_path, wait=False)) == SPANISH_BOOK
    assert len(double.batches.batches) == 1
    assert set(double.paid.values()) == {1}


def test_a_bot_that_lost_its_cache_finds_the_batch_at_the_service(double: LLMDouble, tmp_path: Path) -> None:
    double.batches.hold = True
    with pytest.raises(PendingError):
        translate(double, tmp_path / "lost", wait=False)
    double.batches.hold = False
    assert texts(translate(double, tmp_path / "new")) == SPANISH_BOOK
    assert len(double.batches.batches) == 1


def test_an_answer_that_fails_its_checks_is_asked_for_once_more_at_once(double: LLMDouble, tmp_path: Path) -> None:
    double.faults = [each(lambda _: "")]
    assert texts(translate(double, tmp_path)) == SPANISH_BOOK
    assert sum(ask.again for ask in double.asks) == 2
    assert len(double.batches.batches) == 1


@pytest.mark.parametrize("fault", [refuses(500), refuses(429), refuses(400, "no")])
def test_what_a_batch_did_not_come_to_is_asked_for_without_it(
    double: LLMDouble, tmp_path: Path, fault: Callable[..., Any]
) -> None:
    double.faults = [fault]
    assert texts(translate(double, tmp_path)) == SPANISH_BOOK
    assert set(double.paid.values()) == {1}


def test_whatever_a_batch_answers_nothing_wrong_is_taken(double: LLMDouble, tmp_path: Path) -> None:
    double.always = says("no JSON")
    answers = translate(double, tmp_path)
    assert all(answer.left for answer in answers)
    assert texts(answers) == [request.text for request in BOOK]


def test_the_cap_counts_before_anything_goes_up(double: LLMDouble, tmp_path: Path) -> None:
    with pytest.raises(CapError):
        translate(double, tmp_path, max_dollars_per_run=0.0001)
    assert not double.batches.files


@pytest.mark.parametrize("moments", [6, pytest.param(25, marks=pytest.mark.sweep)])
def test_killed_at_any_moment_it_pays_for_nothing_twice(
    double: LLMDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moments: int
) -> None:
    passed: list[str] = []
    limit = [-1]

    def watch(owner: type, name: str) -> None:
        call = getattr(owner, name)

        def around(*given: Any, **more: Any) -> Any:
            for when in ("before", "after"):
                if 0 <= limit[0] <= len(passed):
                    raise Killed
                passed.append(f"{when} {name}")
                if when == "before":
                    result = call(*given, **more)
            return result

        monkeypatch.setattr(owner, name, around)

    watch(SpendingLedger, "record")
    watch(PaidAnswers, "keep")
    watch(ModelService, "json")
    watch(BatchRun, "_content")
    watch(BatchRun, "collect")
    expected = translate(double, tmp_path / "whole")
    total = len(passed)
    assert total >= 20
    for number in range(moments):
        limit[0] = number * total // moments
        passed.clear()
        double.paid.clear()
        double.batches.batches.clear()
        double.billed = Decimal(0)
        folder = tmp_path / str(number)
        with pytest.raises(Killed):
            translate(double, folder)
        limit[0] = -1
        assert translate(double, folder) == expected
        assert set(double.paid.values()) == {1}
        assert len(double.batches.batches) == 1
        assert SpendingLedger(folder, "openai: es of book").spent_this_month() == double.billed
