"""Engine `copy`: leaves the English in place, marked for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.engines.base import Engine, EngineOptions, EngineSettings, FreeEngine
from bot.memory import TranslationMemory
from bot.model import Language, Request, Translation


class CopySettings(EngineSettings):
    """Leaves the source text in place, marked for a person."""

    kind: Literal["copy"]

    def create(self, options: EngineOptions) -> Engine:  # noqa: ARG002
        return CopyEngine()


class CopyEngine(FreeEngine):
    name = label = "copy"
    translates_anything = False

    def translate(
        self,
        requests: Sequence[Request],
        *,
        source: Language,
        target: Language,  # noqa: ARG002 - the Protocol's names
        examples: TranslationMemory,  # noqa: ARG002
    ) -> Sequence[Translation]:
        return [Translation(request.text, left=f"not translated: the {source.name} is copied") for request in requests]
