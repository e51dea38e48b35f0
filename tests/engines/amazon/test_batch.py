"""How a job of Amazon Translate ends: well, with failures of its own or of a few sentences, or stopped."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from bot.emulator import FaultKind
from bot.engines.amazon import batch
from bot.engines.amazon.documents import split_jobs
from bot.errors import EngineError, PendingError
from tests.support.amazon_run import BOOK, SENTENCES, Call, World, changed, price, requests, wrapped


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
        assert slow.clean()

    def test_of_several_jobs_the_good_ones_are_kept_when_one_fails(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batch, "split_jobs", lambda found: split_jobs(found, count=1))
        world.fail(FaultKind.FAIL_JOB)
        with pytest.raises(EngineError, match="FAILED"):
            world.translate()
        world.translate()
        assert sorted(job.status for job in world.state.jobs) == ["COMPLETED", "COMPLETED", "FAILED"]
        assert world.clean()

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
        answers = world.translate(settings=changed(max_dollars_per_run=job_alone))
        assert re.match(r"the machine lost `code`; not asked again: .*max_dollars_per_run", answers[1].left)
        assert world.state.count("TranslateText") == 0

    def test_elements_in_another_order_are_doubted(self, world: World) -> None:
        world.fail(FaultKind.REORDER, times=None)
        doubts = [answer.warnings for answer in world.translate(requests(SENTENCES[1]))]
        assert doubts == [("formulas, code or links stand in another order than in the English",)]
