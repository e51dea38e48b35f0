"""The requests for sentences: grouped, priced, sent some at a time, each answer kept as soon as it is there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.config.network import NetworkSettings
from bot.engines.base import FREE, Quote
from bot.engines.openai.prompt import Asked, Prompt, tokens
from bot.engines.openai.reading import Read, read_answer
from bot.engines.openai.service import Completion, ModelService, TextError
from bot.engines.openai.settings import OpenAISettings
from bot.engines.paid.answers import answer_key
from bot.engines.paid.calls import CallError, at_once, persistently
from bot.engines.paid.spending import Spending

_FAILURE_LIFETIME = timedelta(days=1)
"""How long an answer without translations counts; the sentence is then asked for again."""
_LEAST_LIMIT = 200


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What the model answered for one sentence: its text, or why there is none (`problem`) and what it said instead."""

    text: str = ""
    problem: str = ""
    said: str = ""


@dataclass(frozen=True)
class Group:
    """The sentences of one request, by their keys; `reason` if it is the second one, for one sentence alone whose
    answer was `rejected`."""

    asked: Mapping[str, Asked]
    rejected: str = ""
    reason: str = ""


class Requests:
    """The requests of one language and one run."""

    def __init__(self, settings: OpenAISettings, prompt: Prompt, spending: Spending, network: NetworkSettings) -> None:
        self._settings = settings
        self._prompt = prompt
        self._spending = spending
        self._network = network

    def key(self, asked: Asked) -> str:
        """The key of its answer."""
        return answer_key(self._prompt.identity, asked.item)

    @staticmethod
    def second_key(key: str, reason: str) -> str:
        """The key of the answer when it is asked for once more."""
        return answer_key(key, "again", reason)

    def groups(self, asked: Mapping[str, Asked]) -> list[Group]:
        size = self._settings.sentences_per_request
        return [Group(dict(some)) for some in _split(list(asked.items()), size)]

    def quote(self, groups: Sequence[Group]) -> Quote:
        """The most that these requests may cost, if each is answered at once."""
        quotes = [self._quote(group) for group in groups]
        dollars = sum((quote.dollars for quote in quotes), FREE.dollars)
        characters, count = sum(quote.characters for quote in quotes), sum(quote.tokens for quote in quotes)
        return Quote(characters, dollars, quotes[0].basis, count) if quotes else FREE

    def known(self, keys: Sequence[str]) -> dict[str, ModelAnswer]:
        """The answers that are kept. One without a translation counts for a day."""
        now = datetime.now(UTC)
        found: dict[str, ModelAnswer] = {}
        for key, value in self._spending.answers.read(keys).items():
            answer, at = _read(value)
            if answer and (not answer.problem or (at is not None and now - at < _FAILURE_LIFETIME)):
                found[key] = answer
        return found

    def send(self, groups: Sequence[Group], service: ModelService) -> None:
        """Asks, and keeps the answers. Raises CallError if the service can't be used; answers that came are kept."""
        at_once(groups, lambda group: self._send(group, service), self._settings.parallel_requests)

    def keep(self, group: Group, read: Read) -> None:
        """Keeps what came for a group."""
        keys = dict(zip(_numbered(group), group.asked, strict=True))
        if group.reason:
            keys = {name: self.second_key(key, group.reason) for name, key in keys.items()}
        self.keep_all(keys, read)

    def keep_all(self, keys: Mapping[str, str], read: Read) -> None:
        """Keeps what came for sentences, given the keys of their answers by their ids."""
        answers = {
            key: ModelAnswer(read.texts.get(name, ""), read.problem, read.said[:2_000]) for name, key in keys.items()
        }
        self._spending.answers.keep({key: _written(answer) for key, answer in answers.items()})

    def body(self, group: Group) -> dict[str, Any]:
        return self._prompt.body(_numbered(group), self._limit(group), rejected=group.rejected, reason=group.reason)

    def read(self, group: Group, completion: Completion) -> Read:
        return read_answer(completion, list(_numbered(group)))

    def settled(self, group: Group, completion: Completion) -> Quote:
        """What the request did cost, as far as the service says so."""
        quote = self._quote(group)
        if completion.sent is None or completion.answered is None:
            return quote
        total = completion.sent + completion.answered
        return self._settings.prices_in_force.quote(quote.characters, completion.sent, completion.answered, total)

    def _send(self, group: Group, service: ModelService) -> None:
        body = self.body(group)
        try:
            completion = persistently(
                lambda: self._attempt(group, body, service), self._settings.max_attempts, self._network.retry_seconds
            )
        except TextError as error:
            self.keep(group, Read(problem=str(error)))
        else:
            self.keep(group, self.read(group, completion))

    def _attempt(self, group: Group, body: Mapping[str, Any], service: ModelService) -> Completion:
        """One attempt, whose amount is in the ledger before it goes out."""
        entry = self._spending.begin(self._quote(group))
        try:
            completion = service.complete(body)
        except CallError as error:
            if not error.billed:
                self._spending.settle(entry, FREE)
            raise
        self._spending.settle(entry, self.settled(group, completion))
        return completion

    def _quote(self, group: Group) -> Quote:
        limit = self._limit(group)
        # The schema has a few characters for each sentence; messages have a few tokens of their own.
        texts = [message["content"] for message in self.body(group)["messages"]]
        characters = sum(map(len, texts))
        sent = sum(map(tokens, texts)) + 20 + 20 * len(group.asked)
        expected = _expected(group)
        return self._settings.prices_in_force.quote(characters, sent, limit, sent + expected)

    def _limit(self, group: Group) -> int:
        """The most tokens that an answer may have."""
        return max(_LEAST_LIMIT, 3 * _expected(group)) + self._settings.reasoning_tokens


def _split(items: Sequence[tuple[str, Asked]], size: int) -> Iterator[Sequence[tuple[str, Asked]]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _expected(group: Group) -> int:
    """About how many tokens the answer has: as many as the sentences, in a language that needs more of them."""
    return sum(10 + 2 * tokens(asked.tagged.text) for asked in group.asked.values())


def _numbered(group: Group) -> dict[str, Asked]:
    return {str(number): asked for number, asked in enumerate(group.asked.values(), 1)}


def _written(answer: ModelAnswer) -> str:
    if not answer.problem:
        return json.dumps({"text": answer.text}, ensure_ascii=False)
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S%z}"
    return json.dumps({"problem": answer.problem, "said": answer.said, "at": at}, ensure_ascii=False)


def _read(value: str) -> tuple[ModelAnswer | None, datetime | None]:
    """An answer as it was kept, and when, if it has no translation."""
    try:
        kept = json.loads(value)
        if "text" in kept:
            return ModelAnswer(str(kept["text"])), None
        return ModelAnswer("", str(kept["problem"]), str(kept["said"])), datetime.fromisoformat(kept["at"])
    except (ValueError, TypeError, KeyError):
        return None, None  # of another version
