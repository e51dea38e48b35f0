"""Work on many files: in order, in any start method, and honest about what goes wrong."""

from __future__ import annotations

import multiprocessing
import os
import time

import pytest

from bot.book.workers import Runner
from bot.errors import AmtsError, InputError


def double(number: int, plus: int) -> int:
    if number == 3:
        raise InputError("three is not a number")
    return 2 * number + plus


def crash(number: int) -> int:
    if number == 5:
        os._exit(9)
    return number


@pytest.mark.parametrize(("jobs", "count"), [(1, 8), (2, 4), (2, 8)])
def test_results_come_in_order_and_an_expected_error_is_the_result_of_its_item(jobs: int, count: int) -> None:
    told: list[tuple[str, int, int]] = []
    runner = Runner(jobs, lambda *progress: told.append(progress), start_method="spawn")
    results = runner.map("doubling", double, [(i,) for i in range(count)], 1)
    assert [str(result) for result in results] == [
        "three is not a number" if i == 3 else str(2 * i + 1) for i in range(count)
    ]
    assert told == [("doubling", i + 1, count) for i in range(count)]


def test_a_process_that_dies_is_a_clear_error() -> None:
    with pytest.raises(AmtsError, match="a process died while counting 8 files; out of memory"):
        Runner(2, start_method="spawn").map("counting", crash, [(i,) for i in range(8)])


class Stopped(BaseException):
    """As of a signal."""


def stop_at_once(stage: str, done: int, total: int) -> None:
    raise Stopped(stage, done, total)


def sleep_unless_first(number: int) -> None:
    if number:
        time.sleep(3600)


def test_an_interrupt_does_not_wait_for_the_files_at_work() -> None:
    with pytest.raises(Stopped):
        Runner(2, stop_at_once, start_method="spawn").map("sleeping", sleep_unless_first, [(i,) for i in range(8)])
    assert not multiprocessing.active_children()
