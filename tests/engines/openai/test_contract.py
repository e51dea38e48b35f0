"""The contract of every engine, fulfilled in front of a double of the service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.engines import EngineSettings
from bot.engines.base import Engine, EngineOptions
from tests.support.engine_contract import EngineContract
from tests.support.llm_double import KEY, Item, LLMDouble
from tests.support.llm_run import changed, from_table


def _loses_formulas(item: Item) -> str:
    return from_table(item).replace("<x1>$x$</x1>", "")


class TestOpenAI(EngineContract):
    @pytest.fixture(autouse=True)
    def _served(self) -> Iterator[None]:
        with LLMDouble(_loses_formulas) as self.double:
            yield

    @property
    def settings(self) -> EngineSettings:
        return changed(self.double)

    def make(self) -> Engine:
        options = EngineOptions(lambda name: name, language="es", environment={"DOUBLE_KEY": KEY})
        return self.settings.create(options)
