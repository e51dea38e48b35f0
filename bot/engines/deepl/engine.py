"""Engine `deepl`: sentences as HTML, each paid for once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from bot.engines.base import FREE, Engine, EngineOptions, Finding, Quote, Severity
from bot.engines.deepl.client import Account, connect
from bot.engines.deepl.glossary import DeepLGlossary
from bot.engines.deepl.memory import DeepLMemory
from bot.engines.deepl.sending import Aids, DeepLRequests, Sentence
from bot.engines.deepl.settings import FREE_SUFFIX, DeepLSettings, language_codes
from bot.engines.html.markup import Decoded
from bot.engines.html.sentences import Key, as_translation, encode_all, key_of, read_answer
from bot.engines.language import detector
from bot.engines.paid.answers import answer_key
from bot.engines.paid.calls import key_of as api_key
from bot.engines.paid.spending import Spending, spending_of
from bot.errors import EngineError
from bot.glossary import Term, read_glossary
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation

_TOO_LONG = "it is longer than DeepL takes"


class DeepLEngine(Engine):
    """An engine serves one language of one run."""

    name = "deepl"
    limit_seconds = None
    spends = True

    def __init__(self, options: EngineOptions, settings: DeepLSettings) -> None:
        self._options = options
        self._settings = settings

    @property
    def label(self) -> str:
        return f"{self.name} (server at {self._connection.host})" if self._settings.server_url else self.name

    def codes(self, direction: Direction) -> tuple[str, str]:
        return language_codes(direction)

    @property
    def training_level(self) -> str:
        return "" if self._settings.parallel_data == "none" else self._settings.parallel_data

    @property
    def parallel_data(self) -> DeepLMemory:
        return DeepLMemory(self._connection)

    @property
    def terminology(self) -> DeepLGlossary:
        return DeepLGlossary(self._connection)

    def over_cap(self, cost: Quote) -> str:
        return self._settings.caps.over(cost)

    def quote(self, requests: Sequence[Request], direction: Direction, *, anew: bool = False) -> Quote:
        sentences = self._sentences(requests, direction).values()
        known = {} if anew else self._spending.answers.read(sentence.key for sentence in sentences)
        return self._cost([sentence for sentence in sentences if sentence.is_sent and sentence.key not in known])

    def translate(
        self, requests: Sequence[Request], direction: Direction, examples: TranslationMemory
    ) -> Sequence[Translation]:
        if not requests:
            return []
        terms = self._terms(direction)
        sentences = self._sentences(requests, direction)
        refused: dict[str, str] = {}
        with self._spending.turn():
            known = self._spending.answers.read(sentence.key for sentence in sentences.values())
            missing = [each for each in sentences.values() if each.is_sent and each.key not in known]
            if missing:
                refused = self._request(missing, terms, direction)
                known = self._spending.answers.read(sentence.key for sentence in sentences.values())
        results = {
            key: self._result(sentence, known.get(sentence.key), refused, direction, examples)
            for key, sentence in sentences.items()
        }
        return [as_translation(request, results[key_of(request)], terms, direction) for request in requests]

    def findings(self) -> Iterable[Finding]:
        try:
            usage = self._connection.ask("asking for the usage", lambda client: client.get_usage())
        except EngineError as error:
            yield Finding("service", Severity.PROBLEM, str(error))
            return
        count, limit = usage.character.count, usage.character.limit
        if count is None or limit is None:
            yield Finding("usage", Severity.NOTE, f"{self._connection.host} does not say how much is used")
            return
        used = f"{count:,} of {limit:,} characters of this billing period are used"
        if usage.character.limit_reached:
            advice = "raise the limit in DeepL's account, or wait for the next period"
            yield Finding("usage", Severity.PROBLEM, f"{used}; {advice}")
        else:
            yield Finding("usage", Severity.FACT, f"{self._connection.host}: {used}")

    @cached_property
    def _key(self) -> str:
        return api_key(self._options.environment, self._settings.api_key_env, self.name)

    @cached_property
    def _connection(self) -> Account:
        return connect(self._settings, self._key, self._options.network, self._options.language)

    @cached_property
    def _spending(self) -> Spending:
        return spending_of(self._settings, self._options)

    def _terms(self, direction: Direction) -> Sequence[Term]:
        name = self._options.glossary
        return read_glossary(self._options.read_text(name).encode(), direction, name).terms if name else ()

    def _price(self, characters: int) -> Quote:
        if not characters:
            return FREE
        if self._options.environment.get(self._settings.api_key_env, "").strip().endswith(FREE_SUFFIX):
            return Quote(characters, Decimal(0), "DeepL API Free")
        return self._settings.prices.quote(characters)

    def _cost(self, sentences: Sequence[Sentence]) -> Quote:
        return self._price(sum(sentence.encoded.characters for sentence in sentences))

    def _sentences(self, requests: Sequence[Request], direction: Direction) -> Mapping[Key, Sentence]:
        settings = self._settings
        depends = (
            *(self.name, *language_codes(direction), settings.formality, settings.model_type, settings.style_rule),
            *(settings.instructions, self.training_level, bool(self._options.glossary)),
        )
        before = {key_of(request): request.before for request in reversed(requests)} if settings.context else {}
        return {
            key: Sentence(answer_key(encoded.html, *depends), encoded, before.get(key, ""))
            for key, encoded in encode_all(requests, direction.source).items()
        }

    def _request(self, missing: Sequence[Sentence], terms: Sequence[Term], direction: Direction) -> dict[str, str]:
        """Sends what is missing, and keeps the answers. Returns why single sentences were refused, by key."""
        cost = self._cost(missing)
        self._spending.check(cost)
        count = f"{len(missing)} sentence{'' if len(missing) == 1 else 's'}"
        helped = Aids(*language_codes(direction), self._glossary(terms, direction), self._memory())
        taught = [word for word, id in (("the glossary", helped.glossary), ("people's pairs", helped.memory)) if id]
        with_ = f", with {' and '.join(taught)}" if taught else ""
        self._options.tell(f"{self._options.language}: {count}, {cost.describe()}{with_}")
        sender = DeepLRequests(self._connection, self._spending, helped, self._price)
        return sender.send({sentence.key: sentence for sentence in missing}.values())

    def _glossary(self, terms: Sequence[Term], direction: Direction) -> str:
        if not self._options.glossary or self.terminology.import_terms(terms, direction) is None:
            return ""
        return self.terminology.id()

    def _memory(self) -> str:
        return self.parallel_data.id() if self.training_level else ""

    def _result(
        self,
        sentence: Sentence,
        answer: str | None,
        refused: Mapping[str, str],
        direction: Direction,
        examples: TranslationMemory,
    ) -> Decoded:
        if not sentence.encoded.has_words:
            return Decoded(sentence.encoded.text)
        if answer is None:
            return Decoded("", refused.get(sentence.key, _TOO_LONG))
        result = read_answer(sentence.encoded, answer, direction, detector())
        if self.training_level and not result.problem and _is_of_another(sentence.encoded.text, result.text, examples):
            return Decoded("", "DeepL gave people's translation of a similar sentence", rejected=result.text)
        return result


def _is_of_another(text: str, answer: str, examples: TranslationMemory) -> bool:
    """Whether people wrote the answer for another text, and for none that is the same."""
    matches = examples.fuzzy(text)
    return any(match.target == answer and match.source != text for match in matches) and all(
        match.source != text for match in matches
    )
