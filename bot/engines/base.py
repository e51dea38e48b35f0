"""What every engine is and gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.memory import TranslationMemory
from bot.model import Language, Request, Translation


class Engine(Protocol):
    """Translates sentences. Answers come in the order and number of the requests; a failure is one request's own."""

    @property
    def name(self) -> str: ...

    def translate(
        self, requests: Sequence[Request], *, source: Language, target: Language, examples: TranslationMemory
    ) -> Sequence[Translation]:
        """One Translation per request. Raises EngineError only where the engine as a whole can't work."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What the application lends an engine: how to read a file that its settings name (relative to the config)."""

    read_text: Callable[[str], str]
