"""Engine `copy`: leaves the English in place, marked for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.engines.base import EngineOptions, FreeEngine
from bot.memory import TranslationMemory
from bot.model import Language, Request, Translation


class CopyEngine(FreeEngine):
    name = label = "copy"

    def translate(
        self,
        requests: Sequence[Request],
        *,
        source: Language,
        target: Language,  # noqa: ARG002 - the Protocol's names
        examples: TranslationMemory,  # noqa: ARG002
    ) -> Sequence[Translation]:
        return [Translation(request.text, left=f"not translated: the {source.name} is copied") for request in requests]


def create(options: EngineOptions, settings: Mapping[str, object]) -> CopyEngine:  # noqa: ARG001
    return CopyEngine()
