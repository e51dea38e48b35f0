"""The service as its tests drive it: languages that only say that they were synced, and simulated time."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import Any, Self

import pytest
from apscheduler.executors import base as executor_module
from apscheduler.schedulers import base as scheduler_module
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler

from bot.config.service import ServiceSettings
from bot.forge.comment import Comment
from bot.service.base import Checkpoint, LanguageId, WorkOutcome, WorkResult
from bot.service.routing import Subscription
from bot.service.schedule import Schedule
from bot.service.service import Service
from bot.service.webhooks import PushEvent, Sender
from tests.support.waiting import eventually

SECRET = b"swordfish"
SOURCE, ZH_REPO, ES_REPO = "people/tea", "people/tea-zh", "people/tea-es"
ZH, ES = LanguageId("a.yaml", "zh"), LanguageId("a.yaml", "es")
SUBSCRIPTIONS = (
    Subscription(
        ZH, SOURCE, "main", ZH_REPO, "main", "amts/zh", frozenset({"amts-bot"}), frozenset({"amts@example.org"})
    ),
    Subscription(
        ES, SOURCE, "main", ES_REPO, "main", "amts/es", frozenset({"amts-bot"}), frozenset({"amts@example.org"})
    ),
)
PUSH = PushEvent(SOURCE, "main", "", Sender("ann", "User"))


def comment(number: int = 1, body: str = "/amts help", repository: str = ZH_REPO) -> Comment:
    return Comment(repository, 7, number, "ann", body)


class Book:
    """Stands for syncs and commands: records them, fails as it is told to, and notices two at a time."""

    def __init__(self) -> None:
        self.syncs: list[LanguageId] = []
        self.answered: list[int] = []
        self.work: list[LanguageId | int] = []
        """Both, in the order in which they began."""
        self.lost: list[Comment] = []
        self.overlaps = 0
        self.failures: list[Exception] = []
        self.lasting: list[bool] = []
        """Of each time that a command was to be carried out."""
        self.outcome = WorkOutcome.SYNCED
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Semaphore(0)
        self._active: set[LanguageId] = set()
        self._lock = threading.Lock()

    def sync(self, language: LanguageId, checkpoint: Checkpoint) -> WorkResult:
        with self._alone(language):
            self.syncs.append(language)
            self.work.append(language)
            self.entered.release()
            assert self.gate.wait(10)
            checkpoint()
            if self.failures:
                raise self.failures.pop(0)
            return WorkResult(self.outcome, "done")

    def handle(self, language: LanguageId, comment: Comment, *, lasting: bool) -> None:
        with self._alone(language):
            self.lasting.append(lasting)
            if self.failures:
                raise self.failures.pop(0)
            self.answered.append(comment.id)
            self.work.append(comment.id)

    def missed(self, language: LanguageId) -> Iterable[Comment]:
        return [each for each in self.lost if language == ZH]

    @contextmanager
    def _alone(self, language: LanguageId) -> Iterator[None]:
        with self._lock:
            self.overlaps += language in self._active
            self._active.add(language)
        try:
            yield
        finally:
            with self._lock:
                self._active.discard(language)


class StillScheduler(BaseScheduler):  # type: ignore[misc] # APScheduler has no annotations
    """APScheduler without a thread: `step` does what is due."""

    def wakeup(self) -> None:
        """Nobody sleeps."""

    def shutdown(self, wait: bool = True) -> None:
        super().shutdown(wait)

    def step(self) -> float | None:
        """Does what is due; the seconds until something is due again."""
        seconds: float | None = self._process_jobs()
        return seconds


class Time:
    """Simulated time for the service and for APScheduler."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch | None = None, now: float = 1_790_000_000.0) -> None:
        self.now = now
        self.scheduler = StillScheduler(timezone="UTC")
        outer = self

        class Simulated(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return cls.fromtimestamp(outer.now, tz or UTC)

        if monkeypatch is not None:
            for module in (scheduler_module, executor_module):
                monkeypatch.setattr(module, "datetime", Simulated)

    def __call__(self) -> float:
        return self.now

    def pass_to(self, end: float, each: Callable[[], None] = lambda: None) -> None:
        """Lets time pass, stopping wherever something is due; `each` is called after that."""
        while True:
            wait = self.scheduler.step()
            each()
            if wait is None or self.now + wait > end:
                self.now = end
                return
            self.now += max(wait, 0.001)


def make_service(
    book: Book,
    settings: Mapping[str, Any] | None = None,
    clock: Time | None = None,
    subscriptions: tuple[Subscription, ...] = SUBSCRIPTIONS,
) -> Service:
    """In real time where no `clock` is given."""
    section = ServiceSettings(**{"jitter_seconds": 0, **(settings or {})})
    if clock is None:
        schedule = Schedule(BackgroundScheduler(timezone="UTC"))
    else:
        schedule = Schedule(clock.scheduler, clock, random.Random(1))
    configs = {each.language.config for each in subscriptions}
    return Service(subscriptions, dict.fromkeys(configs, section), book, schedule, clock or time.time)


def is_idle(service: Service) -> bool:
    return all(not worker.waiting and not worker.busy_seconds for worker in service._workers.values()) and all(
        worker._began is None for worker in service._workers.values()
    )


def settle(service: Service) -> None:
    eventually(lambda: is_idle(service))
