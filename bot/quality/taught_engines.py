"""The engine of an experiment: an engine of the configuration, with a training set or without one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.metadata import version

from bot.book.project import Project
from bot.engines.base import Engine, ExperimentEngine, Quote
from bot.engines.teaching import Training
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation


class TaughtByExamples:
    """An engine that learns from the examples that it is given with each translation."""

    def __init__(self, engine: Engine, identity: str) -> None:
        self._engine = engine
        self.identity = identity

    @property
    def label(self) -> str:
        return self._engine.label

    def quote(self, requests: Sequence[Request], direction: Direction, training: Training | None) -> Quote:  # noqa: ARG002
        return self._engine.quote(requests, direction)

    def check(self, cost: Quote) -> None:
        """Such an engine has its own caps."""

    def translate(
        self, requests: Sequence[Request], direction: Direction, training: Training | None
    ) -> Sequence[Translation]:
        examples = TranslationMemory(training.units if training else ())
        return self._engine.translate(requests, direction, examples)


def open_examinee(
    project: Project, name: str, engine: str, tell: Callable[[str], None], *, wait: bool = True
) -> ExperimentEngine:
    """The engine of that name, or the language's own where it is "". Raises UsageError for one that does not exist."""
    opened = project.engine(name, engine, wait=wait, tell=tell)
    identity = json.dumps([version("amts"), project.engine_settings(name, engine).model_dump()], sort_keys=True)
    return opened.experiment or TaughtByExamples(opened, identity)
