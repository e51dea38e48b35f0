"""The Amazon engine against the emulator: requests, clients that count and can break off, and what is left in S3."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import boto3
import pytest

from bot.emulator import Fault, FaultKind
from bot.emulator.service import EmulatorState
from bot.engines.amazon.clients import Clients, Session, connect
from bot.engines.amazon.engine import AmazonEngine
from bot.engines.amazon.settings import AmazonSettings
from bot.engines.base import EngineOptions, Quote
from bot.memory import TranslationMemory
from bot.model import Direction, Kind, Language, Request, Translation
from tests.support.emulator_fixture import BUCKET, ROLE, Cloud

ENGLISH = Language("en", "English", engine_codes={"amazon": "en"})
CHINESE = Language("zh", "Chinese", joiner="", enders="。？！", engine_codes={"amazon": "zh"})
GERMAN = Language("de", "German", engine_codes={"amazon": "de"})
SETTINGS = AmazonSettings(
    kind="amazon",
    region="us-east-1",
    bucket=BUCKET,
    role=ROLE,
    poll_seconds=1.0,
    max_poll_seconds=4.0,
    max_attempts=2,
    parallel_data_from=0,
)
# What the role of the jobs has to say so that the service may assume it.
TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "translate.amazonaws.com"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
}
SENTENCES = (
    "The stone is grey.",
    "The sum is $x + y$ in `code`.",
    "See *the picture* and [the text](https://example.org/a).",
    "Nothing & nobody <here>.",
)


def changed(settings: AmazonSettings = SETTINGS, **changes: object) -> AmazonSettings:
    """Settings, but for these changes."""
    return settings.model_copy(update=changes)


def requests(*texts: str, path: str = "a/b.md") -> list[Request]:
    return [Request(text, Kind.PARAGRAPH, path=path) for text in texts]


BOOK = [*requests(*SENTENCES[:2], path="a.md"), *requests(*SENTENCES[1:], path="b/c.md")]


Call = Callable[..., Any]
Around = Callable[[str, Call, dict[str, Any]], Any]


class Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing catches it."""


@dataclass
class Time:
    """Passes only while somebody sleeps."""

    seconds: float = field(default_factory=time.time)
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@dataclass
class World:
    """One emulator with a bucket, and how the engine of one language sees it. `told` is what it told."""

    cloud: Cloud
    time: Time
    told: list[str] = field(default_factory=list)

    def clients(self, settings: AmazonSettings = SETTINGS) -> Clients:
        made = _connect(self.cloud.emulator.endpoint_url, settings.region, settings.max_attempts)
        return replace(made, sleep=self.time.sleep, clock=self.time.now)

    def session(
        self, settings: AmazonSettings = SETTINGS, language: str = "zh", clients: Clients | None = None
    ) -> Session:
        return Session(clients or self.clients(settings), settings, language)

    def engine(
        self,
        settings: AmazonSettings = SETTINGS,
        *,
        glossary: str = "",
        wait: bool = True,
        language: str = "zh",
        wrap: Callable[[Clients], Clients] = lambda clients: clients,
    ) -> AmazonEngine:
        options = EngineOptions(
            read_text=lambda _: glossary,
            language=language,
            glossary="glossary.csv" if glossary else "",
            wait=wait,
            tell=self.told.append,
        )
        return AmazonEngine(options, settings, connect=lambda settings: wrap(self.clients(settings)))

    def translate(
        self, asked: Sequence[Request] = BOOK, settings: AmazonSettings = SETTINGS, **options: Any
    ) -> Sequence[Translation]:
        return ask(self.engine(settings, **options), asked)

    def fail(self, kind: FaultKind, match: str = "*", times: int | None = 1, **fault: Any) -> None:
        self.cloud.emulator.add_fault(Fault(kind, match, times, **fault))

    @property
    def state(self) -> EmulatorState:
        return self.cloud.emulator.state()

    def stored(self) -> list[str]:
        """The keys of all objects below the prefix, less that."""
        return [key.removeprefix("amts/") for key in self.cloud.keys("amts/")]

    def clean(self) -> bool:
        """Whether the documents of all jobs are deleted."""
        return not any(key.startswith("jobs/") for key in self.stored())

    @property
    def billed(self) -> int:
        """Characters."""
        return self.state.billed_characters


StartWorld = Callable[..., World]
"""What the fixture `start_world` is."""


def ask(engine: AmazonEngine, asked: Sequence[Request] = BOOK, target: Language = CHINESE) -> Sequence[Translation]:
    return engine.translate(asked, Direction(ENGLISH, target), TranslationMemory([]))


def price(engine: AmazonEngine, asked: Sequence[Request] = BOOK, target: Language = CHINESE) -> Quote:
    return engine.quote(asked, Direction(ENGLISH, target))


def make_world(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, passing: Time | None = None) -> World:
    """The emulator found as every AWS tool finds an endpoint; boto3 repeats calls without a pause."""
    for name, value in cloud.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)
    return World(cloud, passing or Time())


@cache
def _connect(endpoint_url: str, region: str, max_attempts: int) -> Clients:
    """Of all that a run does, making clients takes longest. The endpoint is that of the environment."""
    assert os.environ["AWS_ENDPOINT_URL"] == endpoint_url
    return connect(changed(region=region, max_attempts=max_attempts))


def create_role(trust: Any = TRUST, name: str = "translator") -> None:
    """Makes the role that jobs run with."""
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    boto3.client("iam", region_name="us-east-1").create_role(RoleName=name, AssumeRolePolicyDocument=document)


class Wrapped:
    """A client whose calls go through `around`, which gets the method's name, the call, and its arguments."""

    def __init__(self, client: Any, around: Around) -> None:
        self._client, self._around = client, around

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._client, name)
        if name == "get_paginator":
            return lambda operation: Wrapped(member(operation), self._around)
        return lambda **arguments: self._around(name, member, arguments)


def wrapped(around: Around) -> Callable[[Clients], Clients]:
    """Clients whose every call goes through `around`."""

    def wrap(clients: Clients) -> Clients:
        translate, starter, s3 = (
            Wrapped(client, around) for client in (clients.translate, clients.starter, clients.s3)
        )
        return replace(clients, translate=cast("Any", translate), starter=cast("Any", starter), s3=cast("Any", s3))

    return wrap
