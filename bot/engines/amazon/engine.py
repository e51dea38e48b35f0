"""Engine `amazon`: Amazon Translate, steered by the book's own translations, without paying for anything twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlsplit

from bot.engines.amazon import terminology
from bot.engines.amazon.answers import Answer, Answers, Failure
from bot.engines.amazon.batch import Batch, Recovered
from bot.engines.amazon.clients import Clients, ServiceError, connect
from bot.engines.amazon.documents import MAX_DOCUMENT_BYTES, Block, make_key
from bot.engines.amazon.jobs import Job, Jobs, Pair
from bot.engines.amazon.ledger import CapError, Ledger
from bot.engines.amazon.parallel_data_state import find
from bot.engines.amazon.settings import Settings, service_code
from bot.engines.amazon.storage import Storage
from bot.engines.amazon.texts import MAX_BYTES, Texts
from bot.engines.base import FREE, EngineOptions, Quote
from bot.engines.html.markup import Decoded, Encoded, decode, encode
from bot.glossary import Term, read_glossary, unfollowed_warnings
from bot.memory import TranslationMemory
from bot.model import Direction, Language, Request, Translation

_BLOCK_LIMITS = {"batch": MAX_DOCUMENT_BYTES // 2, "real-time": MAX_BYTES}
"""Bytes of HTML of one sentence; a document has some of its own."""


_Asked = tuple[str, tuple[str, ...]]
"""A text and its placeables: what makes two requests the same."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    encoded: Encoded
    block: Block


@dataclass(frozen=True, slots=True)
class _Work:
    """What is asked; what former runs left; and what of it nobody asked for yet."""

    direction: Direction
    pair: Pair
    sentences: Mapping[_Asked, _Sentence]
    recovered: Recovered
    missing: Sequence[Block]


@dataclass(frozen=True)
class _Parts:
    batch: Batch
    texts: Texts
    answers: Answers
    ledger: Ledger


