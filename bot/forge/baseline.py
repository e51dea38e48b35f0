"""The contract of a baseline strategy: how a language repository records which English its files were made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.forge.git import Repository, Snapshot
from bot.forge.history import History


def _same(path: str) -> str:
    return path


@dataclass(frozen=True)
class Paths:
    """How the two repositories' files correspond: the translation's path for a source path, the way back (None where no
    source file can have its translation there), and whether a source path is to be translated at all."""

    target_of: Callable[[str], str] = _same
    source_of: Callable[[str], str | None] = _same
    wanted: Callable[[str], bool] = lambda path: path.endswith(".md")


@dataclass(frozen=True, slots=True)
class Base:
    """The English a translation was made from: its blob, and where and when the source had it. `commit` is None where
    no revision of the source is exactly this text (people edited it), or the history at hand does not reach back."""

    blob: str
    source_path: str
    commit: str | None


@dataclass(frozen=True, slots=True)
class Certainty:
    """Of an inferred base, in per cent rounded down: how `sure` it is, and the mean score (`linked`) of the sentences
    of the translation that are aligned with it."""

    sure: int
    linked: int


@dataclass(frozen=True)
class Baselines:
    """`bases` by path of the translation. `companions` are the paths the strategy keeps its records in, which are no
    translations themselves; `repository` holds the blobs; `absent` says what is missing where there is no base. `notes`
    say of single paths how sure their base is, or why there is none; `certainties` how sure those are that were
    inferred."""

    bases: Mapping[str, Base]
    companions: frozenset[str]
    repository: Repository
    absent: str
    notes: Mapping[str, str] = field(default_factory=dict)
    certainties: Mapping[str, Certainty] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BaselineRecord:
    """A translation that is about to be written at `path`, and the English it is now made from. It replaces what stood
    at `old_path`, the same path unless the file moves; None for a new file."""

    path: str
    old_path: str | None
    source_path: str
    commit: str
    blob: str
    source: bytes


class BaselineStrategy(Protocol):
    def read(self, source: Snapshot, history: History, target: Snapshot, paths: Paths) -> Baselines:
        """What is recorded in the language repository. Raises BaselineError where the record can't be used."""
        ...

    def write(
        self, target: Snapshot, baselines: Baselines, written: Sequence[BaselineRecord], removed: Sequence[str]
    ) -> dict[str, bytes | None]:
        """The strategy's own files to write (None: delete) once `written` and `removed` translations are; `baselines`
        are those that it read."""
        ...
