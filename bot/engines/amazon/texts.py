"""TranslateText: one call for each sentence, for small leftovers and for the mode `real-time`."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bot.engines.amazon.answers import RETRY, Answer, Answers, Failure
from bot.engines.amazon.clients import ServiceError, Session, service_errors
from bot.engines.amazon.documents import BatchBlock
from bot.engines.amazon.jobs import LanguagePair, optional_arguments
from bot.engines.amazon.ledger import Ledger
from bot.engines.amazon.settings import digest
from bot.engines.base import Quote

MAX_BYTES = 10_000
"""Bytes that TranslateText takes (UTF-8)."""

_AT_ONCE = 4
_CHUNK = 24
"""Sentences whose answers are stored together: what a killed bot pays for twice at most."""

_OF_ONE_TEXT = frozenset({"TextSizeLimitExceededException", "InvalidRequestException"})
"""Codes that speak of the text, not of the call."""


@dataclass(frozen=True)
class TextCalls:
    """The single calls of one language."""

    session: Session
    answers: Answers
    ledger: Ledger

    def quote(self, htmls: Sequence[str]) -> Quote:
        """What these calls cost. All of the text is billed, markup included: this call is not told that it is HTML."""
        return self.session.settings.prices.quote(sum(map(len, htmls)), custom=False)

    def translate(self, blocks: Sequence[BatchBlock], pair: LanguagePair) -> None:
        """Asks for every block and stores the answers, some at a time. What they cost is within the caps, which the
        caller checked. Raises ServiceError where a call fails for another reason than its text."""
        for start in range(0, len(blocks), _CHUNK):
            chunk = blocks[start : start + _CHUNK]
            name = f"text-{digest(''.join(block.key for block in chunk))[:16]}"
            self.ledger.record(self.ledger.entry(name), self.quote([block.html for block in chunk]))
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                results = list(pool.map(lambda block: self._try(block, pair), chunk))
            answers: dict[str, Answer] = {}
            errors: list[ServiceError] = []
            for block, result in zip(chunk, results, strict=True):
                if isinstance(result, ServiceError):
                    errors.append(result)
                else:
                    answers[block.key] = result
            self.answers.write(name, answers)
            if errors:
                raise errors[0]

    def retry(self, block: BatchBlock, pair: LanguagePair) -> Answer:
        """Asks for one sentence a second time and stores the answer. Raises ServiceError."""
        name = RETRY + block.key
        self.ledger.record(self.ledger.entry(name), self.quote([block.html]))
        result = self._try(block, pair)
        if isinstance(result, ServiceError):
            raise result
        self.answers.write(name, {block.key: result})
        return result

    def _try(self, block: BatchBlock, pair: LanguagePair) -> Answer | ServiceError:
        """The answer, or the error, so that the answers of the others are kept."""
        try:
            with service_errors("translating a sentence"):
                return self.session.clients.translate.translate_text(**self._call(block.html, pair))["TranslatedText"]
        except ServiceError as error:
            return Failure(str(error)) if error.code in _OF_ONE_TEXT else error

    def _call(self, html: str, pair: LanguagePair) -> Any:
        direction = {"SourceLanguageCode": pair.source, "TargetLanguageCode": pair.target}
        return {"Text": html, **direction, **optional_arguments(self.session.settings, pair)}
