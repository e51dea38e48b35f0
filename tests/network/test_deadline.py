"""A limit of time that travels, pauses and attempts."""

from __future__ import annotations

import threading
import time

import pytest

from bot.errors import DeadlineError, RepositoryError, TransientError
from bot.network.deadline import ATTEMPTS, in_time, patiently, pause, seconds_left, time_limit, uncounted


def test_without_a_limit_a_call_has_its_own() -> None:
    assert seconds_left(7.0) == 7.0


def test_a_call_gets_what_is_left_and_no_more() -> None:
    with time_limit(5.0, "outer"), time_limit(100.0, "inner"):
        assert 4.0 < seconds_left(60.0) <= 5.0
        assert seconds_left(2.0) == 2.0


@pytest.mark.parametrize(("outer", "inner", "told"), [(0.0, 9.0, "outer"), (9.0, 0.0, "inner"), (0.0, 0.0, "outer")])
def test_the_limit_that_is_used_up_is_told(outer: float, inner: float, told: str) -> None:
    with (
        time_limit(outer, "outer"),
        time_limit(inner, "inner"),
        pytest.raises(DeadlineError, match=f"^{told}$"),
    ):
        seconds_left(1.0)
    assert seconds_left(1.0) == 1.0, "the limit ends with its block"


def test_a_pause_that_would_take_all_that_is_left_is_not_made() -> None:
    slept: list[float] = []
    with time_limit(5.0, "over"):
        pause(1.0, slept.append)
        with pytest.raises(DeadlineError):
            pause(60.0, slept.append)
    assert slept == [1.0]


def test_a_wait_with_a_limit_of_its_own_does_not_count() -> None:
    with time_limit(0.7, "outer"):
        with time_limit(0.5, "inner"), uncounted():
            time.sleep(0.8)
        assert seconds_left(1.0) > 0.3


@pytest.mark.parametrize(
    ("error", "calls"), [(TransientError("x"), ATTEMPTS), (RepositoryError("x"), 1), (DeadlineError("x"), 1)]
)
def test_only_what_may_pass_is_tried_again(error: RepositoryError, calls: int) -> None:
    made: list[int] = []

    def call() -> None:
        made.append(1)
        raise error

    with pytest.raises(type(error)):
        patiently(call, lambda error: isinstance(error, TransientError), 0.0)
    assert len(made) == calls


def test_the_first_success_counts() -> None:
    failures = [TransientError("x")]

    def call() -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert patiently(call, lambda _: True, 0.0) == "done"


def test_a_call_into_other_code_is_left_behind_and_gets_the_limits() -> None:
    with time_limit(30.0, "over"):
        assert 20.0 < in_time(lambda: seconds_left(60.0), 5.0, "late") <= 30.0
        with pytest.raises(ZeroDivisionError):
            in_time(lambda: 1 // 0, 5.0, "late")
        with pytest.raises(DeadlineError, match=r"^late$"):
            in_time(threading.Event().wait, 0.05, "late")
