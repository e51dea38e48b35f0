"""The settings of the DeepL engine, and its names of languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from bot.config.validation import Section
from bot.engines.base import About, Engine, EngineOptions, Lesson, Quote
from bot.engines.paid.caps import CappedSettings, decimal
from bot.model import Direction, Language

FREE_SUFFIX = ":fx"
"""Keys of DeepL API Free end so; they have an address of their own, and nothing is billed."""

_MILLION = Decimal(1_000_000)
_VARIANTS = ("en-GB", "en-US", "es-419", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant")
# DeepL takes a language without its variant as a source only; its client refuses such an English or Portuguese target.
_USUAL = {"en": "en-US", "pt": "pt-BR", "zh": "zh-Hans"}


class DeepLPrices(Section):
    """US dollars per million characters; look at DeepL's price list before the first run."""

    per_million: Annotated[float, Field(ge=0)] = 25.0
    """DeepL API Pro, beside its monthly base price. A key of DeepL API Free costs nothing."""
    as_of: str = "2026, as price comparisons quote deepl.com/pro-api"
    """When and where this price was read; shown beside every quote."""

    def quote(self, characters: int) -> Quote:
        """The cost of so many characters."""
        price = decimal(self.per_million)
        return Quote(
            characters, characters * price / _MILLION, f"${price.normalize():f} per million, prices of {self.as_of}"
        )


class DeepLSettings(CappedSettings):
    """DeepL's API, by its official client."""

    kind: Literal["deepl"]
    about = About(
        (Lesson.PARALLEL_DATA, Lesson.TERMS, Lesson.STYLE, Lesson.CONTEXT), "deepl", "deepl", variable="DEEPL_AUTH_KEY"
    )
    api_key_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] = "DEEPL_AUTH_KEY"
    """The variable of the environment that holds the key. One that ends with :fx is a key of DeepL API Free."""
    server_url: Annotated[str, Field(pattern=r"^(https?://[^\s/@?#]+(/[^\s?#@]*)?)?$")] = ""
    """Where the API answers; DeepL's own address, by the kind of key, if left out."""
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")] = "amts"
    """Prefix of the names of glossaries and translation memories; use another for each book of an account."""
    context: bool = True
    """Whether the sentence before goes along as context, which DeepL neither translates nor bills. Each sentence is
    then a request of its own."""
    formality: Literal["", "formal", "informal"] = ""
    """The tone, for target languages where DeepL offers one."""
    model_type: Literal["", "quality_optimized", "prefer_quality_optimized", "latency_optimized"] = ""
    """DeepL's model; its own choice if left out."""
    style_rule: str = ""
    """The id of a style rule of the account, for its language."""
    instructions: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=300)], ...], Field(max_length=10)] = ()
    """What to mind in every sentence, in words; for target languages and models where DeepL offers it."""
    parallel_data: Literal["none", "sentence", "paragraph"] = "none"
    """Whether people's pairs are kept at DeepL as a translation memory. DeepL applies the translation of a similar
    sentence in the place of a new one, so this is safe only with a high `match_threshold`."""
    match_threshold: Annotated[int, Field(ge=0, le=100)] = 95
    """How similar a sentence of the translation memory must be, in percent, for DeepL to apply its translation."""
    refresh: Literal["every-run", "by-hand"] = "every-run"
    """When the translation memory is updated: before each translation if the pairs changed, or only by
    `amts parallel-data push`."""
    texts_per_request: Annotated[int, Field(ge=1, le=50)] = 25
    """How many sentences are sent at once, without context."""
    parallel_requests: Annotated[int, Field(ge=1, le=16)] = 4
    """How many requests are under way at the same time."""
    max_attempts: Annotated[int, Field(ge=1, le=20)] = 5
    """How often to try a call."""
    poll_seconds: Annotated[float, Field(gt=0)] = 5.0
    """How long to wait before an import is looked at again."""
    timeout_minutes: Annotated[float, Field(gt=0)] = 60.0
    """When to stop waiting for an import."""
    prices: DeepLPrices = DeepLPrices()
    """The price of the service."""

    def create(self, options: EngineOptions) -> Engine:
        from bot.engines.deepl.engine import DeepLEngine  # here, since reading a configuration needs no client

        return DeepLEngine(options, self)


def language_codes(direction: Direction) -> tuple[str, str]:
    """DeepL's codes of the languages. The source has no variant."""
    source, target = (_code(language) for language in direction)
    return source.partition("-")[0], _USUAL.get(target, target)


def _code(language: Language) -> str:
    asked = language.code.replace("_", "-").casefold()
    exact = next((variant for variant in _VARIANTS if variant.casefold() == asked), None)
    return exact or language.code_for("deepl")
