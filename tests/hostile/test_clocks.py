"""A clock that is set, by an hour, a day or years, back or ahead, at any moment. Polls go on, and health is true."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Self

import pytest
from apscheduler.executors import base as executor_module
from apscheduler.schedulers import base as scheduler_module

from bot.config.service import ServiceSettings
from bot.service import schedule as schedule_module
from bot.service.schedule import Schedule, SteadyScheduler
from bot.service.service import Service
from tests.support.service_run import SUBSCRIPTIONS, ZH, Book, StillScheduler, settle
from tests.support.waiting import eventually

HOUR, DAY, YEAR = 3_600.0, 86_400.0, 31_536_000.0
JUMPS = [sign * size for size in (61.0, HOUR, 7 * HOUR, DAY, 30 * DAY, YEAR, 30 * YEAR) for sign in (1, -1)]


class Clocks:
    """A clock on the wall that is set, and one that is not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.steady = 1_790_000_000.0, 500.0
        outer = self

        class Simulated(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return cls.fromtimestamp(outer.wall, tz or UTC)

        for module in (scheduler_module, executor_module):
            monkeypatch.setattr(module, "datetime", Simulated)

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


class Watched:
    """A service in simulated time, and when it polled by the clock that is not set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **settings: object) -> None:
        self.clocks = clocks = Clocks(monkeypatch)
        self.scheduler = StillScheduler(timezone="UTC")
        wall, steady = (lambda: clocks.wall), (lambda: clocks.steady)
        self.schedule = Schedule(self.scheduler, wall, random.Random(1), steady)
        section = ServiceSettings(**{"jitter_seconds": 0, "every_minutes": 5, **settings})  # type: ignore[arg-type]
        self.service = Service(SUBSCRIPTIONS, {"a.yaml": section}, Book(), self.schedule, wall, steady)
        self.polls: list[float] = []
        monkeypatch.setattr(self.service, "request", self._request)
        self.service.start()
        self.polls.clear()

    def _request(self, language: object, reason: str) -> None:
        if (language, reason) == (ZH, "schedule"):
            self.polls.append(self.clocks.steady)

    def look(self) -> None:
        """As SteadyScheduler does every few seconds."""
        self.schedule.follow_clock()
        self.scheduler.step()

    def pass_by(self, seconds: float) -> None:
        for _ in range(round(seconds / 5)):
            self.clocks.pass_by(5)
            self.look()
            assert self.service.problems() == []


@pytest.mark.parametrize("seed", range(3))
def test_polls_keep_their_distance_whatever_the_clock_is_set_to(
    monkeypatch: pytest.MonkeyPatch, seed: int, attacked: Callable[[str, int], None]
) -> None:
    watched, chance = Watched(monkeypatch), random.Random(seed)
    jumps = chance.sample(JUMPS, len(JUMPS)) + chance.choices(JUMPS, k=6)
    for jump in jumps:
        watched.pass_by(chance.uniform(0, 900))
        watched.clocks.wall += jump
    watched.pass_by(900)
    assert len(watched.polls) >= 10
    distances = [later - earlier for earlier, later in zip(watched.polls, watched.polls[1:], strict=False)]
    # The clock is looked at every five seconds.
    assert all(290 <= distance <= 310 for distance in distances)
    assert watched.service.stop(10) == []
    attacked("jumps of the clock", len(jumps))


@pytest.mark.parametrize("jump", [0.0, *JUMPS])
def test_health_never_says_that_all_is_well_when_polling_stopped(
    monkeypatch: pytest.MonkeyPatch, jump: float, attacked: Callable[[str, int], None]
) -> None:
    watched = Watched(monkeypatch)
    watched.pass_by(600)
    watched.clocks.wall += jump
    # The schedule does nothing from now on.
    watched.clocks.pass_by(301)
    assert watched.service.problems() == ["the schedule stands still"]
    watched.look()
    assert watched.service.problems() == []
    for name in ("poll a.yaml:zh", "poll a.yaml:es"):
        watched.scheduler.remove_job(name)
    with pytest.raises(AssertionError):
        watched.pass_by(3 * 300 + 120)
    assert watched.service.problems()[0].startswith("a.yaml:zh: was not polled for 16 minutes")
    assert watched.service.stop(10) == []
    attacked("jumps of the clock", 1)


def test_a_crontab_goes_by_the_clock_that_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(monkeypatch, cron="*/15 * * * *")
    for jump in JUMPS:
        watched.clocks.wall += jump
        watched.look()
        watched.polls.clear()
        watched.pass_by(900)
        assert 1 <= len(watched.polls) <= 2
    assert watched.service.stop(10) == []


def test_a_retry_comes_after_its_minutes_and_a_book_goes_stale_by_the_steady_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched = Watched(monkeypatch, stale_hours=1)
    done: list[float] = []
    watched.schedule.once("retry", 60, lambda: done.append(watched.clocks.steady))
    began = watched.clocks.steady
    watched.clocks.wall -= YEAR
    watched.pass_by(65)
    assert done == [pytest.approx(began + 60, abs=5)]
    assert {stale for *_, stale in watched.service._figures()} == {False}
    watched.clocks.wall += 2 * YEAR
    watched.schedule.once("retry", 60, lambda: done.append(watched.clocks.steady))
    watched.pass_by(120)
    assert len(done) == 2
    assert {stale for *_, stale in watched.service._figures()} == {False}
    watched.pass_by(3600)
    assert {stale for *_, stale in watched.service._figures()} == {True}
    assert watched.service.stop(10) == []


def test_the_running_schedule_notices_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """With APScheduler's own thread: an hour back on the clock, and polls go on within their interval."""
    clocks = Clocks(monkeypatch)
    began = time.monotonic()
    base, clocks.wall = clocks.wall, 0.0

    class Wall(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(wall(), tz or UTC)

    def wall() -> float:
        return base + clocks.wall + time.monotonic() - began

    for module in (scheduler_module, executor_module):
        monkeypatch.setattr(module, "datetime", Wall)
    monkeypatch.setattr(schedule_module, "_LOOK_SECONDS", 0.05)
    book = Book()
    schedule = Schedule(SteadyScheduler(timezone="UTC"), wall, steady=time.monotonic)
    section = ServiceSettings(every_minutes=0.005, jitter_seconds=0)
    service = Service(SUBSCRIPTIONS, {"a.yaml": section}, book, schedule, wall, time.monotonic)
    service.start()
    for jump in (-HOUR, 30 * YEAR, -DAY):
        eventually(lambda: book.syncs.count(ZH) >= 3)
        clocks.wall += jump
        book.syncs.clear()
    eventually(lambda: book.syncs.count(ZH) >= 3)
    assert service.problems() == []
    settle(service)
    assert service.stop(10) == []
