"""The service: it hands webhooks and scheduled syncs to the workers, and watches its own health."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.config.service import ServiceSettings
from bot.service.base import LanguageId, LanguageWork, WorkOutcome, WorkReport
from bot.service.metrics import Metrics
from bot.service.routing import Subscription, concerned
from bot.service.schedule import Clock, Schedule, is_open, steady_of, windows_of
from bot.service.webhooks import Commented, Event, Pinged
from bot.service.work import Taken, Worker

_LOG = logging.getLogger(__name__)
_CHECK_SECONDS = 60.0
_MAX_RETRY_SECONDS = 3600.0
_MAX_MISSED_CHECKS = 5
_MAX_MISSED_POLLS = 3


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result of an event: `queued`, `coalesced`, `ignored`, `pong`, or, to be sent again, `full` or `stopping`."""

    outcome: str
    reason: str = ""

    @property
    def refused(self) -> bool:
        return self.outcome in ("full", "stopping")


class Service:
    """Works between `start` and `stop`. `settings` are by the name of the configuration."""

    def __init__(
        self,
        subscriptions: Sequence[Subscription],
        settings: Mapping[str, ServiceSettings],
        work: LanguageWork,
        schedule: Schedule,
        clock: Clock = time.time,
        steady: Clock | None = None,
    ) -> None:
        """`clock` tells the time of day; `steady` measures how long things take, and is never set."""
        self.metrics = Metrics(self._figures)
        self._subscriptions = subscriptions
        self._settings = settings
        self._schedule = schedule
        self._clock = clock
        self._steady = steady = steady or steady_of(clock)
        self._lock = threading.Lock()
        self._workers = {
            language: Worker(language, work, self._done, size=settings[language.config].queue, clock=steady)
            for language in (subscription.language for subscription in subscriptions)
        }
        self.metrics.expect(self._workers)
        self._failures: dict[tuple[LanguageId, int], int] = {}
        self._again: set[tuple[LanguageId, int]] = set()
        """Comments that are to be handled again."""
        self._succeeded: dict[LanguageId, float] = {}
        self._stale: set[LanguageId] = set()
        self._state = "starting"
        self._polled: dict[LanguageId, float] = {}
        self._checked = clock(), steady()

    def start(self) -> None:
        """Syncs every language first, to find what happened while the service was down. Raises ConfigError for an
        invalid schedule."""
        self._checked = self._clock(), self._steady()
        self._succeeded = dict.fromkeys(self._workers, self._steady())
        self._polled = dict(self._succeeded)
        for language in self._workers:
            settings = self._settings[language.config]
            windows = windows_of(settings, language.language)
            self._schedule.poll(str(language), settings, windows, partial(self._poll, language))
        self._schedule.repeat("check", _CHECK_SECONDS, self._check)
        self._schedule.when_set(self._check)
        self.metrics.beat(self._clock())
        for language, worker in self._workers.items():
            worker.start()
            self.request(language, "start")
        self._schedule.start()
        self._state = "running"

    def stop(self, seconds: float) -> list[LanguageId]:
        """Accepts nothing more, and waits up to so many seconds for running work; the languages that still work."""
        self._state = "stopping"
        self._schedule.stop()
        for worker in self._workers.values():
            worker.stop()
        deadline = time.monotonic() + seconds
        return [
            language
            for language, worker in self._workers.items()
            if not worker.join(max(deadline - time.monotonic(), 0.0))
        ]

    def receive(self, event: Event) -> Receipt:
        """Requests the work for an event, and does none of it."""
        if self._state == "stopping":
            return Receipt("stopping", "the service stops")
        route = concerned(event, self._subscriptions)
        if isinstance(event, Pinged):
            return Receipt("pong")
        if not route.languages:
            return Receipt("ignored", route.reason)
        if isinstance(event, Commented):
            # Languages that share a repository share its lock, so any of them will do.
            taken = self._workers[route.languages[0]].request_comment(event.comment)
            return Receipt(taken.value, "too many commands wait" if taken is Taken.FULL else "")
        reason = type(event).__name__.removesuffix("Event").lower()
        answers = {self.request(language, reason) for language in route.languages}
        if answers == {None}:
            return Receipt("ignored", "outside of the hours in which this language is synced; found when they begin")
        return Receipt((Taken.QUEUED if Taken.QUEUED in answers else Taken.COALESCED).value)

    def request(self, language: LanguageId, reason: str) -> Taken | None:
        """Requests a sync; None outside of the language's windows."""
        settings = self._settings[language.config]
        if not is_open(windows_of(settings, language.language), settings, self._clock()):
            return None
        return self._workers[language].request_sync(reason)

    @property
    def is_ready(self) -> bool:
        return self._state == "running"

    def problems(self) -> list[str]:
        """Problems that only a restart can solve; empty while the service is healthy, and while it starts: it serves
        before its threads work, and a supervisor that asks at that moment must not restart it."""
        wall, steady = self._clock() - self._checked[0], self._steady() - self._checked[1]
        # A check sets both, so neither clock may say that it is long ago, or still to come.
        is_checked = max(abs(wall), steady) <= _MAX_MISSED_CHECKS * _CHECK_SECONDS
        if self._state == "starting" and is_checked:
            return []
        problems = [
            f"{language}: its thread ended" for language, worker in self._workers.items() if not worker.is_alive
        ]
        for language, worker in self._workers.items():
            hours = worker.busy_seconds / 3600
            if hours > self._settings[language.config].stuck_hours:
                problems.append(f"{language}: has been at work for {hours:.1f} hours")
        if not self._schedule.is_running or not is_checked:
            return [*problems, "the schedule stands still"]
        for language, polled in self._polled.items():
            settings = self._settings[language.config]
            longest = _MAX_MISSED_POLLS * settings.every_minutes * 60 + settings.jitter_seconds + _CHECK_SECONDS
            if not settings.cron and self._steady() - polled > longest:
                problems.append(f"{language}: was not polled for {(self._steady() - polled) / 60:.0f} minutes")
        return problems

    def _poll(self, language: LanguageId) -> None:
        self._polled[language] = self._steady()
        self.request(language, "schedule")

    def _done(self, report: WorkReport) -> None:
        self.metrics.count(report)
        language, settings = report.language, self._settings[report.language.config]
        key = (language, report.comment.id if report.comment else 0)
        with self._lock:
            failures = self._failures.pop(key, 0)
            if report.outcome.is_failure:
                self._failures[key] = failures + 1
            if report.outcome is WorkOutcome.SYNCED:
                self._succeeded[language] = self._steady()
        if report.outcome is WorkOutcome.PENDING:
            self._request_again(report, "pending", settings.pending_minutes * 60)
        elif report.outcome.is_failure:
            # The exponent is capped, or the number would grow for ever.
            self._request_again(
                report, "retry", min(settings.retry_minutes * 60 * 2 ** min(failures, 12), _MAX_RETRY_SECONDS)
            )

    def _request_again(self, report: WorkReport, reason: str, seconds: float) -> None:
        language, comment = report.language, report.comment

        def request() -> None:
            if comment is None:
                self.request(language, reason)
            else:
                with self._lock:
                    self._again.discard((language, comment.id))
                self._workers[language].request_comment(comment)

        if comment is not None:
            with self._lock:
                if len(self._again) >= self._settings[language.config].queue:
                    # In a flood while the host is down. The next sync after that finds the comment in the list.
                    self._failures.pop((language, comment.id), None)
                    self._workers[language].forget(comment)
                    return
                self._again.add((language, comment.id))
        if self._state != "stopping":
            self._schedule.once(f"{reason} {language} {comment.id if comment else ''}", seconds, request)

    def _check(self) -> None:
        self._checked = self._clock(), self._steady()
        self.metrics.beat(self._clock())
        for problem in self.problems():
            _LOG.error("unhealthy: %s", problem)
        stale = {language for language, _, _, is_stale in self._figures() if is_stale}
        for language in stale - self._stale:
            hours = self._settings[language.config].stale_hours
            _LOG.error("%s: no sync succeeded for %g hours; the book goes stale", language, hours)
        for language in self._stale - stale:
            _LOG.info("%s: in step again", language)
        self._stale = stale

    def _figures(self) -> Iterator[tuple[LanguageId, int, float, bool]]:
        now = self._steady()
        for language, worker in self._workers.items():
            age = now - self._succeeded.get(language, now)
            yield language, worker.waiting, age, age > self._settings[language.config].stale_hours * 3600
