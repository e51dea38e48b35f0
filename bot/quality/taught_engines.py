"""Who is examined: an engine of the configuration, with a lesson before it or without one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from importlib.metadata import version
from typing import Protocol

from bot.book.project import Project, read_text
from bot.config.schema import built_in_engine
from bot.engines import ENGINES, Engine, EngineOptions
from bot.engines.amazon import parallel_data
from bot.engines.amazon.clients import connect
from bot.engines.amazon.engine import AmazonEngine as Amazon
from bot.engines.amazon.ledger import Ledger
from bot.engines.amazon.parallel_data import Content
from bot.engines.amazon.settings import AmazonSettings, Settings, read_settings, service_code
from bot.engines.amazon.storage import Storage
from bot.engines.base import Quote
from bot.errors import EngineError, UsageError
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation
from bot.quality.training_sets import Lesson


class Examinee(Protocol):
    """An engine that can be taught a lesson for one examination. `languages` are the ones of the translation."""

    @property
    def label(self) -> str:
        """Who translates, for a person to read."""

    @property
    def identity(self) -> str:
        """What its answers depend on, beside what it is asked and taught."""

    def quote(self, requests: Sequence[Request], direction: Direction, lesson: Lesson | None) -> Quote:
        """What `translate` would cost. Spends nothing."""

    def check(self, cost: Quote) -> None:
        """Raises EngineError where all that an examination costs is more than the settings allow."""

    def translate(
        self, requests: Sequence[Request], direction: Direction, lesson: Lesson | None
    ) -> Sequence[Translation]:
        """One answer per request. Raises EngineError."""


class Plain:
    """Any engine that finds its examples in the memory that it is given."""

    def __init__(self, engine: Engine, identity: str) -> None:
        self._engine = engine
        self.identity = identity

    @property
    def label(self) -> str:
        return self._engine.label

    def quote(self, requests: Sequence[Request], direction: Direction, lesson: Lesson | None) -> Quote:  # noqa: ARG002
        return self._engine.quote(requests, source=direction.source, target=direction.target)

    def check(self, cost: Quote) -> None:
        """Such an engine has its own caps."""

    def translate(
        self, requests: Sequence[Request], direction: Direction, lesson: Lesson | None
    ) -> Sequence[Translation]:
        examples = TranslationMemory(lesson.units if lesson else ())
        return self._engine.translate(requests, source=direction.source, target=direction.target, examples=examples)


class AmazonTranslate:
    """Parallel data of its own for each lesson, `<name>-eval-<hash>-<language>`, deleted as soon as its answers are
    there. No glossary: what is compared is what parallel data does."""

    def __init__(self, settings: Settings, options: EngineOptions) -> None:
        self._settings = replace(settings, name=f"{settings.name}-eval")
        self._options = options
        self._clients = connect(settings)
        # What was spent counts against the caps of the language.
        self._ledger = Ledger(self._clients, settings, Storage(self._clients, settings))

    @property
    def label(self) -> str:
        return self._engine(self._settings).label

    @property
    def identity(self) -> str:
        return json.dumps([self.label, self._settings.region, self._settings.formality, self._settings.mode])

    def quote(self, requests: Sequence[Request], direction: Direction, lesson: Lesson | None) -> Quote:
        asked = self._engine(self._taught(lesson)).quote(requests, source=direction.source, target=direction.target)
        # Before its parallel data exists, the engine's own price is the one without.
        return self._settings.prices.quote(asked.characters, custom=lesson is not None)

    def check(self, cost: Quote) -> None:
        self._ledger.check(cost, Decimal(0))

    def translate(
        self, requests: Sequence[Request], direction: Direction, lesson: Lesson | None
    ) -> Sequence[Translation]:
        settings = self._taught(lesson)
        if lesson is not None:
            self._teach(settings, lesson, direction)
        cost = self.quote(requests, direction, lesson)
        if cost.characters:
            self._ledger.record(self._ledger.entry(f"{settings.resource}-{cost.characters}"), cost)
        answers = self._engine(settings).translate(
            requests, source=direction.source, target=direction.target, examples=TranslationMemory()
        )
        if lesson is not None:
            # Before the answers are stored here: a run that is killed in between comes by again, and the service's own
            # answers are kept in the bucket.
            parallel_data.delete(self._clients, settings)
        return answers

    def _teach(self, settings: Settings, lesson: Lesson, direction: Direction) -> None:
        content = Content(lesson.data, "csv", lesson.level.value, len(lesson.units))
        state = parallel_data.push(self._clients, settings, content).state
        codes = service_code(direction.source), service_code(direction.target)
        if not state.is_usable or state.source != codes[0] or codes[1] not in state.targets:
            raise EngineError(
                f"the parallel data {state.name} is {state.status}, for {state.source}; delete it, run again"
            )
        self._options.tell(
            f"{settings.resource}: {state.imported:,} pairs imported, {state.skipped + state.failed:,} left out"
        )

    def _taught(self, lesson: Lesson | None) -> Settings:
        if lesson is None:
            return replace(self._settings, parallel_data="none")
        name = f"{self._settings.name}-{lesson.digest[:12]}"
        return replace(self._settings, name=name, parallel_data=lesson.level.value, mode="batch")

    def _engine(self, settings: Settings) -> Amazon:
        return Amazon(self._options, settings, connect=lambda _: self._clients)


def open_examinee(project: Project, name: str, engine: str, tell: Callable[[str], None]) -> Examinee:
    """The engine of that name, or that of the language where it is "". Raises UsageError for one that does not
    exist."""
    engines = project.config.engines
    section = (engines.get(engine) or built_in_engine(engine, ENGINES)) if engine else project.config.engine_of(name)
    if section is None:
        built_in = [kind for kind in ENGINES if kind not in engines and built_in_engine(kind, ENGINES)]
        raise UsageError(f'there is no engine "{engine}"; there are {", ".join([*built_in, *engines])}')
    options = EngineOptions(read_text=lambda file: read_text(project.folder / file), language=name, tell=tell)
    if isinstance(section, AmazonSettings):
        return AmazonTranslate(read_settings(section, name), options)
    identity = json.dumps([version("amts"), section.model_dump()], sort_keys=True)
    return Plain(section.create(options), identity)
