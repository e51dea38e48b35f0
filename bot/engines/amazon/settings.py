"""What the Amazon engine is told by the configuration, and the names that follow from it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from bot.engines.base import Quote
from bot.errors import EngineError
from bot.model import Language

_MILLION = Decimal(1_000_000)
_LONGEST_LANGUAGE = 64


@dataclass(frozen=True)
class Prices:
    """US dollars per million characters, with and without parallel data, and when they were looked up."""

    standard: Decimal = Decimal(15)
    custom: Decimal = Decimal(60)
    as_of: str = "2026-11"

    def quote(self, characters: int, *, custom: bool) -> Quote:
        """What that many characters cost."""
        price = self.custom if custom else self.standard
        return Quote(
            characters, characters * price / _MILLION, f"${price.normalize():f} per million, prices of {self.as_of}"
        )


@dataclass(frozen=True)
class Settings:
    """The fields of `bot.config.engines.AmazonEngine`, with the name of the language's entry in the configuration."""

    language: str
    region: str
    bucket: str
    role: str
    prefix: str = "amts"
    name: str = "amts"
    mode: str = "batch"
    parallel_data: str = "sentence"
    refresh: str = "every-run"
    formality: str = ""
    encryption_key: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    poll_seconds: float = 30.0
    max_poll_seconds: float = 300.0
    timeout_hours: float = 72.0
    retry_mode: str = "standard"
    max_attempts: int = 8
    prices: Prices = Prices()
    max_dollars_per_run: Decimal = Decimal(50)
    max_dollars_per_month: Decimal = Decimal(200)

    @property
    def resource(self) -> str:
        """The name of this language's parallel data and terminology, and what its jobs' names begin with. Matches
        `^([A-Za-z0-9-]_?)+$`, the service's pattern; distinct for distinct languages."""
        safe = re.sub(r"[^A-Za-z0-9-]", "-", self.language)[:_LONGEST_LANGUAGE]
        return f"{self.name}-{safe}" if safe == self.language else f"{self.name}-{safe}-{digest(self.language)[:8]}"

    def key(self, name: str) -> str:
        """The S3 key of a file, `jobs/x/in/a.html` say. What is of one kind stands together, so that lifecycle rules
        and rights can name it; below that the resource keeps apart languages, and books that share a bucket."""
        kind, _, rest = name.partition("/")
        return f"{self.prefix}/{kind}/{self.resource}/{rest}"


def read_settings(section: Mapping[str, object], language: str) -> Settings:
    """The settings of one language from the fields of its engine's section, checked when the configuration was."""
    values = {name: value for name, value in section.items() if name != "kind"}
    if isinstance(prices := values.get("prices"), Mapping):
        values["prices"] = Prices(_decimal(prices["standard"]), _decimal(prices["custom"]), str(prices["as_of"]))
    for cap in ("max_dollars_per_run", "max_dollars_per_month"):
        if cap in values:
            values[cap] = _decimal(values[cap])
    return Settings(language=language, **cast("dict[str, Any]", values))


def service_code(language: Language) -> str:
    """The language's code in Amazon Translate. Raises EngineError where the language is not offered."""
    code = language.engine_codes.get("amazon")
    if code is None:
        raise EngineError(
            f"Amazon Translate does not offer {language.name} ({language.code}); choose another engine for it, or add "
            "its code under engine_codes in languages.yaml"
        )
    return code


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def in_dollars(amount: Decimal) -> str:
    """US dollars as people read them, small amounts with more digits."""
    return f"${amount:,.2f}" if amount >= 1 else f"${amount:.4f}"


def _decimal(value: object) -> Decimal:
    return Decimal(str(value))
