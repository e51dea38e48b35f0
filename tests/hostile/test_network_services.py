"""DeepL and LibreTranslate as bad servers: every call ends within its limits, with a sentence, and the next run is
right."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.engines.base import Engine
from bot.errors import AmtsError
from bot.memory import TranslationMemory
from bot.network.deadline import time_limit
from tests.engines.test_libretranslate import engine as libretranslate
from tests.support.bad_server import IMPATIENCE, MANNERS, BadServer, endless, rate_limit, says
from tests.support.deepl_run import DIRECTION, make, requests

PATIENCE_SECONDS = 15.0
Attacked = Callable[[str, int], None]
_ALWAYS = ("shows a page", "hangs up", "answers with a number")
_TEXTS = ("The kettle sings.", "Warm rain fell.")


def deepl(url: str) -> Engine:
    pytest.importorskip("deepl", reason="needs the extra `deepl`")
    return make(url, max_attempts=2, context=False)


ENGINES: dict[str, Callable[[str], Engine]] = {
    "deepl": deepl,
    "libretranslate": lambda url: libretranslate(url, max_attempts=2),
}


def ends(call: Callable[[], object]) -> str:
    """What a call ends with: a sentence, or "" if it takes what came for an answer."""
    began, said = time.monotonic(), ""
    try:
        call()
    except AmtsError as error:
        said = str(error)
    assert time.monotonic() - began < PATIENCE_SECONDS
    assert said.isprintable()
    assert "<h" not in said.lower(), "the page itself is shown"
    return said


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "manner",
    [pytest.param(name, marks=() if name in _ALWAYS else pytest.mark.sweep) for name in MANNERS if "pack" not in name],
)
def test_every_call_ends(manner: str, engine: str, attacked: Attacked) -> None:
    with BadServer(MANNERS[manner]) as server:
        made = ENGINES[engine](server.url)
        calls: list[Callable[[], object]] = [
            lambda: made.translate(requests(*_TEXTS), DIRECTION, TranslationMemory()),
        ]
        if engine == "deepl":
            glossary, memory = made.terminology, made.parallel_data
            assert glossary is not None
            assert memory is not None
            calls += [glossary.find, memory.find]
        for call in calls:
            assert ends(call)
        (problem,) = made.findings()
        assert problem.text
    attacked("bad servers met by translation services' clients", len(calls) + 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_without_end_is_cut_off(engine: str) -> None:
    with BadServer(endless) as server:
        said = ends(lambda: ENGINES[engine](server.url).translate(requests(*_TEXTS), DIRECTION, TranslationMemory()))
    assert "larger than network.answer_megabytes" in said


@pytest.mark.parametrize("engine", ENGINES)
def test_the_limit_around_a_call_counts_if_it_ends_sooner(engine: str) -> None:
    with BadServer(MANNERS["silent"]) as server:
        made = ENGINES[engine](server.url)
        began = time.monotonic()
        with time_limit(0.2, "the sync takes too long"):
            said = ends(lambda: made.translate(requests(*_TEXTS), DIRECTION, TranslationMemory()))
    assert said == "the sync takes too long"
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("asked", IMPATIENCE)
@pytest.mark.parametrize("engine", ENGINES)
def test_waits_beyond_reason_are_not_made(engine: str, asked: str, attacked: Attacked) -> None:
    with BadServer(says(rate_limit(asked, 429))) as server:
        said = ends(lambda: ENGINES[engine](server.url).translate(requests(_TEXTS[0]), DIRECTION, TranslationMemory()))
    assert "run again" in said
    attacked("rate limits of translation services with absurd waits", 1)


def test_nothing_is_kept_of_what_was_no_answer(tmp_path: Path) -> None:
    pytest.importorskip("deepl", reason="needs the extra `deepl`")
    with BadServer(MANNERS["answers with nothing in a list"]) as server:
        ends(lambda: make(server.url, folder=tmp_path).translate(requests(*_TEXTS), DIRECTION, TranslationMemory()))
    assert not (tmp_path / "answers.sqlite").exists()
