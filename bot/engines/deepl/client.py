"""DeepL's client, with our own transport beneath it, and its errors with advice.

The client's transport (deepl 1.32) tries each failed call six times without regard to `Retry-After`, has a limit for
each byte and none for the whole, follows redirections, and looks at no REQUESTS_CA_BUNDLE.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from bot.config.network import NetworkSettings
from bot.engines.deepl.settings import FREE_SUFFIX, DeepLSettings
from bot.engines.paid.calls import TRANSIENT, CallError, persistently, retry_after, said
from bot.errors import ConfigError, install_hint
from bot.network.bounded import is_too_large
from bot.network.deadline import seconds_left

if TYPE_CHECKING:
    from deepl import DeepLClient

ResultT = TypeVar("ResultT")

_PRO, _FREE = "https://api.deepl.com/", "https://api-free.deepl.com/"
_OK, _NOTHING, _REDIRECTION = 200, 204, 300
_LATER = "run again later: what was translated is kept"
_FORBIDDEN, _MISSING, _TOO_MANY, _QUOTA = (401, 403), 404, 429, 456

# The client logs texts, and the signed addresses of uploads.
logging.getLogger("deepl").setLevel(logging.WARNING)


class DeepLError(CallError):
    """A call failed. `status` is the HTTP status of the answer (0 if there was none, or none that can be read)."""

    def __init__(self, message: str, status: int = 0, *, wait: float | None = None, billed: bool = False) -> None:
        super().__init__(message, transient=status in TRANSIENT, wait=wait, billed=billed)
        self.status = status


@dataclass(frozen=True)
class Account:
    """The client and what belongs to it; `language` is the language's entry in the configuration."""

    client: DeepLClient = field(repr=False)
    url: str
    key: str = field(repr=False)
    settings: DeepLSettings
    network: NetworkSettings
    language: str
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def resource(self) -> str:
        """The name of the language's glossary and translation memory."""
        return f"{self.settings.name}-{re.sub(r'[^A-Za-z0-9-]', '-', self.language)[:64]}"

    def once(self, doing: str, call: Callable[[DeepLClient], ResultT]) -> ResultT:
        """The result of one call of the client. Raises CallError, whose text has `doing` and advice."""
        try:
            return call(self.client)
        except _FailureError as failure:
            raise self._error(doing, failure) from None
        except _odd_errors() as error:
            # The client reads answers without looking: what is missing in them becomes an error of any kind.
            raise DeepLError(
                f"{doing}: DeepL answered something else than its API ({said(str(error), self.key)});"
                " check `server_url`, and whether a newer deepl helps",
                billed=True,
            ) from None

    def ask(self, doing: str, call: Callable[[DeepLClient], ResultT]) -> ResultT:
        """As `once`, tried again while the service is busy."""
        return self.persist(lambda: self.once(doing, call))

    def persist(self, call: Callable[[], ResultT]) -> ResultT:
        """The result of a call that may raise CallError, tried as often as the settings say."""
        return persistently(call, self.settings.max_attempts, self.network.retry_seconds, self.sleep)

    def _error(self, doing: str, failure: _FailureError) -> CallError:
        words = said(failure.words, self.key).rstrip(".")
        if not failure.status:
            message = f"{doing}: {words}; check the network{' and `server_url`' if self.settings.server_url else ''}"
            return CallError(f"{message}, then run again", transient=failure.transient, billed=failure.billed)
        what = f"{doing}: DeepL answered {failure.status}{': ' if words else ''}{words}"
        return DeepLError(
            f"{what}; {self._advice(failure.status)}", failure.status, wait=failure.wait, billed=failure.billed
        )

    def _advice(self, status: int) -> str:
        variable = self.settings.api_key_env
        if status in _FORBIDDEN:
            return f"set {variable} to a key of this account, and leave its end {FREE_SUFFIX} if it has that"
        if status == _QUOTA:
            return (
                "the characters of this billing period are used up: raise the limit in DeepL's account, or run again in"
                " the next period; what was translated is kept"
            )
        if status == _TOO_MANY:
            return f"it limits the rate of requests; lower `parallel_requests`, or {_LATER}"
        if status in TRANSIENT:
            return f"the service has a problem; {_LATER}"
        if status == _MISSING:
            return "it is not there, or this account has no such feature; look at the settings that name it"
        if _REDIRECTION <= status < 400:
            return "it leads elsewhere; set `server_url` to where the API itself answers"
        if _OK <= status < _REDIRECTION:
            return "check `server_url`, and whether a proxy or a sign-in stands between"
        return "look at the settings of the engine, and at DeepL's page on the languages that it offers"


