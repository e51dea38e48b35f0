"""The service with its workers, in simulated time: work is done once, in order, again where it failed."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest

from bot.errors import PendingError, RepositoryError, TransientError
from bot.service.base import WorkOutcome
from bot.service.service import Service
from bot.service.webhooks import Commented
from tests.support.service_run import ES, PUSH, ZH, Book, Time, comment, make_service, settle
from tests.support.waiting import PATIENCE_SECONDS, eventually


@pytest.fixture
def service(book: Book, clock: Time) -> Iterator[Service]:
    service = make_service(book, clock=clock)
    service.start()
    eventually(lambda: len(book.syncs) == 2)
    book.syncs.clear()
    book.work.clear()
    for _ in range(2):
        book.entered.acquire()
    yield service
    book.gate.set()
    if service.is_ready:
        assert service.stop(10) == []
    assert book.overlaps == 0


def test_every_language_is_synced_at_the_start(book: Book) -> None:
    service = make_service(book)
    service.start()
    eventually(lambda: sorted(book.syncs) == [ES, ZH])
    assert service.stop(10) == []


def test_ten_pushes_during_a_sync_are_one_more_sync(service: Service, book: Book) -> None:
    book.gate.clear()
    receipts = [service.receive(PUSH).outcome]
    for _ in range(2):
        assert book.entered.acquire(timeout=PATIENCE_SECONDS)
    receipts += [service.receive(PUSH).outcome for _ in range(10)]
    assert receipts == ["queued", "queued", *["coalesced"] * 9]
    book.gate.set()
    eventually(lambda: len(book.syncs) == 4)
    settle(service)
    assert sorted(book.syncs) == [ES, ES, ZH, ZH]


def test_a_comment_is_handled_once_however_often_it_comes(service: Service, book: Book) -> None:
    assert service.receive(Commented(comment(5))).outcome == "queued"
    eventually(lambda: book.answered == [5])
    assert service.receive(Commented(comment(5))).outcome == "coalesced"
    settle(service)
    assert book.answered == [5]


def test_a_full_queue_refuses_further_commands_but_no_push(book: Book, clock: Time) -> None:
    service = make_service(book, {"queue": 2}, clock)
    book.gate.clear()
    service.start()
    for _ in range(2):
        assert book.entered.acquire(timeout=PATIENCE_SECONDS)
    receipts = [service.receive(Commented(comment(number))).outcome for number in range(4)]
    assert receipts == ["queued", "queued", "full", "full"]
    assert not service.receive(PUSH).refused
    book.gate.set()
    eventually(lambda: book.answered == [0, 1])
    assert service.receive(Commented(comment(2))).outcome == "queued"
    eventually(lambda: book.answered == [0, 1, 2])
    assert service.stop(10) == []


def test_people_are_answered_before_a_sync_begins(service: Service, book: Book) -> None:
    book.gate.clear()
    service.request(ZH, "push")
    assert book.entered.acquire(timeout=PATIENCE_SECONDS)
    service.request(ZH, "push")
    service.receive(Commented(comment(1)))
    book.gate.set()
    eventually(lambda: len(book.work) == 3)
    assert book.work == [ZH, 1, ZH]


def test_a_comment_whose_webhook_got_lost_is_found_at_the_next_sync(service: Service, book: Book) -> None:
    book.lost = [comment(8)]
    book.failures = [PendingError("a job goes on")]
    for _ in range(2):
        service.request(ZH, "schedule")
        settle(service)
        assert book.answered == [8]


def test_a_waiting_batch_job_is_asked_for_again(service: Service, book: Book, clock: Time) -> None:
    book.failures = [PendingError("a job goes on")]
    service.request(ZH, "push")
    settle(service)
    clock.pass_to(clock.now + 299)
    settle(service)
    assert book.syncs == [ZH]
    clock.pass_to(clock.now + 2)
    settle(service)
    assert book.syncs == [ZH, ZH]


def test_a_failure_is_tried_again_ever_more_slowly(service: Service, book: Book, clock: Time) -> None:
    book.failures = [RepositoryError("no network"), ValueError("a bug"), RepositoryError("no network")]
    began = clock.now
    times = []
    service.request(ZH, "push")
    for _ in range(3):
        settle(service)
        done = len(book.syncs)
        while len(book.syncs) == done:
            clock.pass_to(clock.now + 1)
            settle(service)
        times.append(clock.now - began)
    assert times == pytest.approx([60, 180, 420], abs=5)
    assert service.problems() == []


def test_a_comment_that_could_not_be_handled_is_tried_again(service: Service, book: Book, clock: Time) -> None:
    book.failures = [RepositoryError("no network"), PendingError("a job goes on")]
    service.receive(Commented(comment(5)))
    settle(service)
    clock.pass_to(clock.now + 61)
    settle(service)
    assert book.answered == []
    clock.pass_to(clock.now + 301)
    settle(service)
    assert book.answered == [5]


def test_in_an_outage_a_flood_does_not_fill_the_schedule(book: Book, clock: Time) -> None:
    service = make_service(book, {"queue": 3, "every_minutes": 24 * 60}, clock)
    service.start()
    settle(service)
    jobs = len(clock.scheduler.get_jobs())
    for number in range(20):
        book.failures = [TransientError("GitHub is in trouble")]
        service.receive(Commented(comment(number)))
        settle(service)
    assert len(clock.scheduler.get_jobs()) == jobs + 3
    clock.pass_to(clock.now + 130, lambda: settle(service))
    assert sorted(book.answered) == [0, 1, 2]
    book.lost = [comment(7)]
    service.request(ZH, "push")
    settle(service)
    assert book.answered[-1] == 7
    assert service.stop(10) == []


def test_a_command_that_fails_for_more_than_an_hour_is_to_be_answered(book: Book, clock: Time) -> None:
    service = make_service(book, {"every_minutes": 24 * 60}, clock)
    service.start()
    settle(service)
    book.failures = [TransientError("GitHub is in trouble") for _ in range(6)]
    began = clock.now
    service.receive(Commented(comment(5)))
    settle(service)
    while not book.answered:
        clock.pass_to(clock.now + 10)
        settle(service)
    assert book.lasting == [*[False] * 6, True]
    assert 3600 < clock.now - began < 2 * 3600
    service.receive(Commented(comment(6)))
    settle(service)
    assert book.lasting[-1] is False
    assert service.stop(10) == []


def test_stopping_abandons_a_sync_where_that_is_safe_and_answers_what_was_accepted(
    service: Service, book: Book
) -> None:
    book.gate.clear()
    service.receive(PUSH)
    for _ in range(2):
        assert book.entered.acquire(timeout=PATIENCE_SECONDS)
    service.receive(PUSH)
    service.receive(Commented(comment(5)))
    left: list[object] = []
    stopping = threading.Thread(target=lambda: left.extend(service.stop(10)))
    stopping.start()
    eventually(lambda: not service.is_ready)
    assert service.receive(PUSH).outcome == "stopping"
    book.gate.set()
    stopping.join(10)
    assert left == []
    assert book.answered == [5]
    assert len(book.syncs) == 2
    text = service.metrics.text().decode()
    assert 'amts_syncs_total{config="a.yaml",language="zh",outcome="abandoned"} 1.0' in text


def test_work_that_does_not_end_in_time_is_named(service: Service, book: Book) -> None:
    book.gate.clear()
    service.request(ZH, "push")
    assert book.entered.acquire(timeout=PATIENCE_SECONDS)
    assert service.stop(0.01) == [ZH]


def test_a_book_without_a_successful_sync_goes_stale(book: Book, clock: Time, caplog: pytest.LogCaptureFixture) -> None:
    service = make_service(book, {"stale_hours": 2}, clock)
    book.outcome = WorkOutcome.INCOMPLETE
    service.start()
    clock.pass_to(clock.now + 7300, lambda: settle(service))
    text = service.metrics.text().decode()
    assert 'amts_stale{config="a.yaml",language="zh"} 1.0' in text
    assert caplog.text.count("a.yaml:zh: no sync succeeded for 2 hours") == 1
    book.outcome = WorkOutcome.SYNCED
    clock.pass_to(clock.now + 1000, lambda: settle(service))
    assert 'amts_stale{config="a.yaml",language="zh"} 0.0' in service.metrics.text().decode()
    assert service.stop(10) == []


def test_a_sync_that_takes_too_long_and_a_standing_schedule_are_unhealthy(
    service: Service, book: Book, clock: Time
) -> None:
    assert service.problems() == []
    book.gate.clear()
    service.request(ZH, "push")
    assert book.entered.acquire(timeout=PATIENCE_SECONDS)
    clock.now += 7 * 3600
    assert [problem.partition(" for ")[0] for problem in service.problems()] == [
        "a.yaml:zh: has been at work",
        "the schedule stands still",
    ]


def count_objects() -> int:
    gc.collect()
    return len(gc.get_objects())


def test_eight_hours_without_drift_leak_or_overlap(book: Book, clock: Time) -> None:
    service = make_service(book, {"every_minutes": 5, "jitter_seconds": 20}, clock)
    service.start()
    settle(service)
    book.syncs.clear()
    begin = clock.now
    times: list[float] = []

    def look() -> None:
        settle(service)
        if book.syncs.count(ZH) > len(times):
            times.append(clock.now - begin)

    clock.pass_to(begin + 1221, look)
    threads, jobs, objects = threading.active_count(), len(clock.scheduler.get_jobs()), count_objects()
    clock.pass_to(begin + 8 * 3600 + 21, look)
    assert len(times) == 96
    offsets = [moment - 300 * (number + 1) for number, moment in enumerate(times)]
    assert 0 <= min(offsets) < 5
    assert 15 < max(offsets) < 21
    assert threading.active_count() == threads
    # What was measured itself (a time and two languages for each poll) is no leak.
    assert count_objects() - objects < 200
    assert len(clock.scheduler.get_jobs()) == jobs
    assert book.overlaps == 0
    assert service.stop(10) == []
