"""The service: one call of `chat.completions`, and its failures with advice and without the key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.config.network import NetworkSettings
from bot.engines.openai.settings import OPENAI, OpenAISettings
from bot.engines.paid.calls import TRANSIENT, CallError, key_of, retry_after, said
from bot.errors import AmtsError, ConfigError, install_hint

if TYPE_CHECKING:
    import openai
    from httpx2 import Response

_NO_KEY = "none"  # the client insists on one; a server without keys takes any


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model said, why it stopped, its refusal ("" for none), and the tokens billed (None: not said)."""

    text: str
    finish: str
    refusal: str
    sent: int | None
    answered: int | None


class TextError(CallError):
    """The service takes everything but the text of this request."""


class ModelService:
    """One address, with one key. Threads may share it."""

    def __init__(self, settings: OpenAISettings, environment: Mapping[str, str], network: NetworkSettings) -> None:
        """Makes no call yet. Raises ConfigError without the client or a key."""
        try:
            import openai
            from httpx2 import Client

            from bot.engines.openai.transport import BoundedTransport
        except ImportError:
            raise ConfigError(f'the engine "openai" needs the client openai: {install_hint("openai")}') from None
        self._settings = settings
        self._key = key_of(environment, settings.api_key_env, "openai", needed=settings.base_url == OPENAI)
        if self._key and settings.base_url.startswith("http://") and not settings.is_private:
            raise ConfigError(
                f"the engine openai: the key would travel in the clear to {settings.base_url}; use https://, or set"
                " api_key_env to a variable that does not exist if the service needs none"
            )
        transport = BoundedTransport(network, settings.parallel_requests)
        self._client: openai.OpenAI = openai.OpenAI(
            api_key=self._key or _NO_KEY,
            base_url=settings.base_url,
            max_retries=0,  # ours are counted, bounded, and written into the ledger
            timeout=network.request_seconds,
            http_client=Client(transport=transport, follow_redirects=False, trust_env=False),
        )

    @property
    def client(self) -> openai.OpenAI:
        return self._client

    def complete(self, body: Mapping[str, Any]) -> Completion:
        """The answer to a body of a request. Raises CallError."""
        with self.errors("asking the model"):
            answer = self._client.chat.completions.with_raw_response.create(**body)
            data = self.json(answer.http_response)
        return read_completion(data, self._key)

    def json(self, response: Response) -> dict[str, Any]:
        """The object that an answer holds. Raises CallError: the client lets a web page pass."""
        try:
            data = json.loads(response.content)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise self._stranger()
        return data

    @contextmanager
    def errors(self, doing: str) -> Iterator[None]:
        """Turns every failure of a call inside into a CallError."""
        import openai

        from bot.engines.openai.transport import TooLarge

        try:
            yield
        except openai.APIStatusError as error:
            raise self._refusal(doing, error.response) from None
        except openai.APITimeoutError:
            message = f"{doing}: no whole answer came within the limits of `network`; check whether the service is up"
            raise CallError(message, transient=True, billed=True) from None
        except openai.APIConnectionError as error:
            if isinstance(error.__cause__, AmtsError):  # the limit of time around the call
                raise error.__cause__ from None
            if isinstance(error.__cause__, TooLarge):
                raise CallError(f"{doing}: the answer is larger than network.answer_megabytes allows") from None
            what = said(str(error.__cause__ or error), self._key).rstrip(".")
            message = f"{doing}: {what}; check base_url ({self._settings.base_url}) and the network"
            unsent = type(error.__cause__).__name__ == "ConnectError"
            raise CallError(message, transient=True, billed=not unsent) from None
        except TooLarge:
            raise CallError(f"{doing}: the answer is larger than network.answer_megabytes allows") from None
        except (openai.OpenAIError, ValueError, RecursionError):
            # The client's own: an answer that is no JSON, or no HTTP.
            raise self._stranger() from None

    def _stranger(self) -> CallError:
        return CallError(
            f"what answers at {self._settings.base_url} does not speak OpenAI's protocol (a web page, or JSON of"
            " another shape); check base_url, which mostly ends with /v1, and whether a proxy or a sign-in stands"
            " between",
            billed=True,
        )

    def _refusal(self, doing: str, response: Response) -> CallError:
        status = response.status_code
        headline = f"{doing}: the service answered {status}"
        if status in (401, 403):
            # Nothing of what it says: it may say the key.
            return CallError(f"{headline}: check the key in {self._settings.api_key_env}, and what it may do")
        words, code = self._words(response)
        advice = _ADVICE.get(code) or _ADVICE.get(str(status), "")
        message = headline + (f": {words.rstrip('.')}" if words else "") + (f"; {advice}" if advice else "")
        # An account without money answers 429 as well, and goes on doing so.
        transient = status in TRANSIENT and code != "insufficient_quota"
        if code in _OF_TEXT or status == 413:
            return TextError(message)
        wait = retry_after(response.headers.get("retry-after")) if transient else None
        return CallError(message, transient=transient, wait=wait)

    def _words(self, response: Response) -> tuple[str, str]:
        """The message and the code of an error."""
        try:
            error = json.loads(response.content)
            error = error.get("error", error) if isinstance(error, dict) else {}
        except (ValueError, RecursionError):
            return said(response.text, self._key), ""
        if isinstance(error, str):
            return said(error, self._key), ""
        if not isinstance(error, dict):
            return "", ""
        message = error.get("message")
        return said(message if isinstance(message, str) else "", self._key), str(error.get("code") or "")


_OF_TEXT = frozenset(
    {
        "content_filter",
        "content_policy_violation",
        "context_length_exceeded",
        "invalid_prompt",
        "string_above_max_length",
    }
)
_ADVICE = {
    "400": "if the server knows no structured output, set `answers` of the engine to json_object or text; if it does"
    " not know a parameter, see `output_limit`, `temperature` and `reasoning_effort`",
    "404": "check `model` and base_url, which mostly ends with /v1",
    "413": "lower sentences_per_request",
    "429": "lower parallel_requests, or run again later",
    "insufficient_quota": "see to the account's credit, and run again",
    "model_not_found": "check `model`, and which models the key may use",
    "context_length_exceeded": "lower sentences_per_request or examples",
}


def read_completion(data: Mapping[str, Any], key: str = "") -> Completion:
    """Raises CallError if the body of the answer holds an error, or no choice."""
    error = data.get("error")
    if error:
        message = error.get("message") if isinstance(error, dict) else error
        raise CallError(f"asking the model: {said(str(message), key).rstrip('.')}; check `model` and the service")
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise CallError("asking the model: the answer has no choice; check whether base_url is the right service")
    usage = data.get("usage") if isinstance(data.get("usage"), dict) else {}
    return Completion(
        _text(message.get("content")),
        _text(choice.get("finish_reason")),
        _text(message.get("refusal")),
        _count(usage, "prompt_tokens"),
        _count(usage, "completion_tokens"),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(usage: Any, name: str) -> int | None:
    value = usage.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None
