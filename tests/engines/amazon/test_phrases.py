"""Phrases of people's sentences through Amazon Translate: quoted, billed once, and found again after a restart."""

from __future__ import annotations

import pytest

from bot.engines.policy import repair_policy
from bot.errors import PendingError
from bot.memory import TranslationMemory
from bot.model import Bead, Direction
from bot.pipeline import Texts, complete, plan_texts
from tests.support.amazon_run import CHINESE, ENGLISH, GERMAN, World, ask, price, requests

HOT = "Tea is a hot drink that many people like."
LANGUAGES = Direction(ENGLISH, CHINESE)


def test_a_phrase_is_quoted_and_billed_and_a_run_that_was_cut_short_goes_on(slow: World) -> None:
    # The emulator says the same in every language.
    old, new = (answer.text for answer in ask(slow.engine(), requests("a hot drink", "a cold drink"), GERMAN))
    texts = Texts("tea.md", HOT, HOT.replace("hot", "cold"), f"茶是{old}，很多人喜欢。")
    beads, memory, policy = [Bead((0,), (0,), 1.0)], TranslationMemory(), repair_policy(slow.engine())
    planned = plan_texts(texts, beads, LANGUAGES, memory, policy)
    asked = planned.requests
    assert {"a hot drink", "a cold drink"} <= {request.text for request in asked}
    quote, billed = price(slow.engine(), asked), slow.billed
    assert quote.characters == sum(len(request.text) for request in asked)
    with pytest.raises(PendingError):
        ask(slow.engine(wait=False), asked)
    answers = ask(slow.engine(), asked)
    assert slow.billed - billed == quote.characters
    assert price(slow.engine(), asked).characters == 0
    assert complete(texts, planned, LANGUAGES, answers).text == f"茶是{new}，很多人喜欢。"
