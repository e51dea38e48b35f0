"""The languages of the scripted year, the machine that translates into them, and its calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.book.project import Project
from bot.engines.base import Engine
from bot.forge.github.forge import GitHubForge
from bot.forge.github.host import RequestPacing
from bot.memory import TranslationMemory
from bot.model import Direction, Language, Request, Translation
from tests.github_double.clock import Clock

if TYPE_CHECKING:
    import pytest

    from tests.github_double.double import GitHubDouble

STUBBORN = "stubborn"
"""A sentence with this word is too much for the machine."""


@dataclass(frozen=True)
class Nation:
    """A language and where its book is."""

    language: Language
    baseline: str

    @property
    def repo(self) -> str:
        return f"people/book-{self.language.code}"

    @property
    def branch(self) -> str:
        return f"amts/{self.language.code}"

    def words(self, who: str, english: str) -> str:
        ender = self.language.enders[0] if english.endswith(".") else ""
        return f"{who} 〔{english.removesuffix('.')}〕{ender}"


NATIONS = {
    "zh": Nation(Language("zh", "Chinese (Simplified)", joiner="", enders="。？！", splitter="zh"), "origin-file"),
    "es": Nation(Language("es", "Spanish", splitter="es"), "lock-file"),
}


class Machine(Engine):
    """Translates as a machine would that keeps everything; what is stubborn it leaves."""

    name = label = "machine"

    def translate(
        self,
        requests: Sequence[Request],
        direction: Direction,
        examples: TranslationMemory,
    ) -> Sequence[Translation]:
        words = NATIONS[direction.target.code].words
        return [
            Translation(one.text, left="too stubborn")
            if STUBBORN in one.text
            else Translation(words("Machine", one.text))
            for one in requests
        ]


class Calendar(Clock):
    """Stands still until it is turned."""

    def __init__(self) -> None:
        super().__init__()
        self.today = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.today

    def advance(self, *, days: float = 0, seconds: float = 0) -> None:
        self.today += timedelta(days=days, seconds=seconds)


def prepare(monkeypatch: pytest.MonkeyPatch, double: GitHubDouble) -> None:
    """The bot translates by the machine above, in the time of the double, and as fast as it can."""
    monkeypatch.setattr(Project, "engine", lambda *_, **__: Machine())
    monkeypatch.setattr("bot.forge.github.host.PACING", RequestPacing(between_requests=0.0, between_writes=0.0))
    monkeypatch.setenv("GITHUB_TOKEN", double.token("amts-bot"))
    monkeypatch.setattr(
        "bot.forge.github.forge.GitHubForge", partial(GitHubForge, now=lambda: double.clock.now().timestamp())
    )
