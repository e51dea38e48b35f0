"""The contract of a baseline strategy: how a language repository records which English its files were made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.book.history import History
from bot.config.schema import NewFiles
from bot.documents import decode
from bot.forge.git import Repository, Snapshot


def _same(path: str) -> str:
    return path


def _nobodys(_path: str, _source_path: str) -> bool:
    return False


def _as_recorded(_path: str, english: str, _translation: str) -> str:
    return english


@dataclass(frozen=True)
class Paths:
    """How the two repositories' files correspond: the translation's path for a source path; the source path for a
    translation's (None if no source file can have its translation there); whether a source path is translated; whether
    a path is where another language of the same repository translates a source path; what becomes of source files that
    the translators never had."""

    target_of: Callable[[str], str] = _same
    source_of: Callable[[str], str | None] = _same
    wanted: Callable[[str], bool] = lambda path: path.endswith(".md")
    is_of_other: Callable[[str, str], bool] = _nobodys
    new: NewFiles = "add"


@dataclass(frozen=True, slots=True)
class Base:
    """The English that a translation was made from: its blob, and the path and commit of the source that had it.
    `commit` is None if no revision of the source is exactly this text (people edited it, or the history is shallow)."""

    blob: str
    source_path: str
    commit: str | None


@dataclass(frozen=True, slots=True)
class Certainty:
    """Of an inferred base, in per cent rounded down: how `sure` it is, and the mean score (`linked`) of the
    translation's sentences, aligned with it."""

    sure: int
    linked: int


@dataclass(frozen=True)
class Baselines:
    """`bases` by path of the translation, whose blobs are in `repository`. `companions` are the paths of the records
    themselves, which are no translations. `absent` says what a translation without a base lacks; `notes` say why a path
    has none, or how sure its base is; `certainties` are the probabilities of inferred bases. `others` are the
    recorded bases of other languages in the same repository, which stay recorded. `effective`: see `made_from`."""

    bases: Mapping[str, Base]
    companions: frozenset[str]
    repository: Repository
    absent: str
    notes: Mapping[str, str] = field(default_factory=dict)
    certainties: Mapping[str, Certainty] = field(default_factory=dict)
    others: Mapping[str, Base] = field(default_factory=dict)
    effective: Callable[[str, str, str], str] = _as_recorded

    def english(self, base: Base) -> str:
        """The text of a base. Raises InputError."""
        return decode(self.repository.read(base.blob), base.source_path)

    def made_from(self, path: str, translation: str) -> str:
        """The effective base of the translation at `path`, whose text is `translation`: the text of its base, but for
        stale sentences the older English that they were made from. Translations are aligned, merged and taught with
        this English. Raises InputError."""
        return self.effective(path, self.english(self.bases[path]), translation)


@dataclass(frozen=True, slots=True)
class BaselineRecord:
    """A translation that is about to be written at `path`, and the English that it is now made from. It replaces the
    file at `old_path`, the same path unless the file moves; None for a new file."""

    path: str
    old_path: str | None
    source_path: str
    commit: str
    blob: str
    source: bytes


class BaselineStrategy(Protocol):
    def read(self, source: Snapshot, history: History, target: Snapshot, paths: Paths) -> Baselines:
        """The bases that the language repository records. Raises BaselineError if the record can't be used."""

    def write(
        self, target: Snapshot, baselines: Baselines, written: Sequence[BaselineRecord], removed: Sequence[str]
    ) -> dict[str, bytes | None]:
        """The changes of the strategy's own files (None: delete) that belong to these `written` and `removed`
        translations. `baselines` are what `read` returned."""
