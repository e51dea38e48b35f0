"""Engine `amazon`: Amazon Translate, steered by the book's own translations; no sentence is paid for twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from urllib.parse import urlsplit

from bot.engines.amazon.batch import Batch, Recovered
from bot.engines.amazon.checking import check
from bot.engines.amazon.clients import Clients, ServiceError, Session
from bot.engines.amazon.clients import connect as connect_clients
from bot.engines.amazon.documents import MAX_DOCUMENT_BYTES, BatchBlock, make_key
from bot.engines.amazon.experiment import AmazonExperiment
from bot.engines.amazon.jobs import BatchJob, Jobs, LanguagePair
from bot.engines.amazon.parallel_data import AmazonParallelData
from bot.engines.amazon.records import Answer, Answers, Failure, Ledger
from bot.engines.amazon.settings import AmazonSettings, language_codes
from bot.engines.amazon.storage import BucketStorage
from bot.engines.amazon.terminology import AmazonTerminology
from bot.engines.amazon.texts import MAX_BYTES, TextCalls
from bot.engines.base import FREE, Engine, EngineOptions, Finding, Quote
from bot.engines.html.markup import Decoded, Encoded, decode, encode
from bot.engines.paid.caps import CapError
from bot.glossary import Term, read_glossary, unfollowed_warnings
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation, stand_in_label

_BLOCK_LIMITS = {"batch": MAX_DOCUMENT_BYTES // 2, "real-time": MAX_BYTES}
"""Bytes of HTML of one sentence; a document adds some of its own."""

_Key = tuple[str, tuple[str, ...]]
"""A text and its placeables: requests with the same key are the same."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    encoded: Encoded
    block: BatchBlock


@dataclass(frozen=True, slots=True)
class _Work:
    """The sentences, the jobs of former runs, and the sentences that neither these nor stored answers cover."""

    direction: Direction
    pair: LanguagePair
    sentences: Mapping[_Key, _Sentence]
    recovered: Recovered
    missing: Sequence[BatchBlock]


