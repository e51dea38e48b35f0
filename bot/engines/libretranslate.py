"""Engine `libretranslate`: a LibreTranslate server, of one's own or a public one, by plain HTTP.

Written after `libretranslate/app.py` of version 1.6 and the description that a server offers at `/spec`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from bot.engines.base import About, Engine, EngineOptions, EngineSettings, Finding, Severity
from bot.engines.html.markup import Decoded, Encoded
from bot.engines.html.sentences import Key, as_translation, encode_all, key_of, read_answer
from bot.engines.language import detector
from bot.engines.paid.calls import TRANSIENT, CallError, persistently, retry_after, said, without_key
from bot.engines.paid.calls import key_of as api_key
from bot.errors import EngineError
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation
from bot.network.exchange import HttpAnswer, NoAnswerError, exchange

_SPLITTABLE = frozenset({400, 413, 414, 422})
"""Statuses of a request that is refused for one of its texts, or for their number or size."""
_FAILURES_IN_A_ROW = 5
"""So many sentences in a row at which the server fails mean that it is down, or no LibreTranslate."""
_TAG = re.compile(r"</?(?:span|em|strong|s|a|b)(?:\s[^<>]*)?>")


class LibreTranslateSettings(EngineSettings):
    """A LibreTranslate server: free software for a machine of one's own."""

    kind: Literal["libretranslate"]
    about = About(variable="LIBRETRANSLATE_API_KEY", variable_optional=True)
    url: Annotated[str, Field(pattern=r"^https?://[^\s/@?#]+(/[^\s?#@]*)?$")] = "http://localhost:5000"
    """Where the server answers. For a server that asks for a key, set it in the environment."""
    api_key_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] = "LIBRETRANSLATE_API_KEY"
    """The variable of the environment that holds the server's key, if it asks for one."""
    sentences_per_request: Annotated[int, Field(ge=1, le=1000)] = 20
    """How many sentences are sent at once."""
    max_attempts: Annotated[int, Field(ge=1, le=20)] = 4
    """How often to try a call to a busy server."""

    def create(self, options: EngineOptions) -> Engine:
        return LibreTranslateEngine(options, self)


class _RefusedError(CallError):
    """The server's refusal, with its HTTP status (0: what came is no answer to what was asked)."""

    def __init__(self, message: str, status: int = 0, wait: float | None = None) -> None:
        super().__init__(message, transient=status in TRANSIENT, wait=wait)
        self.status = status