def connect(settings: DeepLSettings, key: str, network: NetworkSettings, language: str) -> Account:
    """Makes no call yet. Raises ConfigError if the client is not installed."""
    try:
        from deepl import DeepLClient
    except ImportError:
        raise ConfigError(f'the engine "deepl" needs its client: {install_hint("deepl")}') from None
    url = settings.server_url or (_FREE if key.endswith(FREE_SUFFIX) else _PRO)
    url = f"{url.rstrip('/')}/"  # or the client loses the last part of the path
    client = DeepLClient(key, server_url=url, send_platform_info=False)
    client._client = _transport(network)
    return Account(client, url, key, settings, network, language)


class _FailureError(Exception):
    """What came instead of an answer."""

    def __init__(
        self,
        words: str,
        status: int = 0,
        *,
        wait: float | None = None,
        transient: bool = False,
        billed: bool = False,
    ) -> None:
        super().__init__(words)
        self.words = words
        self.status = status
        self.wait = wait
        self.transient = transient
        self.billed = billed


def _odd_errors() -> tuple[type[Exception], ...]:
    from deepl import DeepLException

    return DeepLException, LookupError, TypeError, ValueError, AttributeError, AssertionError, RecursionError


def _transport(network: NetworkSettings) -> Any:
    """A transport of the client that makes one attempt, within the limits of the network. The client takes it for its
    own (as of deepl 1.32), by its method."""
    import requests
    from deepl.http_client import HttpClient

    from bot.network.sessions import BoundedAdapter

    class BoundedClient(HttpClient):  # type: ignore[misc,unused-ignore]  # Any, where the client is not installed
        def __init__(self) -> None:
            super().__init__(send_platform_info=False)
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, BoundedAdapter(network))

        def request_with_backoff(
            self,
            method: str,
            url: str,
            data: Any,
            json: Any,
            headers: Any,
            stream: bool = False,
            **more: Any,
        ) -> tuple[int, Any]:
            request = self._prepare_request(method, url, data, json, headers, **more)
            timeout = seconds_left(network.connect_seconds), seconds_left(network.silence_seconds)
            around = self._session.merge_environment_settings(request.url, {}, stream, None, None)
            try:
                answer = self._session.send(request, timeout=timeout, allow_redirects=False, **around)
            except requests.RequestException as error:
                seconds_left(network.request_seconds)  # raises if it is the limit around the call that is over
                raise _no_answer(error) from None
            answer.encoding = "utf-8"
            _check(answer.status_code, answer.text, answer.headers.get("Retry-After"), own="Authorization" in headers)
            return answer.status_code, answer if stream else answer.text

    return BoundedClient()


def _no_answer(error: Exception) -> _FailureError:
    import requests

    if is_too_large(error):
        return _FailureError("the answer is larger than network.answer_megabytes allows", billed=True)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return _FailureError("the server accepts no connection", transient=True)
    if isinstance(error, requests.Timeout) or "timed out" in str(error) or "takes longer" in str(error):
        return _FailureError("no whole answer came within the limits of `network`", transient=True, billed=True)
    if isinstance(error, requests.exceptions.SSLError):
        return _FailureError(f"the connection is not safe: {error}")
    if "refused" in str(error):
        return _FailureError("nothing answers there (connection refused)", transient=True)
    begun = "Failed to resolve" not in str(error) and "NewConnectionError" not in str(error)
    return _FailureError(f"the connection broke: {error}", transient=True, billed=begun)


def _check(status: int, text: str, wait: str | None, *, own: bool) -> None:
    """Raises _FailureError unless the answer is a success and, if it is DeepL's `own`, a JSON object."""
    value = None
    if own and text:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = None
    if not _OK <= status < _REDIRECTION:
        parts = [value.get("message"), value.get("detail")] if isinstance(value, dict) else [text if own else ""]
        words = ": ".join(part for part in parts if isinstance(part, str) and part)
        raise _FailureError(words, status, wait=retry_after(wait))
    if own and status != _NOTHING and not isinstance(value, dict):
        what = "a web page (HTML)" if text.lstrip().startswith("<") else "no JSON object"
        raise _FailureError(what, status, billed=True)