class AmazonEngine(Engine):
    """`connect` makes the clients at the first use (None: as AWS's tools do, with the limits of the options). An engine
    serves one language of one run."""

    name = "amazon"
    limit_seconds = None
    spends = True

    def __init__(
        self,
        options: EngineOptions,
        settings: AmazonSettings,
        connect: Callable[[AmazonSettings], Clients] | None = None,
    ) -> None:
        self._options = options
        self._settings = settings
        self._connect = connect or partial(connect_clients, network=options.network)
        self._spent = Decimal(0)

    @property
    def label(self) -> str:
        place = urlsplit(self._session.clients.translate.meta.endpoint_url)
        is_amazon = (place.hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn"))
        return self.name if is_amazon else stand_in_label(self.name, place.netloc)

    def quote(self, requests: Sequence[Request], direction: Direction, *, anew: bool = False) -> Quote:
        if not requests:
            return FREE
        return self._cost(self._survey(requests, direction, anew=anew))

    def translate(
        self,
        requests: Sequence[Request],
        direction: Direction,
        examples: TranslationMemory,  # they reach the service as parallel data
    ) -> Sequence[Translation]:
        if not requests:
            return []
        terms = self._terms(direction)
        work = self._survey(requests, direction)
        self._batch.discard(work.recovered)
        started = self._request(work) if work.missing else {}
        self._batch.finish({**work.recovered.running, **started})
        results = self._results(work)
        return [_translation(request.text, results[_key(request)], terms, direction) for request in requests]

    def codes(self, direction: Direction) -> tuple[str, str]:
        return language_codes(direction)

    def over_cap(self, cost: Quote) -> str:
        return self._settings.caps.over(cost)

    def findings(self) -> Sequence[Finding]:
        return check(self._session)

    @property
    def training_level(self) -> str:
        level = self._settings.parallel_data
        return level if level != "none" and self._settings.mode == "batch" else ""

    @property
    def training_floor(self) -> int:
        return self._settings.parallel_data_from

    @property
    def parallel_data(self) -> AmazonParallelData:
        return AmazonParallelData(self._session)

    @property
    def terminology(self) -> AmazonTerminology:
        return AmazonTerminology(self._session)

    @property
    def experiment(self) -> AmazonExperiment:
        options = replace(self._options, glossary="")
        return AmazonExperiment(
            self._session, options, lambda settings: AmazonEngine(options, settings, lambda _: self._session.clients)
        )

    @cached_property
    def _session(self) -> Session:
        return Session(self._connect(self._settings), self._settings, self._options.language)

    @cached_property
    def _batch(self) -> Batch:
        storage = BucketStorage(self._session)
        answers, ledger = Answers(self._session, storage), Ledger(self._session, storage)
        return Batch(self._session, self._options, Jobs(self._session, storage), answers, ledger)

    @cached_property
    def _texts(self) -> TextCalls:
        return TextCalls(self._session, self._batch.answers, self._batch.ledger)

    def _survey(self, requests: Sequence[Request], direction: Direction, *, anew: bool = False) -> _Work:
        """Reads the stored answers; changes and spends nothing. With `anew`, every sentence counts as missing."""
        glossary = self._session.resource if self._options.glossary else ""
        codes = language_codes(direction)
        pair = LanguagePair(*codes, self._parallel_data(*codes), glossary)
        key = (pair.source, pair.target, self._settings.formality, pair.parallel_data, pair.terminology)
        sentences: dict[_Key, _Sentence] = {}
        for request in requests:
            if _key(request) not in sentences:
                encoded = encode(request.text, direction.source, request.placeables)
                block = BatchBlock(make_key(encoded.html, key), encoded.html, encoded.characters, request.path)
                sentences[_key(request)] = _Sentence(encoded, block)
        recovered = self._batch.recover()
        known = set() if anew else self._batch.answers.read().first.keys() | recovered.keys
        missing = {
            sentence.block.key: sentence.block
            for sentence in sentences.values()
            if sentence.encoded.has_words and not self._is_too_long(sentence) and sentence.block.key not in known
        }
        return _Work(direction, pair, sentences, recovered, tuple(missing.values()))

    def _parallel_data(self, source: str, target: str) -> str:
        """The name of the parallel data, "" if it is not usable, or has too few pairs to be worth its price. An update
        leaves the former content in force."""
        pairs = self._options.pairs
        if not self.training_level or (pairs is not None and pairs < self.training_floor):
            return ""
        if pairs and not self._options.taught:
            return self._session.resource
        state = self.parallel_data.find()
        if state is None or not state.is_usable or state.source != source or target not in state.targets:
            return ""
        known = state.pairs or state.imported
        return self._session.resource if pairs is not None or known >= self.training_floor else ""

    def _cost(self, work: _Work) -> Quote:
        if self._settings.mode == "real-time":
            return self._texts.quote([block.html for block in work.missing])
        return self._batch.quote(work.missing, work.pair)

    def _request(self, work: _Work) -> Mapping[str, BatchJob]:
        """Sends the missing sentences. Returns the jobs by id; none if the answers came at once."""
        settings, cost = self._settings, self._cost(work)
        self._batch.ledger.check(cost, self._spent)
        pair = self._with_terminology(work)
        count, sentences = len(work.missing), "sentence" if len(work.missing) == 1 else "sentences"
        self._options.tell(f"{self._options.language}: {count} {sentences}, {cost.describe()}, {self._steering(pair)}")
        self._spent += cost.dollars
        if settings.mode == "batch":
            return self._batch.start(work.missing, pair)
        self._texts.translate(work.missing, pair)
        return {}

    def _steering(self, pair: LanguagePair) -> str:
        if pair.parallel_data:
            return f"with the parallel data {pair.parallel_data}"
        if not self.training_level:
            return "without parallel data"
        pairs, floor = self._options.pairs, self.training_floor
        if pairs is not None and pairs < floor:
            return f"without parallel data, for people wrote {pairs:,} pairs, and parallel_data_from asks for {floor:,}"
        return f"without parallel data, for {self._session.resource} is not active for this pair of languages"

    def _with_terminology(self, work: _Work) -> LanguagePair:
        """The pair with the terminology in the service, imported if need be."""
        if not self._options.glossary:
            return work.pair
        imported = self.terminology.import_terms(self._terms(work.direction), work.direction)
        return replace(work.pair, terminology=imported.state.name if imported else "")

    def _results(self, work: _Work) -> Mapping[_Key, Decoded]:
        """The result of each sentence; its `problem` says why a person must translate it."""
        known = self._batch.answers.read()
        results: dict[_Key, Decoded] = {}
        damaged: dict[_Key, Decoded] = {}
        for key, sentence in work.sentences.items():
            answer = sentence.block.key
            results[key] = self._result(sentence, known.first.get(answer), work)
            if results[key].problem and isinstance(known.first.get(answer), str) and self._settings.mode == "batch":
                if answer in known.second:
                    results[key] = self._second_result(sentence, known.second[answer], work)
                elif len(sentence.block.html.encode()) <= MAX_BYTES:
                    damaged[key] = results[key]
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

    def _retry(self, problems: Mapping[_Key, Decoded], work: _Work) -> Mapping[_Key, Decoded]:
        """Sends each sentence that came back damaged once more, alone, within the caps."""
        if not problems:
            return {}
        cost = self._texts.quote([work.sentences[key].block.html for key in problems])
        try:
            self._batch.ledger.check(cost, self._spent)
        except CapError as error:
            return {
                key: replace(decoded, problem=f"{decoded.problem}; not asked again: {error}")
                for key, decoded in problems.items()
            }
        self._spent += cost.dollars
        pair = self._with_terminology(work)
        results: dict[_Key, Decoded] = {}
        for key, decoded in problems.items():
            sentence = work.sentences[key]
            try:
                answer = self._texts.retry(sentence.block, pair)
            except ServiceError as error:
                if error.transient:
                    raise
                results[key] = replace(decoded, problem=f"{decoded.problem}; asked again: {error}")
            else:
                results[key] = self._second_result(sentence, answer, work)
        return results

    def _terms(self, direction: Direction) -> Sequence[Term]:
        name = self._options.glossary
        return read_glossary(self._options.read_text(name).encode(), direction, name).terms if name else ()

    def _is_too_long(self, sentence: _Sentence) -> bool:
        return len(sentence.block.html.encode()) > _BLOCK_LIMITS[self._settings.mode]


def _key(request: Request) -> _Key:
    return request.text, request.placeables


def _translation(text: str, result: Decoded, terms: Sequence[Term], direction: Direction) -> Translation:
    if result.problem:
        return Translation(text, left=result.problem, rejected=result.rejected)
    reordered = f"formulas, code or links stand in another order than in the {direction.source.name}"
    warnings = [reordered] if result.reordered else []
    return Translation(result.text, warnings=(*warnings, *unfollowed_warnings(terms, text, result.text, direction)))
