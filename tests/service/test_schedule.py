"""When the service syncs: the windows of a language, and crontabs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.config.service import ServiceSettings
from bot.errors import ConfigError
from bot.service.schedule import is_open
from tests.support.service_run import PUSH, ZH, Book, Time, make_service, settle
from tests.support.waiting import eventually

pytest_plugins = ["tests.support.service_fixtures"]


def test_outside_of_its_window_a_language_waits_until_it_opens(book: Book, clock: Time) -> None:
    settings = {"windows": {"zh": ["22:00-06:00"]}, "timezone": "Europe/Madrid", "every_minutes": 24 * 60}
    clock.now = 1_790_078_400.0  # 2026-09-22 12:00 UTC, 14:00 in Madrid
    service = make_service(book, settings, clock)
    service.start()
    settle(service)
    assert service.receive(PUSH).outcome == "queued"
    settle(service)
    assert ZH not in book.syncs
    clock.pass_to(clock.now + 8 * 3600 - 1, lambda: settle(service))
    assert ZH not in book.syncs
    clock.pass_to(clock.now + 2, lambda: settle(service))
    assert book.syncs.count(ZH) == 1
    assert service.receive(PUSH).outcome == "queued"
    eventually(lambda: book.syncs.count(ZH) == 2)
    assert service.stop(10) == []


@pytest.mark.parametrize(
    ("window", "hours"),
    [("22:00-06:00", [22, 23, 0, 1, 2, 3, 4, 5]), ("09:00-12:00", [9, 10, 11]), ("23:00-00:00", [23])],
)
def test_a_window_may_go_on_after_midnight(window: str, hours: list[int]) -> None:
    midnight = 1_790_035_200.0
    settings = ServiceSettings()
    found = [hour for hour in range(24) if is_open([window], settings, midnight + hour * 3600)]
    assert found == sorted(hours)
    assert is_open([], settings, midnight)


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("30 6 * * 0", ["2026-09-27T06:30", "2026-10-04T06:30"]),
        ("0 0 * * 1-5/2", ["2026-09-23T00:00", "2026-09-25T00:00", "2026-09-28T00:00"]),
        ("15 3 1 * *", ["2026-10-01T03:15"]),
        ("0 12 * * sat,7", ["2026-09-26T12:00", "2026-09-27T12:00"]),
    ],
)
def test_a_crontab_means_what_cron_means(book: Book, clock: Time, cron: str, expected: list[str]) -> None:
    clock.now = 1_790_078_400.0
    service = make_service(book, {"cron": cron}, clock)
    service.start()
    settle(service)
    book.syncs.clear()
    times: list[float] = []

    def look() -> None:
        settle(service)
        if len(book.syncs) > 2 * len(times):
            times.append(clock.now)

    clock.scheduler.remove_job("check")
    clock.pass_to(clock.now + 13 * 86400, look)
    assert [datetime.fromtimestamp(each, UTC).isoformat()[:16] for each in times][: len(expected)] == expected
    assert service.stop(10) == []


def test_a_crontab_that_makes_no_sense_is_refused(book: Book, clock: Time) -> None:
    with pytest.raises(ConfigError, match=r'service\.cron: "99 \* \* \* \*" is no time'):
        make_service(book, {"cron": "99 * * * *"}, clock).start()
