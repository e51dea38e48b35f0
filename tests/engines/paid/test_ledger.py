"""What was spent, written before each request, and the caps."""

from __future__ import annotations

import multiprocessing
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.engines.base import FREE, Quote
from bot.engines.paid.answers import PaidAnswers
from bot.engines.paid.caps import CapError, Caps
from bot.engines.paid.ledger import SpendingLedger
from bot.engines.paid.spending import Spending
from bot.engines.paid.turns import turn
from bot.errors import EngineError, StorageError

DOLLAR = Quote(1000, Decimal("1.00"), "a dollar", 300)


def spending(folder: Path | None, run: str = "10", month: str = "20") -> Spending:
    return Spending(PaidAnswers(folder), SpendingLedger(folder, "openai: zh"), Caps(Decimal(run), Decimal(month)), "zh")


@pytest.mark.parametrize("in_memory", [True, False])
def test_the_last_line_of_an_entry_counts(tmp_path: Path, in_memory: bool) -> None:
    spent = spending(None if in_memory else tmp_path)
    entry, other = spent.begin(DOLLAR), spent.begin(DOLLAR)
    assert spent.spent == spent.ledger.spent_this_month() == 2
    spent.settle(entry, Quote(1000, Decimal("0.25")))
    spent.settle(other, FREE)
    assert spent.spent == spent.ledger.spent_this_month() == Decimal("0.25")


def test_other_runs_count_for_the_month_and_not_for_the_run(tmp_path: Path) -> None:
    for _ in range(2):
        spending(tmp_path).begin(DOLLAR)
    third = spending(tmp_path, run="1", month="3")
    third.check(DOLLAR)
    third.begin(DOLLAR)
    with pytest.raises(CapError, match=r"zh: translating 1,000 characters, about 300 tokens would cost.*in this run"):
        third.check(DOLLAR)
    with pytest.raises(CapError, match=r"this month.*`max_dollars_per_month`"):
        spending(tmp_path, month="3").check(DOLLAR)


def test_months_languages_and_engines_are_apart(tmp_path: Path) -> None:
    now = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
    SpendingLedger(tmp_path, "openai: zh", lambda: now).record("a", DOLLAR)
    assert SpendingLedger(tmp_path, "openai: zh", lambda: now).spent_this_month() == 1
    assert SpendingLedger(tmp_path, "openai: tr", lambda: now).spent_this_month() == 0
    assert SpendingLedger(tmp_path, "openai: zh", lambda: now + timedelta(minutes=2)).spent_this_month() == 0


def test_a_damaged_line_costs_no_other(tmp_path: Path) -> None:
    book = SpendingLedger(tmp_path, "openai: zh")
    book.record("a", DOLLAR)
    (file,) = (tmp_path / "ledger").iterdir()
    with file.open("ab") as out:
        out.write(b'{"entry": "b", "doll')
    book.record("c", DOLLAR)
    with file.open("ab") as out:
        out.write(b'\xff\xfe\n{"entry": "d", "dollars": "-1"}\n{"entry": "e", "dollars": "NaN"}\n[]\n')
    assert book.spent_this_month() == 2


def test_without_a_record_nothing_may_be_sent(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("in the way")
    with pytest.raises(StorageError, match="so nothing more is sent"):
        spending(tmp_path).begin(DOLLAR)


def test_what_is_free_is_not_recorded(tmp_path: Path) -> None:
    spent = spending(tmp_path, run="0", month="0")
    spent.check(FREE)
    spent.settle(spent.begin(FREE), FREE)
    assert not (tmp_path / "ledger").exists()


def test_threads_lose_no_line(tmp_path: Path) -> None:
    spent = spending(tmp_path)
    work = [threading.Thread(target=spent.begin, args=(DOLLAR,)) for _ in range(16)]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert spent.ledger.spent_this_month() == 16


def _hold(folder: Path, began: object, ended: object) -> None:
    with turn(folder, "zh"):
        began.set()  # type: ignore[attr-defined]
        ended.wait(30)  # type: ignore[attr-defined]


def test_one_process_at_a_time_and_a_killed_one_holds_nobody_up(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    began, ended = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(tmp_path, began, ended))
    process.start()
    assert began.wait(60)
    with pytest.raises(EngineError, match="another run is asking the service"), turn(tmp_path, "zh", longest=0.2):
        pass
    with turn(tmp_path, "tr", longest=0.2):
        pass
    process.kill()
    process.join()
    with turn(tmp_path, "zh", longest=5):
        pass
