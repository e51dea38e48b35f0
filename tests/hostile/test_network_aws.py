"""Amazon Translate and S3 as bad servers: every call ends within its limits, with a sentence, and the next run is
right; and engines of others that never answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from bot.config.network import NetworkSettings
from bot.engines.amazon.clients import Clients, Session, connect
from bot.engines.amazon.engine import AmazonEngine
from bot.engines.amazon.jobs import BatchJob, Jobs, LanguagePair
from bot.engines.amazon.parallel_data import AmazonParallelData
from bot.engines.amazon.storage import BucketStorage
from bot.engines.amazon.terminology import AmazonTerminology
from bot.engines.base import Engine, EngineOptions
from bot.errors import AmtsError, DeadlineError, EngineError
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation
from bot.network.deadline import time_limit
from bot.pipeline import translate
from tests.support.amazon_run import BOOK, CHINESE, ENGLISH, SETTINGS, World, changed
from tests.support.bad_server import MANNERS, BadServer, endless, http, says

pytest_plugins = ["tests.support.amazon_fixtures", "tests.support.emulator_fixture"]

QUICK = NetworkSettings(
    connect_seconds=1.0, silence_seconds=1.0, request_seconds=0.5, answer_megabytes=1.0, list_pages=20
)
# Two attempts (`max_attempts`) of the longest call, and a busy machine.
PATIENCE_SECONDS = 15.0
Attacked = Callable[[str, int], None]
_ALWAYS = ("shows a page", "hangs up", "answers with a number")
_JOB = BatchJob("amts-zh-1", {"a.html": ["k"]}, LanguagePair("en", "zh"), "ledger/1.json", [])

CALLS: dict[str, Callable[[Session], object]] = {
    "reading a file": lambda session: BucketStorage(session).get("answers/x"),
    "writing a file": lambda session: BucketStorage(session).put("answers/x", b"x" * 300_000),
    "listing files": lambda session: list(BucketStorage(session).list("answers/")),
    "deleting files": lambda session: BucketStorage(session).delete(["answers/x"]),
    "looking at a job": lambda session: Jobs(session, BucketStorage(session)).describe("1"),
    "looking for a job": lambda session: Jobs(session, BucketStorage(session)).find(_JOB),
    "parallel data": lambda session: AmazonParallelData(session).find(),
    "terminologies": lambda session: list(AmazonTerminology(session).list_all()),
    "a sentence": lambda session: AmazonEngine(
        EngineOptions(lambda _: "", "zh"), changed(mode="real-time"), lambda _: session.clients
    ).translate(BOOK, Direction(ENGLISH, CHINESE), TranslationMemory()),
}
# A deletion has nothing to say.
_FINE = {"deleting files"}


def some(names: Sequence[str]) -> list[ParameterSet]:
    return [pytest.param(name, marks=() if name in _ALWAYS else pytest.mark.sweep) for name in names]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Clients]:
    """Clients of a server at this address; they repeat calls without a pause."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)

    def make(url: str, network: NetworkSettings = QUICK) -> Clients:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        return replace(connect(SETTINGS, network), sleep=lambda _: None)

    return make


def ends(call: Callable[[], object]) -> str:
    """What a call ends with: a sentence, or "" if it takes what came for an answer."""
    began = time.monotonic()
    said = ""
    try:
        call()
    except AmtsError as error:
        said = str(error)
    assert time.monotonic() - began < PATIENCE_SECONDS
    assert "\n" not in said
    assert "<" not in said, "the page itself is shown"
    assert said.isprintable()
    return said


@pytest.mark.parametrize("manner", some([name for name in MANNERS if "pack" not in name]))
def test_every_call_ends(manner: str, at: Callable[[str], Clients], attacked: Attacked) -> None:
    with BadServer(MANNERS[manner]) as server:
        session = Session(at(server.url), SETTINGS, "zh")
        for what, call in CALLS.items():
            said = ends(lambda call=call: call(session))  # type: ignore[misc]
            assert said or what in _FINE, what
    attacked("bad servers met by clients of Translate and S3", len(CALLS))


