"""The DeepL engine against its double: sentences of our own, and what a run of them gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.config.network import NetworkSettings
from bot.engines.base import EngineOptions
from bot.engines.deepl.engine import DeepLEngine
from bot.engines.deepl.settings import DeepLSettings
from bot.errors import EngineError
from bot.memory import TranslationMemory
from bot.model import Direction, Kind, Language, Request, Translation
from tests.support.deepl_double import KEY, DeepL

ENGLISH = Language("en", "English")
SPANISH = Language("es", "Spanish")
CHINESE = Language("zh", "Chinese (Simplified)", joiner="", engine_codes={"deepl": "zh-Hans"})
DIRECTION = Direction(ENGLISH, SPANISH)
QUICK = NetworkSettings(
    retry_seconds=0.0,
    request_seconds=1.0,
    silence_seconds=1.0,
    connect_seconds=1.0,
    answer_megabytes=1.0,
    list_pages=20,
)
TEXTS = (
    "The kettle sings.",
    "The tea in `pot` costs $x < y$.",
    "A cat *sleeps* on [the mat](mat.md).",
    "Warm rain fell.",
)
MARKS = ("`pot`", "$x < y$")


def requests(*texts: str) -> list[Request]:
    """Each with the text before it."""
    return [
        Request(text, Kind.PARAGRAPH, tuple(mark for mark in MARKS if mark in text), before)
        for before, text in zip(("", *texts), texts, strict=False)
    ]


def make(
    server: DeepL | str,
    *,
    key: str = KEY,
    folder: Path | None = None,
    glossary: str = "",
    tell: Callable[[str], None] = lambda _: None,
    network: NetworkSettings = QUICK,
    **settings: Any,
) -> DeepLEngine:
    """An engine of one run; it keeps what it pays for in the folder."""
    url = server if isinstance(server, str) else server.url
    options = EngineOptions(
        lambda _: glossary,
        "es",
        "terms.md" if glossary else "",
        tell=tell,
        environment={"DEEPL_AUTH_KEY": key},
        network=network,
        paid_folder=folder,
        book="book",
    )
    given = {"server_url": url, "poll_seconds": 0.001, **settings}
    return DeepLEngine(options, DeepLSettings(kind="deepl", **given))


def ask(
    engine: DeepLEngine,
    *texts: str,
    direction: Direction = DIRECTION,
    memory: TranslationMemory | None = None,
) -> Sequence[Translation]:
    return engine.translate(requests(*texts), direction, memory or TranslationMemory())


def refusal(call: Callable[[], object]) -> str:
    """The sentence of the engine's error."""
    with pytest.raises(EngineError) as raised:
        call()
    said = str(raised.value)
    assert said.isprintable()
    assert KEY not in said
    return said
