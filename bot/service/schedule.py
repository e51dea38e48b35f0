"""The schedule: APScheduler's triggers, jitter that does not accumulate, and the hours of each language's syncs."""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.config.service import ServiceSettings, window_times
from bot.errors import ConfigError

Clock = Callable[[], float]
"""Seconds since 1970."""

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 5.0
# Clocks are slewed all the time, by milliseconds.
_MIN_JUMP_SECONDS = 1.0

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def steady_time() -> float:
    """Seconds by a clock that nobody sets; where the system has one, by a clock that goes on while a laptop sleeps."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class SteadyScheduler(BackgroundScheduler):  # type: ignore[misc] # APScheduler has no annotations
    """APScheduler's, which goes by the clock on the wall, with a look at the clocks every few seconds."""

    look: Callable[[], object] = staticmethod(lambda: None)

    def _process_jobs(self) -> float:
        self.look()
        wait: float | None = super()._process_jobs()
        return _LOOK_SECONDS if wait is None else min(wait, _LOOK_SECONDS)


class Schedule:
    """Calls jobs at their times. Jobs run in the scheduler's own thread, so they must only request work elsewhere.

    Times of day (crontabs, windows) go by `clock`. Intervals go by `steady`, which nobody sets."""

    def __init__(
        self,
        scheduler: BaseScheduler,
        clock: Clock = time.time,
        chance: random.Random | None = None,
        steady: Clock | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._clock = clock
        self._steady = steady or steady_of(clock)
        self._offset = clock() - self._steady()
        self._jumped: list[Callable[[], object]] = []
        self._chance = chance or random.Random()
        if isinstance(scheduler, SteadyScheduler):
            scheduler.look = self.follow_clock
        # A late job (after a laptop slept) runs once, immediately.
        scheduler.configure(job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1})
        scheduler.add_executor(DebugExecutor())

    def follow_clock(self) -> None:
        """Notices that the clock was set: what is due after an interval stays due after that interval, and times of day
        are looked up anew. Then calls what `when_set` named."""
        offset = self._clock() - self._steady()
        jump = offset - self._offset
        if abs(jump) < _MIN_JUMP_SECONDS:
            return
        self._offset = offset
        _LOG.warning("the clock was set by %+.0f seconds; the schedule goes on", jump)
        now = self._now()
        for job in self._scheduler.get_jobs():
            if isinstance(job.trigger, CronTrigger):
                # What was due meanwhile is done once; APScheduler would go through the years, time by time.
                due = max(min(job.next_run_time, job.trigger.get_next_fire_time(None, now) or now), now)
            else:
                due = job.next_run_time + timedelta(seconds=jump)
            job.modify(next_run_time=due)
        for tell in self._jumped:
            tell()

    def when_set(self, job: Callable[[], object]) -> None:
        """Calls `job` whenever the clock was set."""
        self._jumped.append(job)

    def poll(self, name: str, settings: ServiceSettings, windows: Sequence[str], job: Callable[[], object]) -> None:
        """Calls `job` repeatedly according to the settings, and when a window opens. Raises ConfigError."""
        self.follow_clock()
        self._add(f"poll {name}", _trigger(settings, self._now()), lambda: self._later(name, settings, job))
        for window in windows:
            opens = window_times(window)[0]
            trigger = CronTrigger(hour=opens.hour, minute=opens.minute, timezone=ZoneInfo(settings.timezone))
            self._add(f"window {window} {name}", trigger, lambda: self._later(name, settings, job))

    def once(self, name: str, seconds: float, job: Callable[[], object]) -> None:
        """Calls `job` in so many seconds; replaces an earlier request of this name."""
        self.follow_clock()
        when = self._now() + timedelta(seconds=seconds)
        self._add(f"once {name}", DateTrigger(run_date=when), job)

    def repeat(self, name: str, seconds: float, job: Callable[[], object]) -> None:
        """Calls `job` every so many seconds."""
        self.follow_clock()
        start = self._now() + timedelta(seconds=seconds)
        self._add(name, IntervalTrigger(seconds=seconds, start_date=start), job)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown()

    @property
    def is_running(self) -> bool:
        return bool(self._scheduler.running)

    def _later(self, name: str, settings: ServiceSettings, job: Callable[[], object]) -> None:
        # APScheduler's own jitter counts each interval from the delayed time, so the schedule drifts.
        delay = self._chance.uniform(0, settings.jitter_seconds)
        if delay > 0:
            self.once(f"poll {name}", delay, job)
        else:
            job()

    def _add(self, name: str, trigger: object, job: Callable[[], object]) -> None:
        self._scheduler.add_job(job, trigger, id=name, name=name, replace_existing=True)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def steady_of(clock: Clock) -> Clock:
    """The clock for intervals beside this one: a simulated clock is both."""
    return steady_time if clock is time.time else clock


def check_times(config: str, settings: ServiceSettings) -> None:
    """Raises ConfigError, with the name of the configuration, for an invalid crontab."""
    try:
        _trigger(settings, datetime.now(UTC))
    except ConfigError as error:
        raise ConfigError(f"{config}: {error}") from None


def windows_of(settings: ServiceSettings, language: str) -> Sequence[str]:
    return settings.windows.get(language, settings.windows.get("*", ()))


def is_open(windows: Sequence[str], settings: ServiceSettings, now: float) -> bool:
    """Whether a language with these windows may be synced at a time (seconds since 1970)."""
    clock = datetime.fromtimestamp(now, ZoneInfo(settings.timezone)).time()
    for begin, end in map(window_times, windows):
        if (begin <= clock < end) if begin < end else (clock >= begin or clock < end):
            return True
    return not windows


def _trigger(settings: ServiceSettings, now: datetime) -> IntervalTrigger | CronTrigger:
    if not settings.cron:
        seconds = settings.every_minutes * 60
        return IntervalTrigger(seconds=seconds, start_date=now + timedelta(seconds=seconds))
    minute, hour, day, month, weekday = settings.cron.split(" ")
    try:
        return CronTrigger(
            minute=minute,
            hour=hour,
            day=day,
            month=month.lower(),
            day_of_week=_weekdays(weekday.lower()),
            timezone=ZoneInfo(settings.timezone),
        )
    except ValueError as error:
        raise ConfigError(f'service.cron: "{settings.cron}" is no time of a crontab: {error}') from None


def _weekdays(field: str) -> str:
    """A crontab's days of the week (0 and 7 are Sunday) as names, since APScheduler counts from Monday."""
    days: list[str] = []
    for part in field.split(","):
        numbers = re.fullmatch(r"(?:\*|([0-7])(?:-([0-7]))?)(?:/([1-9]))?", part)
        if numbers is None or part == "*":
            days.append(part)
            continue
        first = int(numbers[1] or 0)
        last = int(numbers[2] or (first if numbers[1] and not numbers[3] else 6))
        days += [_WEEKDAYS[day % 7] for day in range(first, last + 1, int(numbers[3] or 1))]
    return ",".join(days)
