"""What every engine is and gets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from bot.config.validation import AdapterSettings
from bot.memory import TranslationMemory
from bot.model import Language, Request, Translation


@dataclass(frozen=True, slots=True)
class Quote:
    """What a translation will cost: characters billed, US dollars for them, and by which prices."""

    characters: int
    dollars: Decimal
    basis: str = ""

    def describe(self) -> str:
        """For a person; empty where nothing is billed."""
        return f"{self.characters:,} characters, ${self.dollars:.2f} ({self.basis})" if self.characters else ""


FREE = Quote(0, Decimal(0))


class Engine(Protocol):
    """Translates sentences. Answers come in the order and number of the requests; a failure is one request's own."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str:
        """Who translates, for a person to read: an emulator says that it is one."""

    @property
    def spends(self) -> bool:
        """Whether a translation costs money: a dry run then asks for a quote alone."""

    def quote(self, requests: Sequence[Request], *, source: Language, target: Language, anew: bool = False) -> Quote:
        """What `translate` will cost, exactly, unless a sentence must be asked for twice; with `anew`, what it costs
        with everything that was paid for before. Spends nothing."""

    def translate(
        self, requests: Sequence[Request], *, source: Language, target: Language, examples: TranslationMemory
    ) -> Sequence[Translation]:
        """One Translation per request. Raises EngineError only where the engine as a whole can't work, PendingError
        where it needs time and `EngineOptions.wait` says not to wait for it."""


class FreeEngine:
    """What engines that ask no service have in common."""

    spends = False

    def quote(
        self,
        requests: Sequence[Request],  # noqa: ARG002 - the Protocol's names
        *,
        source: Language,  # noqa: ARG002
        target: Language,  # noqa: ARG002
        anew: bool = False,  # noqa: ARG002
    ) -> Quote:
        return FREE


def _silent(_: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What the application lends an engine: how to read a file that its settings name (relative to the config), the
    name of the language's entry in the configuration, its glossary (path, "" for none), whether to wait for what takes
    long, where to tell of progress, and whether what the engine learns from was brought up to date (in a dry run it was
    not: the quote is then for an engine that will have learned)."""

    read_text: Callable[[str], str]
    language: str = ""
    glossary: str = ""
    wait: bool = True
    tell: Callable[[str], None] = _silent
    taught: bool = True


class EngineSettings(AdapterSettings, ABC):
    """An entry under `engines`: it makes the engine that it describes."""

    @abstractmethod
    def create(self, options: EngineOptions) -> Engine:
        """Makes no call yet."""
