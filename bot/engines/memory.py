"""Engine `memory`: the book's own translations. An exact match is the translation; a similar match is only shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.engines.base import About, Engine, EngineOptions, EngineSettings, Lesson
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation


class MemorySettings(EngineSettings):
    """Reuses the translations that people made before; other sentences are left for a person."""

    kind: Literal["memory"]
    about = About((Lesson.EXAMPLES,))

    def create(self, options: EngineOptions) -> Engine:
        return MemoryEngine()


class MemoryEngine(Engine):
    name = "memory"
    limit_seconds = None
    translates_anything = False

    def translate(
        self,
        requests: Sequence[Request],
        direction: Direction,  # the base class's names
        examples: TranslationMemory,
    ) -> Sequence[Translation]:
        return [_answer(request, examples) for request in requests]


def _answer(request: Request, examples: TranslationMemory) -> Translation:
    unit = examples.exact(request.text, request.kind, request.before)
    if unit is not None:
        return Translation(unit.target)
    fuzzy = examples.fuzzy(request.text)
    if fuzzy:
        percent = int(fuzzy[0].similarity * 100)
        return Translation(request.text, left=f"not in the memory; a match of {percent} % is offered", fuzzy=fuzzy[0])
    return Translation(request.text, left="not in the memory")
