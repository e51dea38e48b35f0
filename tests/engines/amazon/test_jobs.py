"""Batch jobs when something is slow, refused, broken or missing: right answers, or an error that says what to do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from bot.emulator import FaultKind
from bot.engines.amazon import batch
from bot.engines.amazon.documents import pack, split_jobs
from bot.engines.amazon.records import Answers, Failure
from bot.engines.amazon.storage import BucketStorage
from bot.errors import EngineError, PendingError
from tests.support.amazon_run import BOOK, SETTINGS, Call, World, ask, changed, price, requests, wrapped
from tests.support.emulator_fixture import BUCKET


class TestStarting:
    @pytest.mark.parametrize("kind", [FaultKind.THROTTLE, FaultKind.ERROR, FaultKind.DROP_BEFORE])
    def test_a_start_that_failed_is_tried_again_after_a_pause(self, world: World, kind: FaultKind) -> None:
        world.fail(kind, "StartTextTranslationJob")
        assert not any(answer.left for answer in world.translate())
        assert world.time.slept[0] == SETTINGS.poll_seconds
        assert len(world.state.jobs) == 1

    def test_a_start_whose_answer_was_lost_is_found_and_not_repeated(self, world: World) -> None:
        world.fail(FaultKind.DROP, "StartTextTranslationJob")
        assert not any(answer.left for answer in world.translate())
        assert sum(call.operation == "StartTextTranslationJob" for call in world.state.calls) == 1

    @pytest.mark.parametrize(
        ("kind", "advice"), [(FaultKind.THROTTLE, "run again later"), (FaultKind.DROP_BEFORE, "check the network")]
    )
    def test_a_service_that_stays_away_is_an_error_and_the_next_run_goes_on(
        self, world: World, kind: FaultKind, advice: str
    ) -> None:
        world.fail(kind, "StartTextTranslationJob", times=None)
        with pytest.raises(EngineError, match=f"starting the job amts-zh-.*{advice}"):
            world.translate()
        world.cloud.emulator.clear_faults()
        quote = price(world.engine()).characters
        assert not any(answer.left for answer in world.translate())
        assert world.billed == quote
        assert world.clean()
        assert sum(key.startswith("ledger/") for key in world.stored()) == 1

    def test_a_job_that_may_run_keeps_its_documents_when_it_can_not_be_looked_for(self, world: World) -> None:
        """Its start was not answered, and then nothing else was: the next run finds it."""

        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            if name == "start_text_translation_job":
                world.fail(FaultKind.THROTTLE, "ListTextTranslationJobs", times=None)
                call(**arguments)
                raise ConnectionClosedError(endpoint_url="http://x")
            return call(**arguments)

        with pytest.raises(EngineError, match="looking for the job"):
            world.translate(wrap=wrapped(around))
        world.cloud.emulator.clear_faults()
        assert not any(answer.left for answer in world.translate())
        assert len(world.state.jobs) == 1
        assert sum(key.startswith("ledger/") for key in world.stored()) == 1

    @pytest.mark.parametrize("operation", ["s3:GET", "s3:PUT", "s3:POST", "ListTextTranslationJobs"])
    @pytest.mark.parametrize("kind", [FaultKind.THROTTLE, FaultKind.ERROR, FaultKind.DROP, FaultKind.DROP_BEFORE])
    def test_one_failure_of_any_call_is_no_failure_of_the_run(
        self, world: World, operation: str, kind: FaultKind
    ) -> None:
        world.fail(kind, operation)
        assert not any(answer.left for answer in world.translate())
        assert len(world.state.jobs) == 1
        assert world.clean()

    def test_large_books_become_several_jobs_of_several_documents(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batch, "pack", lambda blocks: pack(blocks, limit=250))
        monkeypatch.setattr(batch, "split_jobs", lambda found: split_jobs(found, count=2))
        book = requests(*(f"This is sentence {number} of many." for number in range(20)))
        quote = price(world.engine(), book).characters
        answers = world.translate(book)
        assert len({answer.text for answer in answers}) == 20
        assert [job.documents for job in world.state.jobs][:-1] == [2] * (len(world.state.jobs) - 1)
        assert len(world.state.jobs) > 2
        assert world.billed == quote
        assert world.clean()


class TestWaiting:
    def test_the_interval_grows_to_its_limit(self, slow: World) -> None:
        slow.translate()
        assert slow.time.slept[:6] == [1.0, 1.5, 2.25, 3.375, 4.0, 4.0]
        assert 100 <= sum(slow.time.slept) < 108

    def test_who_does_not_wait_is_told_to_come_again_and_finds_the_job(self, slow: World) -> None:
        with pytest.raises(PendingError, match=r"zh: Amazon Translate is not done with amts-zh-\w+; run again later"):
            slow.translate(wait=False)
        assert price(slow.engine()).characters == 0
        slow.time.seconds += 200
        assert not any(answer.left for answer in slow.translate(wait=False))
        assert len(slow.state.jobs) == 1

    def test_waiting_ends_and_a_later_run_waits_on(self, slow: World) -> None:
        with pytest.raises(PendingError):
            slow.translate(settings=changed(timeout_hours=0.01))
        assert 36 <= sum(slow.time.slept) < 42
        slow.translate()
        assert len(slow.state.jobs) == 1

    def test_what_is_asked_meanwhile_becomes_a_second_job_and_both_are_waited_for(self, slow: World) -> None:
        with pytest.raises(PendingError):
            slow.translate(wait=False)
        more = [*BOOK, *requests("A new one.")]
        assert price(slow.engine(), more).characters == len("A new one.")
        assert not any(answer.left for answer in slow.translate(more))
        assert [job.documents for job in slow.state.jobs] == [2, 1]

    def test_looks_that_fail_do_not_end_the_waiting(self, slow: World) -> None:
        looks = 0

        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            nonlocal looks
            if name == "describe_text_translation_job":
                looks += 1
                if looks % 5:
                    raise ConnectionClosedError(endpoint_url="http://x")
            return call(**arguments)

        assert not any(answer.left for answer in slow.translate(wrap=wrapped(around)))
        assert looks > 10

    def test_looks_that_never_succeed_end_it_with_an_error(self, slow: World) -> None:
        slow.fail(FaultKind.ERROR, "DescribeTextTranslationJob", times=None)
        with pytest.raises(EngineError, match=r"looking at the job .*run again later: what was translated is kept"):
            slow.translate()

    def test_a_slow_job_is_waited_for_and_each_state_is_told_once(self, slow: World) -> None:
        slow.fail(FaultKind.SLOW_JOB, seconds=500)
        slow.translate()
        assert [re.sub(r".* is ", "", told) for told in slow.told[1:]] == [
            "SUBMITTED",
            "IN_PROGRESS",
            "COMPLETED, 2 of 2 documents",
        ]
        assert sum(slow.time.slept) >= 600


def test_the_list_of_jobs_is_read_to_its_end(slow: World) -> None:
    """With more jobs than one page holds, of which the service may return fewer than were asked for."""
    with pytest.raises(PendingError):
        slow.translate(wait=False)

    def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
        if name == "list_text_translation_jobs" and "NextToken" not in arguments:
            return {"TextTranslationJobPropertiesList": [], "NextToken": "more"}
        if name == "list_text_translation_jobs":
            arguments = {"Filter": arguments["Filter"]}
        return call(**arguments)

    slow.translate(wrap=wrapped(around))
    assert len(slow.state.jobs) == 1


def test_a_job_that_ended_and_was_collected_is_not_taken_for_the_next_one_of_its_name(world: World) -> None:
    """Lifecycle rules may delete the answers: the same sentences are then a new job of the same name."""
    world.translate()
    for key in world.stored():
        world.cloud.s3.delete_object(Bucket=BUCKET, Key=f"amts/{key}")
    assert not any(answer.left for answer in world.translate())
    first, second = world.state.jobs
    assert first.name == second.name


def test_the_later_of_two_answers_counts_and_a_failure_replaces_no_answer(world: World) -> None:
    answers = Answers(world.session(), BucketStorage(world.session()))
    answers.write("one", {"a": "A", "b": Failure("no"), "c": "C"})
    answers.write("two", {"a": Failure("no"), "b": "B"})
    assert answers.read().first == {"a": "A", "b": "B", "c": "C"}


def test_two_languages_at_once_do_not_meet(slow: World) -> None:
    engines = [slow.engine(language=name, wait=False) for name in ("zh", "zh-2")]
    for engine in engines:
        with pytest.raises(PendingError):
            ask(engine)
    slow.time.seconds += 300
    for engine in engines:
        assert not any(answer.left for answer in ask(engine))
    assert len(slow.state.jobs) == 2
