"""How requests to the API travel: through connections bounded in time and size, and with answers that can be trusted
to be an API's."""

from __future__ import annotations

import json
import math
from typing import Any

import requests
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester, RequestsResponse

from bot.config.network import NetworkSettings
from bot.forge.failures import quoted
from bot.network.bounded import is_too_large
from bot.network.deadline import seconds_left
from bot.network.sessions import BoundedAdapter

_MAX_HOPS = 5
"""How many answers in a row may lead elsewhere or ask for patience (301, 202); PyGithub itself follows without end."""
_NUMBERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
_ERROR, _SERVER_ERROR = 400, 500

ApiConnection = HTTPRequestsConnectionClass | HTTPSRequestsConnectionClass


class WrongAnswerError(Exception):
    """An answer is none of the API. The text says what it is."""


class Transport:
    """The connection to one host. PyGithub takes it for one of its own (`cnx` of its requests), by its methods."""

    def __init__(self, protocol: str, host: str, port: int, network: NetworkSettings) -> None:
        self.protocol, self.host, self.port = protocol, host, port
        self._network = network
        self._session = requests.Session()
        self._session.auth = Requester.noopAuth  # or requests would look for credentials in .netrc
        self._session.mount(f"{protocol}://", BoundedAdapter(network))
        self._request: tuple[str, str, Any, dict[str, str]] = ("GET", "/", None, {})
        self._hops = 0

    def begin(self) -> None:
        """A new request, which was led nowhere yet."""
        self._hops = 0

    def request(self, verb: str, url: str, input: Any, headers: dict[str, str], stream: bool = False) -> None:
        self._request = verb, url, input, headers

    def getresponse(self) -> RequestsResponse:
        """Raises RequestException, WrongAnswerError or DeadlineError."""
        verb, url, content, headers = self._request
        self._hops += 1
        if self._hops > _MAX_HOPS:
            raise WrongAnswerError(f"leads on without end ({_MAX_HOPS} redirections in a row)")
        network = self._network
        timeout = seconds_left(network.connect_seconds), seconds_left(network.silence_seconds)
        address = f"{self.protocol}://{_bracketed(self.host)}:{self.port}{url}"
        try:
            answer = self._session.request(
                verb, address, headers=headers, data=content, timeout=timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            if is_too_large(error):
                raise WrongAnswerError("is larger than network.answer_megabytes allows") from None
            raise
        for name in _NUMBERS:  # PyGithub makes numbers of them without a look
            if name in answer.headers and not _is_number(answer.headers[name]):
                del answer.headers[name]
        return RequestsResponse(answer)

    def close(self) -> None:
        self._session.close()


def checked_output(status: int, headers: dict[str, Any], output: str, *, lists: bool | None) -> str:
    """The body, if it is the API's: for a success a JSON object, or a list if `lists` (None: both, or nothing); for a
    refusal what there is of an object with a message, "" otherwise. Raises WrongAnswerError for anything else, such as
    a web page of a proxy, and JSONDecodeError for JSON that was cut short."""
    text = output.lstrip("\ufeff \t\r\n")
    if not text:
        if status < _ERROR and lists is not None:
            raise WrongAnswerError(f"is empty (status {status})")
        return output
    kind = str(headers.get("content-type", "")).partition(";")[0].strip().lower()
    is_page = text.startswith("<") or "html" in kind
    if is_page and status < _SERVER_ERROR:
        raise WrongAnswerError(f"is a web page (HTML, status {status}) instead of JSON")
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        if status >= _ERROR:
            return ""
        if text.startswith(("{", "[")):
            raise
        raise WrongAnswerError(f"is not JSON (status {status}, {quoted(kind) or 'of no type'})") from None
    except (ValueError, RecursionError):
        raise WrongAnswerError("is JSON beyond all bounds (in depth, or a number)") from None
    if status >= _ERROR:
        is_refusal = isinstance(value, dict) and isinstance(value.get("message", ""), str)
        return output if is_refusal else ""
    is_list = isinstance(value, list) and (lists is None or all(isinstance(entry, dict) for entry in value))
    is_object = isinstance(value, dict) and (not lists or "total_count" in value)
    if not (is_list and lists is not False) and not is_object:
        raise WrongAnswerError(
            f"is JSON of another kind than {'the list' if lists else 'the object'} that was asked for"
        )
    return output


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
