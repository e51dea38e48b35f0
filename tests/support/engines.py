"""An engine for tests that answers what it is told to."""

from __future__ import annotations

from collections.abc import Sequence

from bot.engines.base import FreeEngine
from bot.memory import TranslationMemory
from bot.model import Language, Request, Translation


class Answers(FreeEngine):
    """`asked` are the requests so far; every answer carries the same `warnings`."""

    name = label = "answers"

    def __init__(self, *answers: str, warnings: tuple[str, ...] = ()) -> None:
        self.answers = answers
        self.warnings = warnings
        self.asked: list[Request] = []

    def translate(
        self,
        requests: Sequence[Request],
        *,
        source: Language,
        target: Language,
        examples: TranslationMemory,
    ) -> Sequence[Translation]:
        assert isinstance(source, Language)
        assert isinstance(target, Language)
        assert isinstance(examples, TranslationMemory)
        self.asked += requests
        return [Translation(answer, warnings=self.warnings) for answer in self.answers]
