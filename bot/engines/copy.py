"""Engine `copy`: leaves the English in place, marked for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.engines.base import Engine, EngineOptions, EngineSettings
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation


class CopySettings(EngineSettings):
    """Leaves the source text in place, marked for a person."""

    kind: Literal["copy"]

    def create(self, options: EngineOptions) -> Engine:
        return CopyEngine()


class CopyEngine(Engine):
    name = "copy"
    limit_seconds = None
    translates_anything = False

    def translate(
        self,
        requests: Sequence[Request],
        direction: Direction,
        examples: TranslationMemory,
    ) -> Sequence[Translation]:
        return [
            Translation(request.text, left=f"not translated: the {direction.source.name} is copied")
            for request in requests
        ]
