"""Sentences that are sent to Amazon Translate one at a time, without a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.emulator import FaultKind
from bot.errors import EngineError
from tests.support.amazon_run import (
    World,
    changed,
    price,
    requests,
    wrapped,
)

REAL_TIME = changed(mode="real-time")


class TestRealTime:
    def test_each_sentence_is_one_call_and_none_is_paid_for_twice(self, world: World) -> None:
        quote = price(world.engine(REAL_TIME))
        answers = world.translate(settings=REAL_TIME)
        state = world.state
        assert (state.count("TranslateText"), state.jobs) == (4, ())
        assert quote.characters == world.billed
        assert not any(answer.left for answer in answers)
        assert world.translate(settings=REAL_TIME) == answers
        assert world.state.count("TranslateText") == 4

    def test_a_sentence_that_is_too_long_is_left_and_not_sent(self, world: World) -> None:
        answers = world.translate(requests("word " * 2000 + "end.", "The stone."), REAL_TIME)
        assert "longer than Amazon Translate takes" in answers[0].left
        assert not answers[1].left
        assert world.state.count("TranslateText") == 1

    def test_an_error_keeps_what_was_answered(self, world: World) -> None:
        world.fail(FaultKind.ERROR, "TranslateText", times=2)
        with pytest.raises(EngineError, match="translating a sentence: AWS answered Internal"):
            world.translate(settings=changed(REAL_TIME, max_attempts=1))
        asked = world.state.count("TranslateText")
        world.translate(settings=REAL_TIME)
        assert asked == 2
        assert world.state.count("TranslateText") == 4

    def test_a_text_that_the_service_refuses_is_left_alone(self, world: World) -> None:
        def around(name: str, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
            if name == "translate_text" and "stone" in arguments["Text"]:
                arguments = arguments | {"Text": "x" * 10_001}
            return call(**arguments)

        answers = world.translate(settings=REAL_TIME, wrap=wrapped(around))
        assert "TextSizeLimitExceeded" in answers[0].left
        assert not any(answer.left for answer in answers[1:])
