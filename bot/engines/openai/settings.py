"""The settings of the engine `openai`."""

from __future__ import annotations

import ipaddress
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from bot.config.validation import Section
from bot.engines.base import About, Engine, EngineOptions, Lesson, Quote
from bot.engines.paid.caps import CappedSettings, decimal

OPENAI = "https://api.openai.com/v1"
_MILLION = Decimal(1_000_000)
_ASSUMED_INPUT, _ASSUMED_OUTPUT = 5.0, 25.0


class TokenPrices(Section):
    """US dollars per million tokens, from the provider's price list; 0 for a model of your own."""

    input: Annotated[float, Field(ge=0)]
    """A million tokens that are sent."""
    output: Annotated[float, Field(ge=0)]
    """A million tokens that come back, those of thinking included."""
    as_of: str = ""
    """When these prices were looked up; shown beside every quote."""

    def quote(self, characters: int, sent: int, answered: int, tokens: int) -> Quote:
        """The cost of so many tokens, the most that may be answered among them."""
        dollars = (sent * decimal(self.input) + answered * decimal(self.output)) / _MILLION
        prices = f"${decimal(self.input).normalize():f} and ${decimal(self.output).normalize():f} per million tokens"
        when = self.as_of and f", {'' if self.as_of == ASSUMED else 'prices of '}{self.as_of}"
        return Quote(characters, dollars, f"at most, at {prices} sent and answered{when}", tokens)


ASSUMED = "assumed until the engine has `prices`"


class OpenAISettings(CappedSettings):
    """A language model behind an OpenAI-compatible address: OpenAI, vLLM, Ollama, llama.cpp, LM Studio, and the
    compatible endpoints of others. The key comes from the environment, never from this file."""

    kind: Literal["openai"]
    about = About(
        (Lesson.EXAMPLES, Lesson.TERMS, Lesson.STYLE, Lesson.CONTEXT),
        "openai",
        "openai",
        variable="OPENAI_API_KEY",
        variable_optional=True,
    )
    model: Annotated[str, Field(min_length=1, max_length=300)]
    """The model, as the service calls it."""
    base_url: str = OPENAI
    """The address of the service, up to the version: `http://127.0.0.1:11434/v1` for Ollama."""
    api_key_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=100)] = "OPENAI_API_KEY"
    """The environment variable that holds the key. A service without keys, at an address other than OpenAI's, needs
    none."""
    mode: Literal["real-time", "batch"] = "real-time"
    """One request after another, or the service's batch endpoint: cheaper, and within a day (`batch_hours`)."""
    answers: Literal["json_schema", "json_object", "text"] = "json_schema"
    """How the service is told to answer in JSON: by a schema, as JSON of whatever shape, or by the prompt alone, for a
    server that offers neither."""
    sentences_per_request: Annotated[int, Field(ge=1, le=50)] = 8
    """How many sentences are asked for at once."""
    parallel_requests: Annotated[int, Field(ge=1, le=64)] = 4
    """How many requests are under way at once."""
    max_attempts: Annotated[int, Field(ge=1, le=20)] = 5
    """How often to try a request of a busy service."""
    examples: Annotated[int, Field(ge=0, le=10)] = 5
    """The most pairs of the book that are shown for a sentence: those whose English is at least 75 % alike."""
    neighbours: bool = True
    """Whether the sentence before is shown, with its translation where there is one."""
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    """The model's own if left out; some models take no other."""
    reasoning_effort: Annotated[str, Field(pattern=r"^[a-z]+$")] = ""
    """For models that think: `minimal`, `low` …; the model's own if left out."""
    reasoning_tokens: Annotated[int, Field(ge=0, le=200_000)] = 0
    """Room for thinking in each answer, for models that think; part of the quote."""
    output_limit: Literal["auto", "max_completion_tokens", "max_tokens", "none"] = "auto"
    """The parameter that bounds an answer: `max_completion_tokens` at OpenAI, `max_tokens` elsewhere."""
    batch_hours: Annotated[float, Field(gt=0, le=168)] = 24.0
    """When to stop waiting for a batch; a later run waits on."""
    prices: TokenPrices | None = None
    """What tokens cost. If left out, nothing is billed at an address of this machine or a private network; elsewhere a
    high price is assumed, so that the caps hold."""

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        try:
            place = urlsplit(value)
            good = place.scheme in ("http", "https") and bool(place.hostname) and (place.port or 1) > 0
        except ValueError:
            good = False
        # Not quoted: a key must not get into a log.
        if not good or any(char.isspace() or not char.isprintable() for char in value):
            raise ValueError("must be an address that begins with http:// or https://")
        if place.username is not None or place.password is not None:
            raise ValueError("must hold no user name or key; leave out what stands before the @")
        if place.query or place.fragment:
            raise ValueError("must end with a path, such as /v1, without ? and #")
        return value.rstrip("/")

    @property
    def is_private(self) -> bool:
        """Whether the service is on this machine or in a private network."""
        return _is_private(urlsplit(self.base_url).hostname or "")

    @property
    def prices_in_force(self) -> TokenPrices:
        if self.prices is not None:
            return self.prices
        if self.is_private:
            return TokenPrices(input=0, output=0)
        return TokenPrices(input=_ASSUMED_INPUT, output=_ASSUMED_OUTPUT, as_of=ASSUMED)

    def create(self, options: EngineOptions) -> Engine:
        from bot.engines.openai.engine import OpenAIEngine  # here, since reading a configuration needs no client

        return OpenAIEngine(options, self)


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        # A name without a dot is one of the local network: `localhost`, a container's.
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
