"""Engine `openai`: a language model, shown people's nearest translations; no answered sentence is paid for twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from urllib.parse import urlsplit

from bot.engines.base import FREE, Engine, EngineOptions, Quote
from bot.engines.html.markup import Decoded
from bot.engines.language import detector
from bot.engines.openai.batch import BatchRun
from bot.engines.openai.checks import Checks
from bot.engines.openai.prompt import MAX_STYLE_CHARACTERS, Asked, Prompt
from bot.engines.openai.requests import Group, ModelAnswer, Requests
from bot.engines.openai.service import ModelService
from bot.engines.openai.settings import OPENAI, OpenAISettings
from bot.engines.paid.caps import CapError
from bot.engines.paid.spending import Spending, spending_of
from bot.glossary import Term, read_glossary
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation

_NOTHING = TranslationMemory()


class OpenAIEngine(Engine):
    """Serves one language of one run. A sentence whose answer fails its checks is asked for once more, alone, with the
    reason; then it is left for a person."""

    name = "openai"
    revises = True
    limit_seconds = None

    def __init__(
        self, options: EngineOptions, settings: OpenAISettings, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._options = options
        self._sleep = sleep
        self._settings = settings
        self._prepared_with = _NOTHING
        self._prepared: dict[tuple[Direction, Request], Asked] = {}

    @property
    def spends(self) -> bool:  # type: ignore[override]  # a model of one's own is free
        prices = self._settings.prices_in_force
        return prices.input > 0 or prices.output > 0

    @property
    def label(self) -> str:
        place = "" if self._settings.base_url == OPENAI else f" at {urlsplit(self._settings.base_url).netloc}"
        return f"{self.name} ({self._settings.model}{place})"

    @property
    def training_level(self) -> str:
        return "sentence" if self._settings.examples else ""

    def over_cap(self, cost: Quote) -> str:
        return self._settings.caps.over(cost)

    def quote(self, requests: Sequence[Request], direction: Direction, *, anew: bool = False) -> Quote:
        return self.price(requests, direction, _NOTHING, anew=anew)

    def price(
        self, requests: Sequence[Request], direction: Direction, examples: TranslationMemory, *, anew: bool = False
    ) -> Quote:
        work = self._requests(direction)
        asked = self._asked(requests, direction, examples, work)
        known = {} if anew else work.known(list(asked))
        cost = work.quote(work.groups({key: one for key, one in asked.items() if key not in known}))
        return cost if self.spends else FREE

    def translate(
        self, requests: Sequence[Request], direction: Direction, examples: TranslationMemory
    ) -> Sequence[Translation]:
        if not requests:
            return []
        work = self._requests(direction)
        prepared = [self._ask(request, direction, examples) for request in requests]
        keys = [work.key(one) for one in prepared]
        asked = {key: one for key, one in zip(keys, prepared, strict=True) if one.tagged.encoded.has_words}
        with self._spending.turn():
            if self._settings.mode == "batch":
                self._batch(asked, work)
            self._send(work.groups(self._missing(asked, work)), work)
            results = self._results(asked, work, direction)
        return [
            _translation(one.request, results[key] if key in results else Decoded(one.tagged.encoded.text), direction)
            for key, one in zip(keys, prepared, strict=True)
        ]

    def _asked(
        self, requests: Sequence[Request], direction: Direction, examples: TranslationMemory, work: Requests
    ) -> dict[str, Asked]:
        prepared = (self._ask(request, direction, examples) for request in requests)
        return {work.key(one): one for one in prepared if one.tagged.encoded.has_words}

    def _ask(self, request: Request, direction: Direction, examples: TranslationMemory) -> Asked:
        """Prepared once: to find what fits into a cap, a sync asks for many prices."""
        if self._prepared_with is not examples:
            self._prepared_with, self._prepared = examples, {}
        if (direction, request) not in self._prepared:
            self._prepared[direction, request] = self._prompt(direction).ask(request, examples)
        return self._prepared[direction, request]

    def _missing(self, asked: Mapping[str, Asked], work: Requests) -> dict[str, Asked]:
        known = work.known(list(asked))
        return {key: one for key, one in asked.items() if key not in known}

    def _batch(self, asked: Mapping[str, Asked], work: Requests) -> None:
        """Asks by batches, those of former runs first. What they don't answer is asked for one by one."""
        if not self._missing(asked, work):
            return
        batches = BatchRun(self._settings, self._options, self._spending, self._service, self._sleep)
        batches.wait(work)
        groups = work.groups(self._missing(asked, work))
        if groups:
            self._announce(groups, work)
            batches.start(groups, work)
            batches.wait(work)

    def _send(self, groups: Sequence[Group], work: Requests) -> None:
        """Asks for these within the caps."""
        if groups:
            self._announce(groups, work)
            work.send(groups, self._service)

    def _announce(self, groups: Sequence[Group], work: Requests) -> None:
        """Says what is asked for. Raises CapError if it would cost too much."""
        cost = work.quote(groups)
        self._spending.check(cost)
        count = sum(len(group.asked) for group in groups)
        counted = f"{count} {'sentence' if count == 1 else 'sentences'}"
        price = cost.describe() if self.spends else "free"
        self._options.tell(f"{self._options.language}: {counted}, {price}, by {self.label}")

    def _results(self, asked: Mapping[str, Asked], work: Requests, direction: Direction) -> dict[str, Decoded]:
        """The result of each sentence; its `problem` says why a person must translate it."""
        checks = Checks(direction, self._prompt(direction).system, detector())
        first = work.known(list(asked))
        results = {key: _result(one, first.get(key), checks) for key, one in asked.items()}
        damaged = {
            key: Group({key: asked[key]}, result.rejected and first[key].text, result.problem)
            for key, result in results.items()
            if result.problem and key in first
        }
        seconds = {key: work.second_key(key, group.reason) for key, group in damaged.items()}
        known = work.known(list(seconds.values()))
        again = [group for key, group in damaged.items() if seconds[key] not in known]
        refused = ""
        try:
            self._send(again, work)
        except CapError as error:
            refused = str(error)
        known = work.known(list(seconds.values()))
        for key in damaged:
            second = known.get(seconds[key])
            if second is not None:
                results[key] = _again(results[key], _result(asked[key], second, checks))
            else:
                results[key] = _left(results[key], f"not asked again: {refused}")
        return results

    @cached_property
    def _service(self) -> ModelService:
        return ModelService(self._settings, self._options.environment, self._options.network)

    @cached_property
    def _spending(self) -> Spending:
        return spending_of(self._settings, self._options)

    def _requests(self, direction: Direction) -> Requests:
        return Requests(self._settings, self._prompt(direction), self._spending, self._options.network)

    def _prompt(self, direction: Direction) -> Prompt:
        if direction not in self._prompts:
            style = self._options.style
            if len(style) > MAX_STYLE_CHARACTERS:
                most = f"only its first {MAX_STYLE_CHARACTERS:,} characters are used"
                self._options.tell(f"{self._options.language}: the style file is long; {most}")
            self._prompts[direction] = Prompt(self._settings, direction, self._terms(direction), style)
        return self._prompts[direction]

    @cached_property
    def _prompts(self) -> dict[Direction, Prompt]:
        return {}

    def _terms(self, direction: Direction) -> Sequence[Term]:
        name = self._options.glossary
        return read_glossary(self._options.read_text(name).encode(), direction, name).terms if name else ()


def _result(asked: Asked, answer: ModelAnswer | None, checks: Checks) -> Decoded:
    if answer is None:
        return Decoded("", "the model gave no answer")
    if answer.problem:
        return Decoded("", answer.problem, rejected=answer.said)
    return checks.read(asked, answer.text)


def _again(first: Decoded, second: Decoded) -> Decoded:
    if not second.problem:
        return second
    return _left(Decoded("", second.problem, rejected=second.rejected or first.rejected), "also when asked again")


def _left(result: Decoded, how: str) -> Decoded:
    return Decoded("", f"{result.problem}; {how}", rejected=result.rejected)


def _translation(request: Request, result: Decoded, direction: Direction) -> Translation:
    if result.problem:
        reason = f"the machine's answer can't be used: {result.problem}"
        return Translation(request.text, left=reason, rejected=result.rejected)
    reordered = f"formulas, code or links stand in another order than in the {direction.source.name}"
    return Translation(result.text, warnings=(reordered,) if result.reordered and not request.repairs else ())
