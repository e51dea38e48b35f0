"""An engine for tests that answers what it is told to."""

from __future__ import annotations

from collections.abc import Sequence

from bot.engines.base import FREE, Quote
from bot.memory import TranslationMemory
from bot.model import Language, Request, Translation


class Answers:
    """`asked` are the requests so far; every answer carries the same `warnings`."""

    name = label = "answers"
    spends = False

    def __init__(self, *answers: str, warnings: tuple[str, ...] = ()) -> None:
        self.answers = answers
        self.warnings = warnings
        self.asked: list[Request] = []

    def quote(
        self,
        requests: Sequence[Request],  # noqa: ARG002
        *,
        source: Language,  # noqa: ARG002
        target: Language,  # noqa: ARG002
        anew: bool = False,  # noqa: ARG002
    ) -> Quote:
        return FREE

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
