"""The state of a translated book: which file is current, stale, missing, deleted or without a baseline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from bot.book.baselines import Base, BaselineRecord, Baselines, BaselineStrategy, Paths
from bot.book.history import History
from bot.errors import InputError
from bot.forge.git import Snapshot, has_control_character


class FileStatus(StrEnum):
    """`current` was made from today's English, `stale` from an older one; `missing` has English and no translation;
    `deleted` has a translation whose English is gone; `unknown` can't be merged before a person decides."""

    CURRENT = "current"
    STALE = "stale"
    MISSING = "missing"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TranslatedFile:
    """One file of the book. `path` is where the translation is, or will be if it is missing; `new_path`, where it
    belongs now, differs after the English was renamed. `source_path` is its English in the new head, None if that is
    gone. `reason` is for a person; it is empty for current and stale files that stay in place and whose base is no
    guess."""

    path: str
    new_path: str
    status: FileStatus
    source_path: str | None
    base: Base | None
    reason: str = ""

    @property
    def exists(self) -> bool:
        """Whether there is a translation. (The path of a missing one may hold another file, which moves away.)"""
        return self.status is not FileStatus.MISSING

    @property
    def moves(self) -> bool:
        return self.new_path != self.path


@dataclass(frozen=True, slots=True)
class FileTexts:
    """The three inputs of a merge, as committed; None if there is no such file."""

    base: bytes | None
    source: bytes | None
    target: bytes | None


@dataclass(frozen=True)
class Book:
    """A language's book against the new English. `files` are sorted by path; `unmatched` are documents that never had
    English: the translators' own, which the bot leaves alone."""

    source: Snapshot
    history: History
    target: Snapshot
    strategy: BaselineStrategy
    baselines: Baselines
    files: tuple[TranslatedFile, ...]
    unmatched: tuple[str, ...]

    def load(self, file: TranslatedFile) -> FileTexts:
        """Reads a file's three texts. Raises InputError if one of them is a symbolic link or a submodule."""
        return FileTexts(
            base=self.baselines.repository.read(file.base.blob) if file.base is not None else None,
            source=self.source.read(file.source_path) if file.source_path is not None else None,
            target=self.target.read(file.path) if file.exists else None,
        )

    def files_to_write(self, results: Mapping[TranslatedFile, bytes | None]) -> dict[str, bytes | None]:
        """The changes to commit, baselines included, for merged texts by file (None deletes the translation).

        Raises InputError if a file would move onto another that moves too, but is not among the results.
        """
        kept = {file: text for file, text in results.items() if text is not None}
        vacated = {file.path for file in results if file.exists and (file not in kept or file.moves)}
        for file in kept:
            if file.new_path in self.target.entries and file.new_path not in vacated | {file.path}:
                raise InputError(f"{file.path}: moves to {file.new_path}, which moves too; sync both together")
        files: dict[str, bytes | None] = dict.fromkeys(vacated) | {file.new_path: text for file, text in kept.items()}
        written = [self._record(file, file.source_path) for file in kept if file.source_path is not None]
        removed = [file.path for file in results if file not in kept]
        return files | self.strategy.write(self.target, self.baselines, written, removed)

    def _record(self, file: TranslatedFile, source_path: str) -> BaselineRecord:
        blob = self.source.entries[source_path].blob
        # Not the head: the same English must give the same record in each run.
        sighting = self.history.find(blob, source_path)
        return BaselineRecord(
            path=file.new_path,
            old_path=file.path if file.exists else None,
            source_path=source_path,
            commit=sighting.commit if sighting and sighting.path == source_path else self.source.commit,
            blob=blob,
            source=self.source.read(source_path),
        )


def read_book(source: Snapshot, history: History, target: Snapshot, strategy: BaselineStrategy, paths: Paths) -> Book:
    """Matches every translation with its base and with the new English. `history` ends at the source's head.

    Raises BaselineError if the recorded baselines can't be used at all.
    """
    baselines = strategy.read(source, history, target, paths)
    files = [*_with_base(source, history, target, baselines, paths)]
    unmatched = []
    for path in target.entries.keys() - baselines.bases.keys() - baselines.companions:
        english = paths.source_of(path)
        if english is None or not paths.wanted(english):
            continue
        if english in source.entries or english in history.paths:
            files.append(_without_base(path, english if english in source.entries else None, baselines))
        else:
            unmatched.append(path)
    files += _without_translation(source, target, files, paths)
    files = [_with_usable_name(file) for file in files]
    files.sort(key=lambda file: file.path)
    return Book(source, history, target, strategy, baselines, tuple(files), tuple(sorted(unmatched)))


