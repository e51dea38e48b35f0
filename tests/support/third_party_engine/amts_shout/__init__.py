"""An engine of another package: `kind: shout` writes the source text in capitals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from bot.engines import Engine, EngineOptions, EngineSettings
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation


class ShoutSettings(EngineSettings):
    """Shouts."""

    kind: Literal["shout"]
    marks: Annotated[int, Field(ge=1)] = 1
    """Marks after each sentence; AMTS_SHOUT_MARK says which."""

    def create(self, options: EngineOptions) -> ShoutEngine:
        return ShoutEngine(options.environment.get("AMTS_SHOUT_MARK", "!") * self.marks)


class ShoutEngine(Engine):
    name = "shout"
    revises = True

    def __init__(self, marks: str) -> None:
        self._marks = marks

    def translate(
        self,
        requests: Sequence[Request],
        direction: Direction,
        examples: TranslationMemory,
    ) -> Sequence[Translation]:
        return [self._shout(request) for request in requests]

    def _shout(self, request: Request) -> Translation:
        if request.revised is not None:
            # People's words stand. One that understood them would change what the source text changed.
            return Translation(request.revised.target.rstrip(".!?。") + self._marks)
        if request.placeables:
            return Translation(request.text, left="formulas and code can't be shouted")
        return Translation(request.text.upper().rstrip(".!?") + self._marks)