class LibreTranslateEngine(Engine):
    name = "libretranslate"
    limit_seconds = None

    def __init__(self, options: EngineOptions, settings: LibreTranslateSettings) -> None:
        self._options = options
        self._settings = settings
        self._url = settings.url.rstrip("/")
        self._failures = 0
        """Sentences in a row at which the server failed."""

    @property
    def training_level(self) -> str:
        return ""

    def translate(
        self,
        requests: Sequence[Request],
        direction: Direction,
        examples: TranslationMemory,  # the service takes none
    ) -> Sequence[Translation]:
        if not requests:
            return []
        sentences = encode_all(requests, direction.source)
        asked = [encoded for encoded in sentences.values() if encoded.has_words]
        codes = self._offered(direction) if asked else ("", "")
        size = self._settings.sentences_per_request
        results: dict[Key, Decoded] = {}
        answers: dict[str, str | _RefusedError] = {}
        texts = list(dict.fromkeys(encoded.html for encoded in asked))
        for start in range(0, len(texts), size):
            answers |= self._answers(texts[start : start + size], codes)
        failures = [answer for answer in answers.values() if isinstance(answer, _RefusedError)]
        if failures and len(failures) == len(answers) and failures[0].status not in _SPLITTABLE:
            raise failures[0]
        for key, encoded in sentences.items():
            results[key] = self._result(encoded, answers, direction)
        return [as_translation(request, results[key_of(request)], (), direction) for request in requests]

    def findings(self) -> Iterable[Finding]:
        try:
            offered = self._languages
        except EngineError as error:
            yield Finding("service", Severity.PROBLEM, str(error))
            return
        yield Finding("service", Severity.FACT, f"{self._url} offers {len(offered)} languages")
        host = urlsplit(self._url)
        if self._key and host.scheme == "http" and host.hostname not in ("localhost", "127.0.0.1", "::1"):
            yield Finding("service", Severity.NOTE, f"{self._url} gets the key and the book without encryption")

    def _result(self, encoded: Encoded, answers: Mapping[str, str | _RefusedError], direction: Direction) -> Decoded:
        if not encoded.has_words:
            return Decoded(encoded.text)
        answer = answers[encoded.html]
        if isinstance(answer, _RefusedError):
            return Decoded("", str(answer))
        if without_key(answer, self._key) != answer:
            return Decoded("", "the answer holds the key")
        return read_answer(encoded, escaped(encoded, answer), direction, detector())

    def _answers(self, texts: Sequence[str], codes: tuple[str, str]) -> Mapping[str, str | _RefusedError]:
        """The answer to each text, or why there is none. A request that is refused for its texts is sent again in
        halves. Raises EngineError if the server can't be asked at all."""
        try:
            given = persistently(
                lambda: self._translated(texts, codes), self._settings.max_attempts, self._options.network.retry_seconds
            )
        except _RefusedError as error:
            # A missing key is refused with 400, too.
            if error.status not in {*_SPLITTABLE, 0, 500} or _asks_for_key(str(error)):
                raise
            if len(texts) == 1:
                self._failures += error.status not in _SPLITTABLE
                if self._failures >= _FAILURES_IN_A_ROW:
                    raise
                return {texts[0]: error}
            middle = len(texts) // 2
            return {**self._answers(texts[:middle], codes), **self._answers(texts[middle:], codes)}
        self._failures = 0
        return dict(zip(texts, given, strict=True))

    def _translated(self, texts: Sequence[str], codes: tuple[str, str]) -> list[str]:
        source, target = codes
        fields = {"q": list(texts), "source": source, "target": target, "format": "html"}
        if self._key:
            fields["api_key"] = self._key
        answer = self._call("POST", "/translate", fields)
        given = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(given, list) or len(given) != len(texts) or not all(isinstance(text, str) for text in given):
            count = f"{len(given)} texts" if isinstance(given, list) else "no list of texts"
            raise _RefusedError(
                f"{self._url} answered {count} to {len(texts)}; check that it is a LibreTranslate server"
            )
        return given

    @cached_property
    def _key(self) -> str:
        return api_key(self._options.environment, self._settings.api_key_env, self.name, needed=False)

    @cached_property
    def _languages(self) -> Mapping[str, frozenset[str]]:
        """The languages that the server translates into, by the language that it translates from."""
        answer = persistently(
            lambda: self._call("GET", "/languages"), self._settings.max_attempts, self._options.network.retry_seconds
        )
        try:
            return {str(entry["code"]): frozenset(map(str, entry["targets"])) for entry in answer}
        except (TypeError, KeyError):
            raise _RefusedError(
                f"{self._url}/languages holds no list of languages; check that it is a LibreTranslate server"
            ) from None

    def _offered(self, direction: Direction) -> tuple[str, str]:
        """The server's codes of the languages. Raises EngineError for a pair that it does not offer."""
        languages = self._languages
        sources = [code for code in _names(self.codes(direction)[0]) if code in languages]
        targets = [c for c in _names(self.codes(direction)[1]) if sources and c in languages[sources[0]]]
        if targets:
            return sources[0], targets[0]
        missing = direction.target if sources else direction.source
        known = ", ".join(sorted(languages[sources[0]] if sources else languages)) or "none"
        raise EngineError(
            f"{self._url} does not offer {missing.name} ({missing.code}), only {known}; install its model there, add"
            " its code under engine_codes in languages.yaml, or choose another engine for it"
        )

    def _call(self, method: str, path: str, fields: Mapping[str, object] | None = None) -> Any:
        """The JSON of an answer. Raises _RefusedError."""
        body = json.dumps(fields).encode() if fields is not None else None
        headers = {"Accept": "application/json", "Accept-Language": "en", "User-Agent": "amts"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = exchange(method, self._url + path, self._options.network, body=body, headers=headers)
        except NoAnswerError as error:
            message = f"{self._url}: {error}; check `url` in amts.yaml, and that the server runs"
            raise CallError(message, transient=True) from None
        try:
            value = json.loads(answer.body)
        except (ValueError, RecursionError):
            value = None
        if answer.status == 200 and value is not None:
            return value
        raise self._refusal(answer, value)

    def _refusal(self, answer: HttpAnswer, value: object) -> _RefusedError:
        words = value.get("error") if isinstance(value, dict) else answer.body.decode("utf-8", "replace")
        words = said(words, self._key).rstrip(".") if isinstance(words, str) else ""
        status = answer.status
        what = f"{self._url} answered {status}{': ' if words else ''}{words}"
        wait = retry_after(answer.headers.get("retry-after"))
        return _RefusedError(f"{what}; {self._advice(status, words)}", 0 if status == 200 else status, wait)

    def _advice(self, status: int, words: str) -> str:
        variable = self._settings.api_key_env
        if _asks_for_key(words) or status in (401, 403):
            return f"set the key that the server asks for in {variable}, or wait if it has banned this machine"
        if status == 429:
            return "it limits the rate of requests; run again later, or get a key with a higher limit"
        if status in TRANSIENT:
            return "the server has a problem; look at its log, and run again"
        if 300 <= status < 400:
            return "it leads elsewhere; set `url` in amts.yaml to where the server itself answers"
        if status in _SPLITTABLE:
            return "translate the sentence by hand, or raise the server's limits"
        return "check that `url` in amts.yaml is the address of a LibreTranslate server, and no proxy stands between"


def _asks_for_key(words: str) -> bool:
    return "api key" in words.casefold()


def _names(code: str) -> tuple[str, ...]:
    """The names that servers have had for a language."""
    older = {"zh-Hans": "zh", "zh-Hant": "zt", "pt-BR": "pb"}
    return (code, older[code]) if code in older else (code,)


def escaped(encoded: Encoded, answer: str) -> str:
    """The answer as HTML: the server writes entities as letters, so what is none of our elements is text."""
    pieces: list[str] = []
    at = 0
    while (match := _TAG.search(answer, at)) is not None:
        named = re.search(r'\bid="([^"]*)"', match[0])
        element = encoded.elements.get(named[1]) if named else None
        is_ours = match[0].startswith("</") or element is not None
        pieces += _text(answer[at : match.start()]), match[0] if is_ours else _text(match[0])
        at = match.end()
        if element is not None and not element.is_tag and answer.startswith(f"{element.opening}</span>", at):
            pieces.append(_text(element.opening))  # which may look like markup itself
            at += len(element.opening)
    return "".join([*pieces, _text(answer[at:])])


def _text(words: str) -> str:
    return html.escape(words, quote=False)