def _with_base(
    source: Snapshot, history: History, target: Snapshot, baselines: Baselines, paths: Paths
) -> Iterator[TranslatedFile]:
    sources = {
        path: history.follow(base.source_path, base.commit, source.entries) for path, base in baselines.bases.items()
    }
    claims = _claims(sources, baselines, paths)
    moves = _moves(sources, claims, target, baselines, paths)
    for path, english in sources.items():
        base = baselines.bases[path]
        if not paths.wanted(english or base.source_path):
            continue
        place = moves.get(path, path)
        note = f"; {baselines.notes[path]}" if path in baselines.notes else ""
        if english is None and (base.commit is not None or base.source_path in history.paths):
            yield TranslatedFile(path, path, FileStatus.DELETED, None, base, f"{base.source_path} was deleted{note}")
        elif english is None:
            reason = f"the source never had {base.source_path}; name its English in the path mapping"
            yield TranslatedFile(path, path, FileStatus.UNKNOWN, None, base, reason)
        elif claims[english] != path:
            reason = f"its English is now {english}, which {claims[english]} translates; merge the two by hand"
            yield TranslatedFile(path, path, FileStatus.UNKNOWN, english, base, reason)
        elif place != path:
            reason = f"{base.source_path} was renamed to {english}{note}"
            yield TranslatedFile(path, place, FileStatus.STALE, english, base, reason)
        else:
            status = FileStatus.CURRENT if source.entries[english].blob == base.blob else FileStatus.STALE
            yield TranslatedFile(path, path, status, english, base, baselines.notes.get(path, ""))


def _without_base(path: str, english: str | None, baselines: Baselines) -> TranslatedFile:
    reason = f"nothing says which English it was made from: {baselines.notes.get(path, baselines.absent)}"
    return TranslatedFile(path, path, FileStatus.UNKNOWN, english, None, reason)


def _without_translation(
    source: Snapshot, target: Snapshot, files: list[TranslatedFile], paths: Paths
) -> Iterator[TranslatedFile]:
    translated = {file.source_path for file in files}
    occupied = target.entries.keys() - {file.path for file in files if file.moves} | {file.new_path for file in files}
    for english in source.entries:
        if english in translated or not paths.wanted(english):
            continue
        path = paths.target_of(english)
        if path in occupied:
            reason = f"the place of {english}'s translation is taken by another file; map one of them to another path"
            yield TranslatedFile(path, path, FileStatus.UNKNOWN, english, None, reason)
        else:
            yield TranslatedFile(path, path, FileStatus.MISSING, english, None, "the English is new")


def _with_usable_name(file: TranslatedFile) -> TranslatedFile:
    """Left for a person if a name holds a control character: git takes it, but a record of it could not be read."""
    if not has_control_character(f"{file.path}{file.new_path}{file.source_path or ''}"):
        return file
    reason = f"the name holds a control character (a line break, say); rename {file.source_path or file.path!r}"
    return TranslatedFile(file.path, file.path, FileStatus.UNKNOWN, file.source_path, file.base, reason)


def _claims(sources: Mapping[str, str | None], baselines: Baselines, paths: Paths) -> dict[str, str]:
    """The translation of each English file: among several, the file at the mapped path, or else a file whose English
    was not renamed."""

    def fitness(path: str, english: str) -> tuple[bool, bool, str]:
        return paths.target_of(english) != path, baselines.bases[path].source_path != english, path

    claims: dict[str, str] = {}
    for path, english in sources.items():
        if english is not None:
            claims[english] = min(path, claims.get(english, path), key=lambda rival: fitness(rival, english))
    return claims


def _moves(
    sources: Mapping[str, str | None],
    claims: Mapping[str, str],
    target: Snapshot,
    baselines: Baselines,
    paths: Paths,
) -> dict[str, str]:
    """New paths of translations whose English was renamed. A file name of the translators' own choice stays, and
    nothing moves onto a file that stays."""
    moves = {}
    for path, english in sources.items():
        if english is None or claims[english] != path:
            continue
        old = baselines.bases[path].source_path
        follows = paths.target_of(old) == path and PurePosixPath(old).name == PurePosixPath(path).name
        if follows and paths.target_of(english) != path:
            moves[path] = paths.target_of(english)
    while blocked := [path for path, place in moves.items() if place in target.entries and place not in moves]:
        for path in blocked:
            del moves[path]
    return moves
