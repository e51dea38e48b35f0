"""One HTTP request and its answer, with the standard library alone, bounded in time and size."""

from __future__ import annotations

import http.client
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.config.network import NetworkSettings
from bot.network.bounded import bounded, is_too_large
from bot.network.deadline import seconds_left
from bot.network.words import plain


class NoAnswerError(Exception):
    """No whole answer came. The text says why, to stand behind "asking …: "."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The status, the headers (names in lower case) and the body of an answer, whatever it says."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(
    method: str, url: str, network: NetworkSettings, *, body: bytes | None = None, headers: Mapping[str, str]
) -> HttpAnswer:
    """The answer to one request, through the proxy that the environment names. A redirection is not followed: the text
    of a book goes where the configuration says, and nowhere else. Raises NoAnswerError, and DeadlineError once a limit
    of time around the call is over."""
    request = urllib.request.Request(url, data=body, method=method, headers=dict(headers))
    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler(), _http(network), _https(network)):
        opener.add_handler(handler)
    try:
        with opener.open(request, timeout=seconds_left(network.connect_seconds)) as answer:
            named = {name.lower(): value for name, value in answer.headers.items()}
            return HttpAnswer(answer.status, named, answer.read())
    except (OSError, http.client.HTTPException) as error:
        seconds_left(network.request_seconds)  # raises if it is the limit around the call that is over
        raise NoAnswerError(_reason(error)) from None


def _reason(error: Exception) -> str:
    cause = getattr(error, "reason", error)  # URLError wraps what the connection raised
    if is_too_large(error):
        return "the answer is larger than network.answer_megabytes allows"
    if isinstance(cause, TimeoutError):
        return "no whole answer came within the limits of `network`"
    if isinstance(cause, ConnectionRefusedError):
        return "nothing answers there (connection refused)"
    if isinstance(cause, http.client.IncompleteRead):
        return "the answer was cut off"
    if isinstance(cause, http.client.BadStatusLine | http.client.LineTooLong | http.client.UnknownProtocol):
        return "what answers does not speak HTTP, or hung up"
    return plain(str(cause)).rstrip(".") or type(cause).__name__


def _http(network: NetworkSettings) -> urllib.request.HTTPHandler:
    connection: Any = bounded(http.client.HTTPConnection, network)

    class PlainHandler(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(connection, req)

    return PlainHandler()


def _https(network: NetworkSettings) -> urllib.request.HTTPSHandler:
    connection: Any = bounded(http.client.HTTPSConnection, network)

    class EncryptedHandler(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(connection, req)

    return EncryptedHandler()
