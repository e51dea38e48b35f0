"""Engine `copy`: leaves the English in place, marked for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.engines.base import FREE, EngineOptions, Quote
from bot.memory import TranslationMemory
from bot.model import Language, Request, Translation


class CopyEngine:
    name = label = "copy"
    spends = False

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
        target: Language,  # noqa: ARG002 - the Protocol's names
        examples: TranslationMemory,  # noqa: ARG002
    ) -> Sequence[Translation]:
        return [Translation(request.text, left=f"not translated: the {source.name} is copied") for request in requests]


def create(options: EngineOptions, settings: Mapping[str, object]) -> CopyEngine:  # noqa: ARG001
    return CopyEngine()
