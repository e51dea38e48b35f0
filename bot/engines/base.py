"""The contract of an engine: translating, and optional services such as quotes, checks and parallel data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

from bot.config.network import NETWORK, NetworkSettings
from bot.config.validation import AdapterSettings
from bot.engines.teaching import ParallelDataService, TerminologyService, Training
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation
from bot.network.deadline import in_time

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Quote:
    """The cost of a translation: the characters sent or billed, their price in US dollars, and the price list. Where
    `tokens` are billed, `dollars` is the most that they may cost; their number is an estimate."""

    characters: int
    dollars: Decimal
    basis: str = ""
    tokens: int = 0

    def measure(self) -> str:
        """How much it is, for a person."""
        return f"{self.characters:,} characters" + (f", about {self.tokens:,} tokens" if self.tokens else "")

    def describe(self) -> str:
        """For a person; empty if nothing is billed."""
        return f"{self.measure()}, ${self.dollars:.2f} ({self.basis})" if self.characters else ""


FREE = Quote(0, Decimal(0))


class Severity(StrEnum):
    """A fact was verified; a note could not be verified; a problem stops the engine."""

    FACT = "fact"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one subject (`identity`, `region`, `bucket`, …), in a sentence that says how to solve a problem."""

    subject: str
    severity: Severity
    text: str


class ExperimentEngine(Protocol):
    """An engine that learns from one set of pairs for one experiment and forgets it afterwards."""

    @property
    def label(self) -> str:
        """Who translates, for a person to read."""

    @property
    def identity(self) -> str:
        """Identifies everything that the answers depend on besides the requests and the training."""

    def quote(self, requests: Sequence[Request], direction: Direction, training: Training | None) -> Quote:
        """What `translate` would cost. Spends nothing."""

    def check(self, cost: Quote, spent: Decimal = Decimal(0)) -> None:
        """Raises EngineError if the whole experiment, and what the run has `spent` (US dollars) before, cost more than
        the settings allow."""

    def translate(
        self, requests: Sequence[Request], direction: Direction, training: Training | None
    ) -> Sequence[Translation]:
        """One answer per request. Raises EngineError."""


class Engine(ABC):
    """Translates sentences. The defaults suit an engine that calls no service."""

    name: str
    spends = False
    """Whether a translation costs money: a dry run then asks for a quote alone."""
    translates_anything = True
    """Whether it also translates sentences that nobody translated before."""
    revises = False
    """Whether it changes people's translation only as far as the source text changed, if a request has `revised`: it is
    then sent each changed sentence whole, where others are asked for the phrase that changed. An answer that changes
    more is shown to the reviewer, and not used."""
    compares = False
    """Whether it is also asked for a changed sentence whole, as it was and as it is, to put what differs into people's
    translation: for an engine that costs nothing and does not revise."""
    limit_seconds: float | None = 4 * 3600.0
    """How long one call of `translate` or `quote` may take; None if each of its calls ends by itself."""

    @property
    def label(self) -> str:
        """Who translates, for a person to read: an emulator says that it is one."""
        return self.name

    @abstractmethod
    def translate(
        self, requests: Sequence[Request], direction: Direction, examples: TranslationMemory
    ) -> Sequence[Translation]:
        """One Translation per request, in their order; a failure is one request's own. Raises EngineError only if
        the engine as a whole can't work, PendingError if it needs time and `EngineOptions.wait` is not set."""

    def quote(self, requests: Sequence[Request], direction: Direction, *, anew: bool = False) -> Quote:
        """The exact cost of `translate`, unless a sentence must be requested twice. With `anew`, sentences that were
        paid for before count too. Spends nothing."""
        return FREE

    def price(
        self, requests: Sequence[Request], direction: Direction, examples: TranslationMemory, *, anew: bool = False
    ) -> Quote:
        """As `quote`, for an engine whose cost and whose answers depend on the examples that `translate` is given."""
        return self.quote(requests, direction, anew=anew)

    def over_cap(self, cost: Quote) -> str:
        """Why one run can't cost that much; empty if it can."""
        return ""

    def codes(self, direction: Direction) -> tuple[str, str]:
        """The engine's codes of the languages. Raises EngineError for a language that it does not offer."""
        return direction.source.code_for(self.name), direction.target.code_for(self.name)

    def findings(self) -> Iterable[Finding]:
        """The state of the accounts and services that the engine needs, problems included; costs nothing."""
        return ()

    @property
    def training_level(self) -> str:
        """Pairs that it learns from before a translation: `sentence` or `paragraph`, "" for none."""
        return "sentence"

    @property
    def training_floor(self) -> int:
        """The least number of pairs that it is taught before a translation."""
        return 0

    @property
    def parallel_data(self) -> ParallelDataService | None:
        """None if no service keeps any for it."""
        return None

    @property
    def terminology(self) -> TerminologyService | None:
        """None if no service keeps any for it."""
        return None

    @property
    def experiment(self) -> ExperimentEngine | None:
        """None if the engine learns only from the examples that `translate` is given."""
        return None


def limited(engine: Engine, call: Callable[[], ResultT]) -> ResultT:
    """The result of a call of the engine. Raises DeadlineError once it took as long as it may."""
    if engine.limit_seconds is None:
        return call()
    message = (
        f"the engine {engine.name} gave no answer in time, so nothing was written; see whether its service is up, and"
        " run again"
    )
    return in_time(call, engine.limit_seconds, message)


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """The services that the application offers an engine: how to read a file that its settings name (relative to the
    config), the name of the language's entry in the configuration, its glossary (path, "" for none), whether to wait
    for long work, where to report progress, the number of pairs that the engine is taught before this translation (None
    if that is not due), whether it really was (in a dry run it was not: the quote then assumes it), the environment,
    for secrets, the limits of calls to other machines, the folder of the config, the folder in which paid answers and a
    ledger are kept (None: nothing is), the book's name there, and the style that people of the language asked for, in
    Markdown ("" for none)."""

    read_text: Callable[[str], str]
    language: str = ""
    glossary: str = ""
    wait: bool = True
    tell: Callable[[str], None] = lambda _: None
    pairs: int | None = None
    taught: bool = True
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    network: NetworkSettings = NETWORK
    folder: Path = Path()
    paid_folder: Path | None = None
    book: str = ""
    style: str = ""


class Lesson(StrEnum):
    """What the book can teach an engine."""

    EXAMPLES = "people's translations of similar sentences"
    PARALLEL_DATA = "people's pairs"
    TERMS = "the glossary"
    STYLE = "style"
    CONTEXT = "the sentence before"


@dataclass(frozen=True, slots=True)
class About:
    """What `amts engines` says of a kind of engine: what it can be taught; the extra of AMTS that it needs, and the
    module that this extra installs; where its credentials come from, which are asked for only if the service does
    (`variable_optional`); and the environment variable of its key."""

    lessons: tuple[Lesson, ...] = ()
    extra: str = ""
    module: str = ""
    credentials: str = ""
    variable: str = ""
    variable_optional: bool = False


class EngineSettings(AdapterSettings, ABC):
    """An entry under `engines`: it makes the engine that it describes."""

    about: ClassVar[About] = About()

    @abstractmethod
    def create(self, options: EngineOptions) -> Engine:
        """Makes no call yet."""
