"""TranslateText: one call for each sentence, for small leftovers and for the mode `real-time`."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass

from bot.engines.amazon.clients import ServiceError, Session, part, service_errors
from bot.engines.amazon.documents import BatchBlock
from bot.engines.amazon.jobs import LanguagePair, optional_arguments
from bot.engines.amazon.records import RETRY_PREFIX, Answer, Answers, Failure, Ledger
from bot.engines.amazon.settings import digest
from bot.engines.base import Quote

MAX_BYTES = 10_000
"""Bytes that TranslateText takes (UTF-8)."""

_PARALLEL_CALLS = 4
_CHUNK_SENTENCES = 24
"""Sentences whose answers are stored together: a killed bot pays for at most so many twice."""

_TEXT_ERRORS = frozenset({"TextSizeLimitExceededException", "InvalidRequestException"})
"""Codes of errors in the text, not in the call."""


@dataclass(frozen=True)
class TextCalls:
    """The single calls of one language."""

    session: Session
    answers: Answers
    ledger: Ledger

    def quote(self, htmls: Sequence[str]) -> Quote:
        """The cost of these calls. The service does not know that the text is HTML and bills the markup too."""
        return self.session.settings.prices.quote(sum(map(len, htmls)), custom=False)

    def translate(self, blocks: Sequence[BatchBlock], pair: LanguagePair) -> None:
        """Translates every block and stores the answers, some at a time. The caller checked the caps. Raises
        ServiceError if a call fails for another reason than its text."""
        for start in range(0, len(blocks), _CHUNK_SENTENCES):
            chunk = blocks[start : start + _CHUNK_SENTENCES]
            name = f"text-{digest(''.join(block.key for block in chunk))[:16]}"
            self.ledger.record(self.ledger.entry(name), self.quote([block.html for block in chunk]))
            with ThreadPoolExecutor(_PARALLEL_CALLS) as pool:
                # Each in a copy of this context: the limit of time travels into the threads.
                calls = [(copy_context(), block) for block in chunk]
                results = list(pool.map(lambda call: call[0].run(self._try, call[1], pair), calls))
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
        """Translates one sentence a second time and stores the answer. Raises ServiceError."""
        name = RETRY_PREFIX + block.key
        self.ledger.record(self.ledger.entry(name), self.quote([block.html]))
        result = self._try(block, pair)
        if isinstance(result, ServiceError):
            raise result
        self.answers.write(name, {block.key: result})
        return result

    def _try(self, block: BatchBlock, pair: LanguagePair) -> Answer | ServiceError:
        """The answer, or the error: one error must not lose the other answers."""
        try:
            with service_errors("translating a sentence"):
                answer = self.session.clients.translate.translate_text(
                    Text=block.html,
                    SourceLanguageCode=pair.source,
                    TargetLanguageCode=pair.target,
                    **optional_arguments(self.session.settings, pair),
                )
                return str(part(answer, "TranslatedText"))
        except ServiceError as error:
            return Failure(str(error)) if error.code in _TEXT_ERRORS else error
