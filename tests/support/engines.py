"""An engine for tests that answers what it is told to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.engines.base import Engine
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation


class Answers(Engine):
    """`asked` are the requests so far; every answer carries the same `warnings`."""

    name = label = "answers"

    def __init__(self, *answers: str, warnings: tuple[str, ...] = ()) -> None:
        self.answers = answers
        self.warnings = warnings
        self.asked: list[Request] = []

    def translate(
        self,
        requests: Sequence[Request],
        direction: Direction,
        examples: TranslationMemory,
    ) -> Sequence[Translation]:
        assert isinstance(direction, Direction)
        assert isinstance(examples, TranslationMemory)
        self.asked += requests
        return [Translation(answer, warnings=self.warnings) for answer in self.answers]


class PhraseBook(Engine):
    """Translates what it has learned by heart, `asked` in the order of the questions; leaves everything else."""

    name = label = "phrase book"

    def __init__(self, phrases: Mapping[str, str], *, revises: bool = False) -> None:
        self.phrases = phrases
        self.revises = revises
        self.asked: list[Request] = []

    def translate(
        self,
        requests: Sequence[Request],
        direction: Direction,
        examples: TranslationMemory,
    ) -> Sequence[Translation]:
        self.asked += requests
        return [
            Translation(self.phrases[request.text])
            if request.text in self.phrases
            else Translation(request.text, left="not in the phrase book")
            for request in requests
        ]