class AmazonEngine:
    """`connect` makes the clients at the first use. An engine serves one language of one run."""

    name = "amazon"
    spends = True

    def __init__(
        self, options: EngineOptions, settings: Settings, connect: Callable[[Settings], Clients] = connect
    ) -> None:
        self._options = options
        self._settings = settings
        self._connect = connect
        self._spent = Decimal(0)

    @property
    def label(self) -> str:
        place = urlsplit(self._clients.translate.meta.endpoint_url)
        is_amazon = (place.hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn"))
        return self.name if is_amazon else f"{self.name} (emulator at {place.netloc})"

    def quote(self, requests: Sequence[Request], *, source: Language, target: Language, anew: bool = False) -> Quote:
        if not requests:
            return FREE
        work = self._survey(requests, Direction(source, target), anew=anew)
        if not self._options.taught and self._settings.refresh != "by-hand" and self._is_steered:
            work = replace(work, pair=replace(work.pair, parallel_data=self._settings.resource))
        return self._cost(work)

    def translate(
        self,
        requests: Sequence[Request],
        *,
        source: Language,
        target: Language,
        examples: TranslationMemory,  # noqa: ARG002 - they reach the service as parallel data
    ) -> Sequence[Translation]:
        if not requests:
            return []
        direction = Direction(source, target)
        terms = self._terms(direction)
        work = self._survey(requests, direction)
        batch = self._parts.batch
        batch.discard(work.recovered)
        started = self._ask(work) if work.missing else {}
        batch.finish({**work.recovered.running, **started})
        results = self._results(work)
        return [_translation(request.text, results[_asked(request)], terms, direction) for request in requests]

    @cached_property
    def _clients(self) -> Clients:
        return self._connect(self._settings)

    @cached_property
    def _parts(self) -> _Parts:
        storage = Storage(self._clients, self._settings)
        answers = Answers(self._clients, storage)
        ledger = Ledger(self._clients, self._settings, storage)
        jobs = Jobs(self._clients, self._settings, storage)
        batch = Batch(self._clients, self._settings, self._options, jobs, answers, ledger)
        return _Parts(batch, Texts(self._clients, self._settings, answers, ledger), answers, ledger)

    def _survey(self, requests: Sequence[Request], direction: Direction, *, anew: bool = False) -> _Work:
        """Looks at everything, and changes and spends nothing. With `anew`, all counts as missing."""
        glossary = self._settings.resource if self._options.glossary else ""
        codes = service_code(direction.source), service_code(direction.target)
        pair = Pair(*codes, self._parallel_data(*codes), glossary)
        key = (pair.source, pair.target, self._settings.formality, pair.parallel_data, pair.terminology)
        sentences: dict[_Asked, _Sentence] = {}
        for request in requests:
            if _asked(request) not in sentences:
                encoded = encode(request.text, direction.source, request.placeables)
                block = Block(make_key(encoded.html, key), encoded.html, encoded.characters, request.path)
                sentences[_asked(request)] = _Sentence(encoded, block)
        recovered = self._parts.batch.recover()
        known = set() if anew else self._parts.answers.read().first.keys() | recovered.keys
        missing = {
            sentence.block.key: sentence.block
            for sentence in sentences.values()
            if sentence.encoded.has_words and not self._is_too_long(sentence) and sentence.block.key not in known
        }
        return _Work(direction, pair, sentences, recovered, tuple(missing.values()))

    def _parallel_data(self, source: str, target: str) -> str:
        """The name of the parallel data if it can be used now. During an update the former content is in force."""
        if not self._is_steered:
            return ""
        state = find(self._clients, self._settings)
        usable = state is not None and state.is_usable and state.source == source and target in state.targets
        return self._settings.resource if usable else ""

    @property
    def _is_steered(self) -> bool:
        """Whether parallel data is to steer the translation."""
        return self._settings.parallel_data != "none" and self._settings.mode == "batch"

    def _cost(self, work: _Work) -> Quote:
        if self._settings.mode == "real-time":
            return self._parts.texts.quote([block.html for block in work.missing])
        return self._parts.batch.quote(work.missing, work.pair)

    def _ask(self, work: _Work) -> Mapping[str, Job]:
        """Asks for what is missing: the jobs by id, or none where the answers came at once."""
        settings, cost = self._settings, self._cost(work)
        self._parts.ledger.check(cost, self._spent)
        pair = self._with_terminology(work)
        count, sentences = len(work.missing), "sentence" if len(work.missing) == 1 else "sentences"
        self._options.tell(f"{settings.language}: {count} {sentences}, {cost.describe()}, {self._steering(pair)}")
        self._spent += cost.dollars
        if settings.mode == "batch":
            return self._parts.batch.start(work.missing, pair)
        self._parts.texts.translate(work.missing, pair)
        return {}

    def _steering(self, pair: Pair) -> str:
        if pair.parallel_data:
            return f"with the parallel data {pair.parallel_data}"
        if not self._is_steered:
            return "without parallel data"
        return f"without parallel data, for {self._settings.resource} is not active for this pair of languages"

    def _with_terminology(self, work: _Work) -> Pair:
        """The pair with the terminology in the service, imported if need be."""
        if not self._options.glossary:
            return work.pair
        text = self._options.read_text(self._options.glossary)
        name = terminology.ensure(self._clients, self._settings, self._settings.language, text, work.direction)
        return replace(work.pair, terminology=name or "")

    def _results(self, work: _Work) -> Mapping[_Asked, Decoded]:
        """What became of each sentence; a `problem` is why a person must translate it."""
        known = self._parts.answers.read()
        results: dict[_Asked, Decoded] = {}
        damaged: dict[_Asked, Decoded] = {}
        for asked, sentence in work.sentences.items():
            key = sentence.block.key
            results[asked] = self._result(sentence, known.first.get(key), work)
            if results[asked].problem and isinstance(known.first.get(key), str) and self._settings.mode == "batch":
                if key in known.second:
                    results[asked] = self._second_result(sentence, known.second[key], work)
                elif len(sentence.block.html.encode()) <= MAX_BYTES:
                    damaged[asked] = results[asked]
        return {**results, **self._retry(damaged, work)}

    def _result(self, sentence: _Sentence, answer: Answer | None, work: _Work) -> Decoded:
        if not sentence.encoded.has_words:
            return Decoded(sentence.encoded.text)
        if self._is_too_long(sentence):
            return Decoded("", "it is longer than Amazon Translate takes")
        if answer is None or isinstance(answer, Failure):
            return Decoded("", answer.reason if answer else "Amazon Translate gave no answer")
        return decode(sentence.encoded, answer, work.direction.target)

    def _second_result(self, sentence: _Sentence, answer: Answer, work: _Work) -> Decoded:
        result = self._result(sentence, answer, work)
        return replace(result, problem=f"{result.problem}, also when asked again") if result.problem else result

    def _retry(self, problems: Mapping[_Asked, Decoded], work: _Work) -> Mapping[_Asked, Decoded]:
        """Asks once more, alone, for each sentence that came back damaged, within the caps."""
        if not problems:
            return {}
        cost = self._parts.texts.quote([work.sentences[asked].block.html for asked in problems])
        try:
            self._parts.ledger.check(cost, self._spent)
        except CapError as error:
            return {
                asked: replace(decoded, problem=f"{decoded.problem}; not asked again: {error}")
                for asked, decoded in problems.items()
            }
        self._spent += cost.dollars
        pair = self._with_terminology(work)
        results: dict[_Asked, Decoded] = {}
        for asked, decoded in problems.items():
            sentence = work.sentences[asked]
            try:
                answer = self._parts.texts.retry(sentence.block, pair)
            except ServiceError as error:
                if error.transient:
                    raise
                results[asked] = replace(decoded, problem=f"{decoded.problem}; asked again: {error}")
            else:
                results[asked] = self._second_result(sentence, answer, work)
        return results

    def _terms(self, direction: Direction) -> Sequence[Term]:
        name = self._options.glossary
        return read_glossary(self._options.read_text(name).encode(), direction, name).terms if name else ()

    def _is_too_long(self, sentence: _Sentence) -> bool:
        return len(sentence.block.html.encode()) > _BLOCK_LIMITS[self._settings.mode]


def _asked(request: Request) -> _Asked:
    return request.text, request.placeables


def _translation(text: str, result: Decoded, terms: Sequence[Term], direction: Direction) -> Translation:
    if result.problem:
        return Translation(text, left=result.problem, rejected=result.said)
    return Translation(result.text, warnings=tuple(_warnings(text, result, terms, direction)))


def _warnings(text: str, result: Decoded, terms: Sequence[Term], direction: Direction) -> Iterator[str]:
    if result.reordered:
        yield f"formulas, code or links stand in another order than in the {direction.source.name}"
    yield from unfollowed_warnings(terms, text, result.text, direction)
