"""What translates: the sections under `engines`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from bot.config.validation import Section


class CopyEngine(Section):
    """Leaves the source text in place, marked for a person."""

    kind: Literal["copy"]


class MemoryEngine(Section):
    """Reuses what people translated before; what they never translated is left for a person."""

    kind: Literal["memory"]


class Prices(Section):
    """US dollars per million characters; look at the service's price list before the first run."""

    standard: Annotated[float, Field(ge=0)] = 15.0
    """A translation without parallel data."""
    custom: Annotated[float, Field(ge=0)] = 60.0
    """A translation with parallel data (Active Custom Translation)."""
    as_of: str = "2026-11"
    """When these prices were looked up; shown beside every quote."""


class AmazonEngine(Section):
    """Amazon Translate: batch jobs that parallel data made from the book itself steers. Credentials are found as every
    AWS tool finds them, never in this file."""

    kind: Literal["amazon"]
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
    """The region of the bucket and the service. Parallel data exists in us-east-1, us-west-2 and eu-west-1."""
    bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    """The S3 bucket for what the service reads and writes."""
    prefix: Annotated[str, Field(pattern=r"^[\w-]+(/[\w-]+)*$")] = "amts"
    """The folder in the bucket; nothing outside it is touched."""
    role: Annotated[str, Field(pattern=r"^arn:aws(-[^:]+)?:iam::[0-9]{12}:role/.+$")]
    """The role that lets the service read and write the bucket (docs/aws.md has a template)."""
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")] = "amts"
    """What the names of jobs, parallel data and terminologies begin with; another one for each book of an account."""
    mode: Literal["batch", "real-time"] = "batch"
    """Batch jobs, or one call for each sentence: at once, without parallel data."""
    parallel_data: Literal["sentence", "paragraph", "none"] = "sentence"
    """Whether sentence pairs or paragraph pairs of the book teach the service."""
    refresh: Literal["every-run", "daily", "weekly", "monthly", "by-hand"] = "every-run"
    """When the parallel data is brought up to date: before each translation, when it is older than that, or only by
    `amts parallel-data push`."""
    formality: Literal["", "formal", "informal"] = ""
    """The tone, for target languages in which the service knows one."""
    encryption_key: str = ""
    """A KMS key for what is stored; S3's own key where it is left out."""
    tags: Mapping[str, str] = {}
    """Tags for all that is stored and created."""
    poll_seconds: Annotated[float, Field(gt=0)] = 30.0
    """How long to wait before a job is looked at again; the interval grows…"""
    max_poll_seconds: Annotated[float, Field(gt=0)] = 300.0
    """…up to this."""
    timeout_hours: Annotated[float, Field(gt=0)] = 72.0
    """When to stop waiting for a job; a later run waits on."""
    retry_mode: Literal["standard", "adaptive"] = "standard"
    """How calls are repeated when the service is busy, as in every AWS tool."""
    max_attempts: Annotated[int, Field(ge=1)] = 8
    """How often a call is tried."""
    prices: Prices = Prices()
    """What the service costs."""
    max_dollars_per_run: Annotated[float, Field(ge=0)] = 50.0
    """No run spends more for one language."""
    max_dollars_per_month: Annotated[float, Field(ge=0)] = 200.0
    """No language costs more in a calendar month (UTC)."""


Engine = Annotated[CopyEngine | MemoryEngine | AmazonEngine, Field(discriminator="kind")]

BUILT_IN_ENGINES: Mapping[str, CopyEngine | MemoryEngine] = {
    "copy": CopyEngine(kind="copy"),
    "memory": MemoryEngine(kind="memory"),
}
"""Engines that need no entry under `engines`, since they have nothing to set."""
