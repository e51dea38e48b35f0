"""The engine `openai` killed at every moment and started again: the same answers, and nothing paid twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.engines.openai.service import ModelService
from bot.engines.paid.answers import PaidAnswers
from bot.engines.paid.ledger import SpendingLedger
from bot.memory import TranslationMemory
from bot.model import Kind, Request, Translation
from tests.support.llm_double import Item, LLMDouble
from tests.support.llm_run import BOOK, DIRECTION, engine, from_table

NOTHING = TranslationMemory()
MORE = [*BOOK, *(Request(f"Nobody has seen number {n} of the red birds.", Kind.PARAGRAPH) for n in range(3))]
MOMENTS = 25


class Killed(BaseException):
    """The process ends here: no thread of it does anything any more."""


class Killing:
    """Counts what the engine does to the disk and to the service, and kills it before or after one of these."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = -1
        self.passed: list[str] = []
        for owner, name in ((SpendingLedger, "record"), (ModelService, "complete"), (PaidAnswers, "keep")):
            monkeypatch.setattr(owner, name, self._around(name, getattr(owner, name)))

    def _around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def around(*given: Any, **more: Any) -> Any:
            self._pass(f"before {name}")
            result = call(*given, **more)
            self._pass(f"after {name}")
            return result

        return around

    def _pass(self, what: str) -> None:
        if 0 <= self.moment <= len(self.passed):
            raise Killed
        self.passed.append(what)


@pytest.fixture
def double() -> Iterator[LLMDouble]:
    def answer(item: Item) -> str:
        # One of them fails its checks, and is asked for a second time.
        return "" if "number 1" in item["text"] else from_table(item)

    with LLMDouble(answer) as served:
        yield served


def translate(double: LLMDouble, folder: Path, workers: int, at_once: int) -> list[Translation]:
    made = engine(double, folder, parallel_requests=workers, sentences_per_request=at_once)
    return list(made.translate(MORE, DIRECTION, NOTHING))


@pytest.mark.parametrize(
    ("workers", "at_once", "moments"),
    [(1, 2, 3), *[pytest.param(*case, marks=pytest.mark.sweep) for case in ((1, 1, MOMENTS), (3, 2, MOMENTS))]],
)
def test_killed_at_any_moment_it_pays_for_no_answer_twice(
    double: LLMDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int, at_once: int, moments: int
) -> None:
    killing = Killing(monkeypatch)
    expected = translate(double, tmp_path / "whole", workers, at_once)
    paid, total = dict(double.paid), len(killing.passed)
    for number in range(moments):
        moment = number * total // moments
        folder = tmp_path / str(number)
        double.paid.clear()
        double.billed = Decimal(0)
        killing.passed.clear()
        killing.moment = moment
        with pytest.raises(Killed):
            translate(double, folder, workers, at_once)
        before = killing.passed
        killing.moment, killing.passed = -1, []
        assert translate(double, folder, workers, at_once) == expected
        # Only what had not reached the disk when it was killed is asked for again.
        twice = sum((double.paid - type(double.paid)(paid)).values())
        under_way = before.count("before complete") - before.count("after keep")
        assert twice <= under_way * at_once
        assert under_way <= workers
        # And the ledger knows of each of them.
        spent = SpendingLedger(folder, "openai: es of book").spent_this_month()
        assert spent >= double.billed
        killing.passed = []
        assert translate(double, folder, workers, at_once) == expected
        assert "before complete" not in killing.passed
