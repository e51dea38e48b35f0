"""Metrics for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.service.base import LanguageId, WorkOutcome, WorkReport

CONTENT_TYPE = CONTENT_TYPE_LATEST
_LABELS = ("config", "language")
_OF_COMMENTS = (WorkOutcome.ANSWERED, WorkOutcome.IGNORED, WorkOutcome.LIMITED)
_SYNC_OUTCOMES = [outcome.value for outcome in WorkOutcome if outcome not in _OF_COMMENTS]
_COMMENT_OUTCOMES = [
    outcome.value for outcome in (*_OF_COMMENTS, WorkOutcome.PENDING, WorkOutcome.FAILED, WorkOutcome.CRASHED)
]
_SECONDS_BUCKETS = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400)

LanguageFigures = Callable[[], Iterable[tuple[LanguageId, int, float, bool]]]
"""For each language: the number of waiting pieces of work, the seconds since its last successful sync, and whether it
is stale."""


class Metrics:
    """The metrics of one service, in a registry of its own."""

    def __init__(self, languages: LanguageFigures) -> None:
        self._registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)
        self._syncs = Counter("amts_syncs", "Syncs by outcome.", (*_LABELS, "outcome"), registry=self._registry)
        self._seconds = Histogram(
            "amts_sync_seconds", "How long a sync took.", _LABELS, buckets=_SECONDS_BUCKETS, registry=self._registry
        )
        self._comments = Counter(
            "amts_comments", "Commands in comments by outcome.", (*_LABELS, "outcome"), registry=self._registry
        )
        self._webhooks = Counter(
            "amts_webhooks", "Webhooks by event and outcome.", ("event", "outcome"), registry=self._registry
        )
        self._heartbeat = Gauge(
            "amts_heartbeat_timestamp_seconds", "When the service last checked itself.", registry=self._registry
        )
        self._registry.register(_LanguageCollector(languages))

    def expect(self, languages: Iterable[LanguageId]) -> None:
        """Starts all counters at 0: Prometheus sees no increase in a counter that appears with 1."""
        for language in languages:
            labels = language.config, language.language
            self._seconds.labels(*labels)
            for name in _SYNC_OUTCOMES:
                self._syncs.labels(*labels, name)
            for name in _COMMENT_OUTCOMES:
                self._comments.labels(*labels, name)

    def count_webhook(self, event: str, outcome: str) -> None:
        self._webhooks.labels(event, outcome).inc()

    def count(self, report: WorkReport) -> None:
        labels = report.language.config, report.language.language
        if report.comment is not None:
            self._comments.labels(*labels, report.outcome.value).inc()
            return
        self._syncs.labels(*labels, report.outcome.value).inc()
        self._seconds.labels(*labels).observe(report.seconds)

    def beat(self, now: float) -> None:
        self._heartbeat.set(now)

    def text(self) -> bytes:
        """In Prometheus's text format."""
        return generate_latest(self._registry)


class _LanguageCollector(Collector):
    """Computes the metrics of the languages when they are read."""

    def __init__(self, languages: LanguageFigures) -> None:
        self._languages = languages

    def collect(self) -> Iterable[GaugeMetricFamily]:
        queue = GaugeMetricFamily("amts_queue_length", "Work that waits.", labels=_LABELS)
        age = GaugeMetricFamily(
            "amts_last_success_age_seconds",
            "Time since the last successful sync (since the start, before the first).",
            labels=_LABELS,
        )
        stale = GaugeMetricFamily("amts_stale", "1 if that is longer than stale_hours.", labels=_LABELS)
        for language, waiting, seconds, is_stale in self._languages():
            labels = [language.config, language.language]
            queue.add_metric(labels, waiting)
            age.add_metric(labels, seconds)
            stale.add_metric(labels, float(is_stale))
        return [queue, age, stale]
