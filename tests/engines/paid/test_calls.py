"""Calls that are tried again, in bounded number and time, some at once; and words without a key."""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engines.paid.calls import CallError, at_once, key_of, persistently, retry_after, said, without_key
from bot.errors import ConfigError, DeadlineError
from bot.network.deadline import time_limit

BUSY = CallError("busy", transient=True)
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def failing(*errors: CallError) -> tuple[list[float], object]:
    waits: list[float] = []
    left = list(errors)

    def call() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return waits, lambda attempts=5: persistently(call, attempts, 1.0, waits.append)


def test_it_waits_longer_each_time_and_as_long_as_it_is_asked_to() -> None:
    waits, call = failing(BUSY, CallError("busy", transient=True, wait=30), BUSY)
    assert call() == "done"  # type: ignore[operator]
    assert waits == [1, 30, 4]


def test_it_gives_up() -> None:
    waits, call = failing(*[BUSY] * 9)
    with pytest.raises(CallError, match=r"^busy$"):
        call(3)  # type: ignore[operator]
    assert waits == [1, 2]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (CallError("wrong"), "^wrong$"),
        (CallError("busy", transient=True, wait=900), "asks to wait 15 minutes: run again"),
    ],
)
def test_what_does_not_pass_is_not_tried_again(error: CallError, says: str) -> None:
    waits, call = failing(error)
    with pytest.raises(CallError, match=says):
        call()  # type: ignore[operator]
    assert not waits


def test_it_does_not_wait_beyond_the_limit_of_time() -> None:
    waits, call = failing(CallError("busy", transient=True, wait=60))
    with pytest.raises(DeadlineError, match="the time is up"), time_limit(5, "the time is up"):
        call()  # type: ignore[operator]
    assert not waits


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None), ("0", 0), ("7", 7), (" 1.5 ", 1.5), ("-5", None), ("soon", None), ("inf", None), ("nan", None),
        ("9" * 400, None), ("1e3", None), ("", None), ("٣", None),
        ("Mon, 30 Nov 2026 12:01:00 GMT", 60), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ],
)  # fmt: skip
def test_headers_that_ask_for_patience(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_some_run_at_once_and_no_more() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1
        return number * 2

    assert at_once(range(20), work, 3) == [number * 2 for number in range(20)]
    assert 1 < most <= 3


def test_after_a_failure_none_begins_and_those_under_way_are_done() -> None:
    begun: list[int] = []
    done: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        if number == 1:
            raise BUSY
        time.sleep(0.05)
        done.append(number)

    with pytest.raises(CallError, match="busy"):
        at_once(range(50), work, 2)
    assert len(begun) < 10
    assert sorted([*done, 1]) == sorted(begun)


def test_the_limit_of_time_travels_along() -> None:
    def work(_: int) -> None:
        persistently(failing(CallError("busy", transient=True, wait=9))[1], 1, 1.0)  # type: ignore[arg-type]

    with pytest.raises(DeadlineError), time_limit(1, "up"):
        at_once([1], work, 2)


def test_a_key_comes_from_the_environment_alone() -> None:
    assert key_of({"K": " sk-1 \n"}, "K", "openai") == "sk-1"
    assert key_of({}, "K", "openai", needed=False) == ""
    with pytest.raises(ConfigError, match=r"needs a key: set the environment variable K .*api_key_env"):
        key_of({"K": " "}, "K", "openai")
    with pytest.raises(ConfigError, match="variable K holds no key") as caught:
        key_of({"K": "sk-a\nsk-b"}, "K", "openai")
    assert "sk-" not in str(caught.value)


KEY = "sk-proj-AbC123+/xyz=789"


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect API key provided: {KEY}.", f"{KEY.upper()}!", quote(KEY, safe=""),
        b64encode(f"x:{KEY}".encode()).decode(), b64encode(f":{KEY}".encode()).decode(), f"{KEY[:12]}…{KEY[-9:]}",
    ],
)  # fmt: skip
def test_a_key_is_hidden_however_it_is_echoed(text: str) -> None:
    shown = said(f"no: {text} İ", KEY)
    assert shown.startswith("no: ")
    assert "***" in shown
    assert not any(KEY[i : i + 9].lower() in shown.lower() for i in range(len(KEY) - 8))


@given(st.text(alphabet="abK-1", min_size=1, max_size=30), st.text(alphabet="abK-1 é", max_size=80))
def test_no_key_survives(key: str, text: str) -> None:
    assert key not in without_key(f"{text}{key}{text}", key)


def test_words_without_a_key_stay() -> None:
    assert without_key("The model does not exist.", KEY) == "The model does not exist."
    assert without_key("The model does not exist.", "") == "The model does not exist."
