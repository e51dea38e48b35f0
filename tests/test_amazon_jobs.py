"""Batch jobs when something is slow, refused, broken or missing: right answers, or an error that says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from bot.emulator import FaultKind
from bot.engines.amazon import batch
from bot.engines.amazon.answers import Answers, Failure
from bot.engines.amazon.documents import Block, pack, split_jobs
from bot.engines.amazon.storage import Storage
from bot.errors import EngineError, PendingError
from tests.amazon_run import BOOK, SENTENCES, SETTINGS, Time, World, ask, make_world, price, requests, wrapped
from tests.emulator_fixture import BUCKET, Cloud

Call = Callable[..., Any]


@pytest.fixture
def world(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> World:
    return make_world(cloud, monkeypatch)


@pytest.fixture
def slow(start_cloud: Callable[..., Cloud], monkeypatch: pytest.MonkeyPatch) -> World:
    """Jobs take a hundred seconds of a time that passes while the engine waits."""
    passing = Time()
    return make_world(start_cloud(job_seconds=100, clock=passing), monkeypatch, passing)


def clean(world: World) -> bool:
    return not any(key.startswith("jobs/") for key in world.stored())


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
        assert clean(world)
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
        assert clean(world)

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
        assert clean(world)


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
            slow.translate(settings=replace(SETTINGS, timeout_hours=0.01))
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


class TestEnding:
    def test_a_job_that_fails_is_an_error_with_its_message_and_the_next_run_starts_another(self, world: World) -> None:
        world.fail(FaultKind.FAIL_JOB)
        with pytest.raises(EngineError, match=r"zh: the job amts-zh-\w+ .* FAILED: emulator.*`amts check --aws`"):
            world.translate()
        assert world.stored() == []
        assert not any(answer.left for answer in world.translate())
        assert [job.status for job in world.state.jobs] == ["FAILED", "COMPLETED"]
        assert len({job.name for job in world.state.jobs}) == 1

    def test_a_failure_that_nobody_saw_is_told_by_the_next_run(self, slow: World) -> None:
        slow.fail(FaultKind.FAIL_JOB)
        with pytest.raises(PendingError):
            slow.translate(wait=False)
        slow.time.seconds += 200
        with pytest.raises(EngineError, match="FAILED"):
            slow.translate(wait=False)
        assert clean(slow)

    def test_of_several_jobs_the_good_ones_are_kept_when_one_fails(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batch, "split_jobs", lambda found: split_jobs(found, count=1))
        world.fail(FaultKind.FAIL_JOB)
        with pytest.raises(EngineError, match="FAILED"):
            world.translate()
        world.translate()
        assert sorted(job.status for job in world.state.jobs) == ["COMPLETED", "COMPLETED", "FAILED"]
        assert clean(world)

    def test_a_job_that_was_stopped_is_an_error_that_says_so_and_stays_in_the_ledger(self, slow: World) -> None:
        with pytest.raises(PendingError):
            slow.translate(wait=False)
        slow.time.seconds += 50
        (job,) = slow.state.jobs
        slow.cloud.translate.stop_text_translation_job(JobId=job.id)
        with pytest.raises(EngineError, match=r"STOPPED.*somebody stopped it, and run again"):
            slow.translate()
        assert [key.split("/")[0] for key in slow.stored()] == ["ledger"]
        assert not any(answer.left for answer in slow.translate())

    def test_a_document_that_fails_leaves_its_sentences_with_the_reason_and_no_others(self, world: World) -> None:
        world.fail(FaultKind.FAIL_DOCUMENT, "b-c-md-*")
        answers = world.translate()
        assert [bool(answer.left) for answer in answers] == [False, False, False, True, True]
        assert re.match("Amazon Translate did not translate its document: .*emulator", answers[3].left)
        assert answers[3].text == BOOK[3].text
        assert price(world.engine()).characters == 0

    def test_what_failed_is_asked_again_a_day_later(self, world: World) -> None:
        world.fail(FaultKind.FAIL_DOCUMENT, "b-c-md-*")
        world.translate()
        world.time.seconds += 86400 + 60
        assert price(world.engine()).characters > 0
        assert not any(answer.left for answer in world.translate())
        assert not any(answer.left for answer in world.translate())

    def test_a_sentence_that_lost_a_placeable_is_asked_again_alone_once(self, world: World) -> None:
        world.fail(FaultKind.LOSE, times=None)
        asked: list[str] = []

        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            if name == "translate_text":
                asked.append(arguments["Text"])
                world.cloud.emulator.clear_faults()
            return call(**arguments)

        answers = world.translate(wrap=wrapped(around))
        assert not any(answer.left for answer in answers)
        assert "`code`" in answers[1].text
        assert len(asked) == len(set(asked)) == 2
        assert world.translate() == answers
        assert world.state.count("TranslateText") == 2

    def test_one_that_comes_back_damaged_again_is_left_with_the_reason_and_never_asked_again(
        self, world: World
    ) -> None:
        world.fail(FaultKind.LOSE, times=None)
        answers = world.translate()
        assert answers[1].left == "the machine lost `code`, also when asked again"
        assert answers[1].text == SENTENCES[1]
        world.cloud.emulator.clear_faults()
        assert world.translate() == answers

    def test_one_that_can_not_be_asked_again_is_left_for_that(self, world: World) -> None:
        world.fail(FaultKind.LOSE, times=None)
        job_alone = Decimal(price(world.engine()).characters * 15) / 1_000_000
        answers = world.translate(settings=replace(SETTINGS, max_dollars_per_run=job_alone))
        assert re.match(r"the machine lost `code`; not asked again: .*max_dollars_per_run", answers[1].left)
        assert world.state.count("TranslateText") == 0

    def test_elements_in_another_order_are_doubted(self, world: World) -> None:
        world.fail(FaultKind.REORDER, times=None)
        doubts = [answer.warnings for answer in world.translate(requests(SENTENCES[1]))]
        assert doubts == [("formulas, code or links stand in another order than in the English",)]


class TestOutput:
    def test_a_folder_that_can_not_be_deleted_at_once_costs_no_answer(self, world: World) -> None:
        refused = 0

        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            nonlocal refused
            answer = call(**arguments)
            if name == "delete_objects" and refused < 2:
                refused += 1
                world.fail(FaultKind.THROTTLE, "s3:POST", times=SETTINGS.max_attempts)
                return call(**arguments)
            return answer

        assert not any(answer.left for answer in world.translate(wrap=wrapped(around)))
        assert clean(world)

    def test_a_document_that_is_missing_without_a_reason_is_an_error_of_its_sentences(self, world: World) -> None:
        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            if name == "get_object" and re.search(r"/zh\.b-c-md", arguments["Key"]):
                arguments = arguments | {"Key": "not there"}
            return call(**arguments)

        answers = world.translate(wrap=wrapped(around))
        assert [bool(answer.left) for answer in answers] == [False, False, False, True, True]
        assert answers[4].left == "Amazon Translate returned no translation of its document, and no reason"

    @pytest.mark.parametrize("looks", [1, 3, 100])
    def test_details_that_are_empty_at_first_are_looked_at_again(self, world: World, looks: int) -> None:
        world.fail(FaultKind.FAIL_DOCUMENT, "b-c-md-*")
        left = looks

        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            nonlocal left
            answer = call(**arguments)
            if name == "get_object" and "/details/" in arguments["Key"] and left:
                left -= 1
                answer["Body"].read()
                return {"Body": Body(b"")}
            return answer

        answers = world.translate(wrap=wrapped(around))
        assert answers[3].left.startswith("Amazon Translate")
        assert not answers[0].left
        assert ("emulator" in answers[3].left) is (looks < 6)
        assert len(world.time.slept) == min(looks, 5)

    def test_only_the_expected_files_are_read(self, world: World) -> None:
        keys: list[str] = []

        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            if name == "get_object" and "/out/" in arguments["Key"]:
                keys.append(re.sub(r".*-TranslateText-\w+", "", arguments["Key"]))
            return call(**arguments)

        world.translate(wrap=wrapped(around))
        assert sorted(keys) == [
            "/details/zh.auxiliary-translation-details.json",
            f"/zh.{file_name('a.md')}",
            f"/zh.{file_name('b/c.md')}",
        ]

    def test_a_document_without_a_sentence_or_with_it_twice_leaves_that_sentence(self, world: World) -> None:
        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            answer = call(**arguments)
            if name == "get_object" and "/zh.a-md" in arguments["Key"]:
                text = answer["Body"].read().decode()
                first, second = re.findall(r"<p .*?</p>", text)
                return {"Body": Body(text.replace(first, "").replace(second, second * 2).encode())}
            return answer

        answers = world.translate(wrap=wrapped(around))
        assert answers[0].left == answers[1].left == "Amazon Translate returned its document without this sentence"

    def test_what_is_not_utf_8_leaves_the_sentences(self, world: World) -> None:
        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            answer = call(**arguments)
            if name == "get_object" and "/zh.a-md" in arguments["Key"]:
                return {"Body": Body(answer["Body"].read().decode().encode("utf-16"))}
            return answer

        assert "not UTF-8" in world.translate(wrap=wrapped(around))[0].left


def file_name(path: str) -> str:
    return pack([Block("", "", 0, path)])[0].name


class Body:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def read(self) -> bytes:
        return self.content


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
    answers = Answers(world.clients(), Storage(world.clients(), SETTINGS))
    answers.write("one", {"a": "A", "b": Failure("no"), "c": "C"})
    answers.write("two", {"a": Failure("no"), "b": "B"})
    assert answers.read().first == {"a": "A", "b": "B", "c": "C"}


def test_two_languages_at_once_do_not_meet(slow: World) -> None:
    engines = [slow.engine(replace(SETTINGS, language=name), wait=False) for name in ("zh", "zh-2")]
    for engine in engines:
        with pytest.raises(PendingError):
            ask(engine)
    slow.time.seconds += 300
    for engine in engines:
        assert not any(answer.left for answer in ask(engine))
    assert len(slow.state.jobs) == 2
