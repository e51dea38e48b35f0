"""Amazon Translate in an experiment: parallel data of its own for each training set, deleted after its answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from bot.engines.amazon.clients import Session
from bot.engines.amazon.parallel_data import AmazonParallelData
from bot.engines.amazon.records import Ledger
from bot.engines.amazon.settings import AmazonSettings, language_codes
from bot.engines.amazon.storage import BucketStorage
from bot.engines.base import Engine, EngineOptions, Quote
from bot.engines.teaching import ParallelDataContent, Training
from bot.errors import EngineError
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation


@dataclass(frozen=True)
class AmazonExperiment:
    """The parallel data is called `<name>-eval-<hash>-<language>`. The experiment compares parallel data, so it uses no
    glossary."""

    session: Session
    options: EngineOptions
    create: Callable[[AmazonSettings], Engine]
    """An engine for the same language with other settings, without a glossary."""

    @property
    def label(self) -> str:
        return self._engine(None).label

    @property
    def identity(self) -> str:
        settings = self.session.settings
        return json.dumps([self.label, settings.region, settings.formality, settings.mode])

    @cached_property
    def _ledger(self) -> Ledger:
        """The language's own ledger: its caps hold for experiments too."""
        return Ledger(self.session, BucketStorage(self.session))

    def quote(self, requests: Sequence[Request], direction: Direction, training: Training | None) -> Quote:
        asked = self._engine(training).quote(requests, direction)
        # Before its parallel data exists, the engine quotes the price without any.
        return self.session.settings.prices.quote(asked.characters, custom=training is not None)

    def check(self, cost: Quote, spent: Decimal = Decimal(0)) -> None:
        self._ledger.check(cost, spent)

    def translate(
        self, requests: Sequence[Request], direction: Direction, training: Training | None
    ) -> Sequence[Translation]:
        session = replace(self.session, settings=self._settings(training))
        parallel_data = AmazonParallelData(session)
        if training is not None:
            self._teach(parallel_data, training, direction)
        cost = self.quote(requests, direction, training)
        if cost.characters:
            self._ledger.record(self._ledger.entry(f"{session.resource}-{cost.characters}"), cost)
        answers = self._engine(training).translate(requests, direction, TranslationMemory())
        if training is not None:
            # Before the caller stores the answers: a run that is killed in between is repeated, and the service's
            # own answers are kept in the bucket.
            parallel_data.delete()
        return answers

    def _teach(self, parallel_data: AmazonParallelData, training: Training, direction: Direction) -> None:
        content = ParallelDataContent(training.data, "csv", str(training.level), len(training.units))
        state = parallel_data.push(content).state
        source, target = language_codes(direction)
        if not state.is_usable or state.source != source or target not in state.targets:
            raise EngineError(
                f"the parallel data {state.name} is {state.status}, for {state.source}; delete it, run again"
            )
        left_out = state.skipped + state.failed
        self.options.tell(f"{state.name}: {state.imported:,} pairs imported, {left_out:,} left out")

    def _settings(self, training: Training | None) -> AmazonSettings:
        name = f"{self.session.settings.name}-eval"
        if training is None:
            return self.session.settings.model_copy(update={"name": name, "parallel_data": "none"})
        name = f"{name}-{training.digest[:12]}"
        level = {"name": name, "parallel_data": str(training.level), "parallel_data_from": 0, "mode": "batch"}
        return self.session.settings.model_copy(update=level)

    def _engine(self, training: Training | None) -> Engine:
        return self.create(self._settings(training))
