"""Parallel data and terms that an engine's service keeps for one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol, TypeVar

from bot.glossary import Term
from bot.model import Direction, TranslationUnit

State_co = TypeVar("State_co", covariant=True)


@dataclass(frozen=True, slots=True)
class ParallelDataContent:
    """A file of `pairs` pairs (`level`: sentence or paragraph) in the format csv, tsv or tmx."""

    data: bytes
    format: str
    level: str
    pairs: int

    @property
    def hash(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class ParallelDataState:
    """Parallel data as the service describes it.

    `status` describes the data in force; `update` is the status of the latest update ("" if there was none), whose
    content is in force only once it is ACTIVE. `hash` (SHA-256), `level` and `pairs` are of the latest content that
    AMTS pushed, empty if another program pushed it. `characters` is the length of all examples.
    """

    name: str
    status: str
    update: str
    hash: str
    level: str
    pairs: int
    message: str
    imported: int
    skipped: int
    failed: int
    characters: int
    source: str
    targets: tuple[str, ...]
    file: str
    created: datetime | None
    updated: datetime | None
    attempted: datetime | None

    @property
    def is_usable(self) -> bool:
        """Whether translations can use it; during an update they use the version before."""
        return self.status == "ACTIVE"

    @property
    def is_busy(self) -> bool:
        return self.status in ("CREATING", "DELETING") or self.update in ("CREATING", "UPDATING")

    @property
    def has_failed(self) -> bool:
        """Whether the latest content that was pushed is not in force, and will not be."""
        return not self.is_busy and (self.update or self.status) == "FAILED"

    @property
    def active_hash(self) -> str:
        """The hash of the content in force; "" if that is not certain."""
        return self.hash if self.is_usable and self.update in ("", "ACTIVE") else ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A record that the service left out, and the service's message."""

    record: str
    message: str


@dataclass(frozen=True, slots=True)
class PushResult:
    """The result of a push: whether the service imported anything, the state now, and why records were left out."""

    changed: bool
    state: ParallelDataState
    reasons: tuple[Reason, ...]


class TaughtResource(Protocol[State_co]):
    """A resource that the service keeps for a language. Every method raises EngineError where the service refuses."""

    @property
    def name(self) -> str: ...

    @property
    def region(self) -> str:
        """Its place in the service."""

    def delete(self) -> bool:
        """Waits until it is gone. False if there was none."""

    def find(self) -> State_co | None:
        """None if there is none."""

    def list_all(self) -> Iterator[State_co]:
        """All resources of this kind that the account has in the region."""


class ParallelDataService(TaughtResource[ParallelDataState], Protocol):
    """The parallel data of one language."""

    def is_due(self) -> bool:
        """Whether the settings ask for a push before the next translation."""

    def push(self, content: ParallelDataContent, *, force: bool = False) -> PushResult:
        """Brings the content into force and waits for it. Nothing is imported if it is in force already, unless `force`
        says so."""

    def reasons(self) -> Sequence[Reason]:
        """Why records of the latest content were left out."""

    def download(self) -> tuple[ParallelDataState, bytes] | None:
        """The state and the content in force; None if there is no parallel data."""


@dataclass(frozen=True, slots=True)
class TerminologyState:
    """A terminology as the service describes it. `hash` is the hash of the content if AMTS imported it, else ""."""

    name: str
    hash: str
    terms: int
    skipped: int
    message: str
    source: str
    targets: tuple[str, ...]
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class ImportedTerminology:
    """The result of an import: whether anything was imported, the state now, and the terms left out."""

    changed: bool
    state: TerminologyState
    dropped: tuple[tuple[Term, str], ...]


class TerminologyService(TaughtResource[TerminologyState], Protocol):
    """The terminology of one language."""

    def import_terms(
        self, terms: Sequence[Term], direction: Direction, *, force: bool = False
    ) -> ImportedTerminology | None:
        """Imports the terms unless exactly these terms are there already (`force`: even then). None if no term fits."""

    def is_current(self, state: TerminologyState, terms: Sequence[Term], direction: Direction) -> bool:
        """Whether a terminology holds exactly these terms."""


class Training(Protocol):
    """Sentence pairs that an engine learns from in an experiment: a CSV file, and the same as translation units."""

    @property
    def data(self) -> bytes: ...

    @property
    def units(self) -> Sequence[TranslationUnit]: ...

    @property
    def level(self) -> str: ...

    @property
    def digest(self) -> str: ...
