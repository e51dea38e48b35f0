"""The Amazon engine killed at every call it makes and started again: the same answers, and nothing paid twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.emulator import FaultKind
from bot.engines.amazon import storage as storage_module
from bot.engines.amazon.settings import AmazonSettings
from bot.engines.teaching import ParallelDataContent
from bot.model import Request
from tests.support.amazon_pushing import service
from tests.support.amazon_run import BOOK, SETTINGS, Around, Killed, World, changed, price, requests, wrapped

pytestmark = pytest.mark.sweep

PAIRS = ParallelDataContent("en,zh\r\nThe tree is old.,树很老。\r\n".encode(), "csv", "sentence", 1)


def killer(number: int) -> Around:
    """Kills when the call of this number was answered, which is the same as before the next one is made."""
    calls = 0

    def around(_: str, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        nonlocal calls
        calls += 1
        if calls - 1 != number:
            return call(**arguments)
        with suppress(ClientError):
            call(**arguments)
        raise Killed

    return around


def mending(world: World) -> Around:
    """Jobs lose placeables; who asks for a sentence alone gets it whole."""
    world.fail(FaultKind.LOSE, times=None)

    def around(name: str, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        if name == "translate_text":
            world.cloud.emulator.clear_faults()
        return call(**arguments)

    return around


def count_calls(world: World, asked: list[Request] = BOOK, settings: AmazonSettings = SETTINGS) -> int:
    calls: list[str] = []

    def around(name: str, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        calls.append(name)
        return call(**arguments)

    world.translate(asked, settings, wrap=wrapped(around))
    return len(calls)


def kill(world: World, around: Around, asked: list[Request] = BOOK, settings: AmazonSettings = SETTINGS) -> bool:
    try:
        world.translate(asked, settings, wrap=wrapped(around))
    except Killed:
        return True
    return False


def is_clean(world: World) -> bool:
    """Nothing in the bucket but answers, ledger and parallel data."""
    return all(key.split("/")[0] in ("answers", "ledger", "parallel-data") for key in world.stored())


def test_killed_after_any_call_it_ends_with_the_same_answers_and_one_job(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_module, "_MAX_DELETED_KEYS", 1)
    quote = price(world.engine(), BOOK[:2]).characters
    expected = world.translate(BOOK[:2])
    files = world.stored()
    world.cloud.reset()
    total = count_calls(world, BOOK[:2])
    assert total > 20
    for number in range(total):
        world.cloud.reset()
        assert kill(world, killer(number), BOOK[:2])
        assert world.translate(BOOK[:2]) == expected
        assert len(world.state.jobs) == 1, number
        assert world.billed == quote
        assert len(world.stored()) == len(files)
        assert is_clean(world)


def test_killed_among_retries_it_pays_one_of_them_twice_at_most(world: World) -> None:
    mend = mending(world)
    expected = world.translate(wrap=wrapped(mend))
    assert not any(answer.left for answer in expected)
    assert world.state.count("TranslateText") == 2
    world.cloud.reset()
    world.fail(FaultKind.LOSE, times=None)
    total = count_calls(world)
    # Those before are the other tests' subject.
    for number in range(total - 12, total):
        world.cloud.reset()
        world.fail(FaultKind.LOSE, times=None)
        kills = killer(number)
        kill(world, lambda name, call, given: kills(name, partial(mend, name, call), {"arguments": given}))  # noqa: B023
        assert world.translate(wrap=wrapped(mend)) == expected
        assert len(world.state.jobs) == 1
        assert world.state.count("TranslateText") <= 3
        assert is_clean(world)


def test_killed_and_started_with_another_book_it_answers_and_leaves_nothing(world: World) -> None:
    other = [*BOOK[1:], *requests("A sentence that came meanwhile.", path="new.md")]
    expected = world.translate(other)
    world.cloud.reset()
    for number in range(count_calls(world)):
        world.cloud.reset()
        kill(world, killer(number))
        assert world.translate(other) == expected
        assert is_clean(world)
        started = [job for job in world.state.jobs if job.documents]
        assert sum(sum(job.billed.values()) for job in started) == world.billed
        spent = [world.cloud.get(f"amts/{key}") for key in world.stored() if key.startswith("ledger/")]
        assert len(spent) == len(started)


def test_killed_again_and_again_it_still_ends(world: World) -> None:
    service(world).push(PAIRS)
    expected = world.translate()
    random_numbers = random.Random(4)
    for _ in range(4):
        world.cloud.reset()
        service(world).push(PAIRS)
        while kill(world, killer(random_numbers.randrange(4, 45))):
            pass
        assert world.translate() == expected
        assert len(world.state.jobs) == 1
        assert is_clean(world)


def test_killed_in_real_time_it_asks_nothing_that_was_stored(world: World) -> None:
    settings = changed(mode="real-time")
    expected = world.translate(settings=settings)
    world.cloud.reset()
    for number in range(count_calls(world, settings=settings)):
        world.cloud.reset()
        kill(world, killer(number), settings=settings)
        assert world.translate(settings=settings) == expected
        assert world.state.count("TranslateText") <= 2 * len(expected)
        assert is_clean(world)