def test_a_list_without_end_is_an_error(at: Callable[[str], Clients]) -> None:
    page = http(b'{"TextTranslationJobPropertiesList": [], "NextToken": "more"}')
    with BadServer(says(page)) as server:
        session = Session(at(server.url), SETTINGS, "zh")
        assert "the list has no end" in ends(lambda: CALLS["looking for a job"](session))
        assert len(server.requests) == 20


def test_a_file_without_end_is_cut_off(at: Callable[[str], Clients]) -> None:
    with BadServer(endless) as server:
        network = QUICK.model_copy(update={"request_seconds": 60.0})
        session = Session(at(server.url, network), SETTINGS, "zh")  # type: ignore[call-arg]
        assert "larger than network.answer_megabytes" in ends(lambda: CALLS["reading a file"](session))
        assert "larger than network.answer_megabytes" in ends(lambda: CALLS["looking at a job"](session))


@pytest.mark.parametrize("manner", ["silent", pytest.param("drips a header", marks=pytest.mark.sweep)])
def test_the_limit_around_a_call_counts_if_it_ends_sooner(manner: str, at: Callable[[str], Clients]) -> None:
    with BadServer(MANNERS[manner]) as server:
        session = Session(at(server.url, NetworkSettings()), changed(max_attempts=8), "zh")  # type: ignore[call-arg]
        for call in CALLS.values():
            with pytest.raises(DeadlineError, match=r"^the time is up$"), time_limit(0.3, "the time is up"):
                call(session)


@pytest.mark.parametrize("manner", some(["silent", "drips a body", "shows a page"]))
def test_the_next_run_is_right(manner: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service is replaced at each call in turn; then it is there again, and nothing is paid for twice."""
    with BadServer(MANNERS[manner]) as server:
        good = world.clients()
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        bad = replace(connect(SETTINGS, QUICK), sleep=good.sleep, clock=good.clock)
        for call in range(1, 40):
            engine = world.engine(wrap=lambda clients, call=call: _replaced(clients, bad, call))  # type: ignore[misc]
            if not ends(lambda engine=engine: _ask(engine)):  # type: ignore[misc]
                break
        else:
            raise AssertionError("it never came to an end")
    assert [answer.left for answer in world.translate()] == [""] * len(BOOK)


def _ask(engine: Engine) -> Sequence[Translation]:
    return engine.translate(BOOK, Direction(ENGLISH, CHINESE), TranslationMemory())


def _replaced(good: Clients, bad: Clients, number: int) -> Clients:
    """The good clients, but for the call with this number (from 1)."""
    calls = 0

    class Replaced:
        def __init__(self, good: Any, bad: Any) -> None:
            self._good, self._bad = good, bad

        def __getattr__(self, name: str) -> Any:
            if name in ("meta", "get_paginator"):
                return getattr(self._good, name)

            def method(**arguments: Any) -> Any:
                nonlocal calls
                calls += 1
                return getattr(self._bad if calls == number else self._good, name)(**arguments)

            return method

    pairs: Any = {name: Replaced(getattr(good, name), getattr(bad, name)) for name in ("translate", "starter", "s3")}
    return replace(good, **pairs)


class Stubborn(Engine):
    """An engine of others that never answers."""

    name = "stubborn"

    def translate(
        self, requests: Sequence[Request], direction: Direction, examples: TranslationMemory
    ) -> Sequence[Translation]:
        time.sleep(60)
        raise EngineError("too late")


def test_an_engine_that_never_answers_is_left_behind() -> None:
    began = time.monotonic()
    with pytest.raises(DeadlineError, match="the engine stubborn gave no answer in time"), time_limit(0.3, "over"):
        translate(BOOK, Stubborn(), Direction(ENGLISH, CHINESE), TranslationMemory())
    assert time.monotonic() - began < PATIENCE_SECONDS
