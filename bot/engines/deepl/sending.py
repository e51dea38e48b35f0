"""Sentences on their way to DeepL: in requests that it takes, each paid for and kept at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.engines.base import FREE, Quote
from bot.engines.deepl.client import Account, DeepLError
from bot.engines.html.markup import Encoded
from bot.engines.paid.calls import CallError, at_once, without_key
from bot.engines.paid.spending import Spending

_MAX_BYTES = 100_000
"""Of the texts of a request; the API takes 128 KiB in all."""
_OF_TEXTS = frozenset({400, 413, 414})
"""Statuses of a request that is refused for one of its texts, or for their number or size."""
_REFUSED_ALIKE = 10
"""So many sentences that are refused, and none that is taken, are refused for another reason than their texts."""
_TONES = {"formal": "prefer_more", "informal": "prefer_less"}


@dataclass(frozen=True, slots=True)
class Sentence:
    key: str
    encoded: Encoded
    context: str

    @property
    def size(self) -> int:
        return len(json.dumps(self.encoded.html))

    @property
    def is_sent(self) -> bool:
        return self.encoded.has_words and self.size <= _MAX_BYTES


@dataclass(frozen=True, slots=True)
class Aids:
    """What DeepL translates with: the codes of the languages, and the ids of what it keeps ("" for none)."""

    source: str
    target: str
    glossary: str = ""
    memory: str = ""


@dataclass
class DeepLRequests:
    """The requests of one run. `price` is the cost of so many characters."""

    connection: Account
    spending: Spending
    helped: Aids
    price: Callable[[int], Quote]
    _refused: dict[str, str] = field(default_factory=dict)
    _taken: bool = False
    _refusal: DeepLError | None = None

    def send(self, sentences: Iterable[Sentence]) -> dict[str, str]:
        """Sends distinct sentences, and keeps the answers. Returns why single ones have none, by key. Raises CallError
        if DeepL can't be asked; what was answered by then is kept."""
        at_once(list(self._batches(list(sentences))), self._send, self.connection.settings.parallel_requests)
        if self._refusal is not None and not self._taken and (self._refusal.billed or len(self._refused) > 1):
            raise self._refusal  # it is not the sentences
        return self._refused

    def _cost(self, sentences: Sequence[Sentence]) -> Quote:
        return self.price(sum(sentence.encoded.characters for sentence in sentences))

    def _batches(self, sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
        """Sentences with the same context, and all with or all without markup, as many as a request takes."""
        most = self.connection.settings.texts_per_request
        groups: dict[tuple[str, bool], list[Sentence]] = {}
        for sentence in sentences:
            groups.setdefault((sentence.context, bool(sentence.encoded.elements)), []).append(sentence)
        for group in groups.values():
            batch: list[Sentence] = []
            size = 0
            for sentence in group:
                if batch and (len(batch) == most or size + sentence.size > _MAX_BYTES):
                    yield batch
                    batch, size = [], 0
                batch.append(sentence)
                size += sentence.size
            yield batch

    def _send(self, batch: Sequence[Sentence]) -> None:
        """Translates a request's texts and keeps the answers. One that is refused for them is sent in halves."""
        try:
            answers = self.connection.persist(lambda: self._attempt(batch))
        except DeepLError as error:
            if not error.billed and error.status not in _OF_TEXTS:
                raise
            if error.billed or len(batch) == 1:  # an answer that can't be read is not paid for twice in a run
                self._refused |= {sentence.key: str(error) for sentence in batch}
                self._refusal = error
                if len(self._refused) >= _REFUSED_ALIKE and not self._taken:
                    raise
                return
            middle = len(batch) // 2
            self._send(batch[:middle])
            self._send(batch[middle:])
            return
        self._taken = True
        self.spending.answers.keep(dict(zip((sentence.key for sentence in batch), answers, strict=True)))

    def _attempt(self, batch: Sequence[Sentence]) -> list[str]:
        """One request. Its cost is written before it goes out, and corrected behind it."""
        entry = self.spending.begin(self._cost(batch))
        try:
            results = self.connection.once("translating", lambda client: self._translate(client, batch))
        except CallError as error:
            if not error.billed:
                self.spending.settle(entry, FREE)
            raise
        billed = sum(result.billed_characters for result in results)
        if 0 <= billed <= sum(sentence.size for sentence in batch):
            self.spending.settle(entry, self.price(billed))
        if len(results) != len(batch) or not all(isinstance(result.text, str) for result in results):
            raise DeepLError(
                f"translating: DeepL gave {len(results)} answers to {len(batch)} texts; run again later", billed=True
            )
        if any(without_key(result.text, self.connection.key) != result.text for result in results):
            raise DeepLError("translating: the answer holds the key; make a new one in DeepL's account", billed=True)
        return [result.text for result in results]

    def _translate(self, client: Any, batch: Sequence[Sentence]) -> list[Any]:
        settings = self.connection.settings
        more: dict[str, Any] = {
            "context": batch[0].context or None,
            "formality": _TONES.get(settings.formality),
            "model_type": settings.model_type or None,
            "style_rule": settings.style_rule or None,
            "custom_instructions": list(settings.instructions) or None,
            "glossary": self.helped.glossary or None,
        }
        # Of a sentence with markup, DeepL would answer with people's marks in the place of our elements.
        if self.helped.memory and not batch[0].encoded.elements:
            more |= {"translation_memory": self.helped.memory, "translation_memory_threshold": settings.match_threshold}
        answer = client.translate_text(
            [sentence.encoded.html for sentence in batch],
            source_lang=self.helped.source,
            target_lang=self.helped.target,
            split_sentences="0",
            preserve_formatting=True,
            tag_handling="html",
            tag_handling_version="v2",
            **more,
        )
        return list(answer)
