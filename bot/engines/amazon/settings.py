"""The settings of the Amazon engine, and its names of languages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from bot.config.validation import Section
from bot.engines.base import About, Engine, EngineOptions, Lesson, Quote
from bot.engines.paid.caps import CappedSettings, decimal
from bot.errors import EngineError
from bot.model import Direction

_MILLION = Decimal(1_000_000)


class Prices(Section):
    """US dollars per million characters; look at the service's price list before the first run. The defaults are of
    2026-11, from third parties that quote the list at https://aws.amazon.com/translate/pricing/: that page itself could
    not be read then."""

    standard: Annotated[float, Field(ge=0)] = 15.0
    """A translation without parallel data."""
    custom: Annotated[float, Field(ge=0)] = 60.0
    """A translation with parallel data (Active Custom Translation)."""
    as_of: str = "2026-11"
    """When these prices were looked up; shown beside every quote."""
    source: str = "third parties that quote aws.amazon.com/translate/pricing"
    """Where they were looked up; `amts check --aws` shows it."""

    def describe(self) -> str:
        """What they are, when and where they were looked up."""
        return (
            f"quotes count ${self.standard:g} per million characters, ${self.custom:g} with parallel data, as of "
            f"{self.as_of}, from {self.source}; compare them with Amazon's price list"
        )

    def quote(self, characters: int, *, custom: bool) -> Quote:
        """The cost of so many characters."""
        price = decimal(self.custom if custom else self.standard)
        return Quote(
            characters, characters * price / _MILLION, f"${price.normalize():f} per million, prices of {self.as_of}"
        )


class AmazonSettings(CappedSettings):
    """Amazon Translate: batch jobs, steered by parallel data from the book itself. Credentials come from the usual
    places of AWS tools, never from this file."""

    kind: Literal["amazon"]
    about = About(
        (Lesson.PARALLEL_DATA, Lesson.TERMS, Lesson.STYLE), "amazon", "boto3", "the credentials of AWS's tools"
    )
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
    """The region of the bucket and the service. Parallel data exists in us-east-1, us-west-2 and eu-west-1."""
    bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    """The S3 bucket that the service reads from and writes to."""
    prefix: Annotated[str, Field(pattern=r"^[\w-]+(/[\w-]+)*$")] = "amts"
    """The folder in the bucket; nothing outside it is touched."""
    role: Annotated[str, Field(pattern=r"^arn:aws(-[^:]+)?:iam::[0-9]{12}:role/.+$")]
    """The role that lets the service read and write the bucket (docs/guides/aws.md has a template)."""
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")] = "amts"
    """Prefix of the names of jobs, parallel data and terminologies; use another for each book of an account."""
    mode: Literal["batch", "real-time"] = "batch"
    """Batch jobs, or one call for each sentence: at once, without parallel data."""
    parallel_data: Literal["sentence", "paragraph", "none"] = "sentence"
    """Whether the service learns from sentence pairs or paragraph pairs of the book."""
    parallel_data_from: Annotated[int, Field(ge=0)] = 200
    """With fewer pairs that people wrote, the service translates without parallel data, at its lower price: a handful
    of pairs changes next to nothing."""
    refresh: Literal["every-run", "daily", "weekly", "monthly", "by-hand"] = "every-run"
    """When the parallel data is updated: before each translation, when it is older than that, or only by
    `amts parallel-data push`."""
    formality: Literal["", "formal", "informal"] = ""
    """The tone, for target languages where the service offers one: nl, fr, fr-CA, de, hi, it, ja, ko, pt-PT, es and
    es-MX (developer guide, "Setting formality", November 2026). For others it is ignored."""
    encryption_key: str = ""
    """A KMS key for everything stored; S3's own key if left out."""
    tags: Mapping[str, str] = {}
    """Tags for everything stored and created."""
    poll_seconds: Annotated[float, Field(gt=0)] = 30.0
    """How long to wait before checking a job again; the interval grows…"""
    max_poll_seconds: Annotated[float, Field(gt=0)] = 300.0
    """…up to this."""
    timeout_hours: Annotated[float, Field(gt=0)] = 72.0
    """When to stop waiting for a job; a later run waits on."""
    retry_mode: Literal["standard", "adaptive"] = "standard"
    """The mode in which calls to a busy service are repeated, as in every AWS tool."""
    max_attempts: Annotated[int, Field(ge=1)] = 8
    """How often to try a call."""
    prices: Prices = Prices()
    """The prices of the service."""

    def creation_attributes(self) -> dict[str, Any]:
        """Encryption and tags as arguments of a call that creates a resource in Amazon Translate."""
        key = {"EncryptionKey": {"Type": "KMS", "Id": self.encryption_key}} if self.encryption_key else {}
        tags = {"Tags": [{"Key": name, "Value": value} for name, value in self.tags.items()]} if self.tags else {}
        return {**key, **tags}

    def create(self, options: EngineOptions) -> Engine:
        from bot.engines.amazon.engine import AmazonEngine  # here, since reading a configuration needs no boto3

        return AmazonEngine(options, self)


def language_codes(direction: Direction) -> tuple[str, str]:
    """The languages' codes in Amazon Translate. Raises EngineError for a language that it does not offer."""
    for language in direction:
        if "amazon" not in language.engine_codes:
            raise EngineError(
                f"Amazon Translate does not offer {language.name} ({language.code}); choose another engine for it, or "
                "add its code under engine_codes in languages.yaml"
            )
    return direction.source.engine_codes["amazon"], direction.target.engine_codes["amazon"]


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
