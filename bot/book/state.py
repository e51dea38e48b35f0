"""The state of a translated book: which file is current, stale, missing, deleted or without a baseline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath

from bot.book.baselines import Base, BaselineRecord, Baselines, BaselineStrategy, Paths
from bot.book.history import History
from bot.book.lineage import Lineage
from bot.book.new_files import never_translated
from bot.config.records import has_control_character
from bot.errors import InputError
from bot.forge.git import Snapshot
from bot.model import Versions

_NEW = "the translators never had it, so it is added only if its path is asked for (files.new is list)"


class FileStatus(StrEnum):
    """`current` was made from today's English, `stale` from an older one; `missing` has English and no translation;
    `new` as well, but is only added if it is asked for (`files.new` of the configuration);
    `deleted` has a translation whose English is gone; `unknown` can't be merged before a person decides."""

    CURRENT = "current"
    STALE = "stale"
    MISSING = "missing"
    NEW = "new"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TranslatedFile:
    """One file of the book. `path` is the translation's path, or its future path if it is missing; `new_path`, today's
    right path, differs after the English was renamed. `source_path` is its English in the new head, None if that is
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
        return self.status not in (FileStatus.MISSING, FileStatus.NEW)

    @property
    def waits(self) -> bool:
        """Whether a person must decide, or ask for it, before a sync does anything about it."""
        return self.status in (FileStatus.UNKNOWN, FileStatus.NEW)

    @property
    def moves(self) -> bool:
        return self.new_path != self.path


@dataclass(frozen=True)
class Book:
    """A language's book against the new English. `files` are sorted by path; `unmatched` are documents that never had
    English: the translators' own, which the bot leaves alone. `ignored` are new English files that are no part of the
    book unless somebody asks for them."""

    source: Snapshot
    history: History
    target: Snapshot
    strategy: BaselineStrategy
    baselines: Baselines
    files: tuple[TranslatedFile, ...]
    unmatched: tuple[str, ...]
    ignored: tuple[TranslatedFile, ...] = ()

    def load(self, file: TranslatedFile) -> Versions[bytes | None]:
        """A file's three texts as committed, None for one that does not exist. Raises InputError if one of them is a
        symbolic link or a submodule."""
        return Versions(
            base=self.baselines.repository.read(file.base.blob) if file.base is not None else None,
            new=self.source.read(file.source_path) if file.source_path is not None else None,
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
    matching = _Matching(source, history, target, baselines, paths)
    files = [*matching.with_base()]
    unmatched = []
    for path in target.entries.keys() - baselines.bases.keys() - baselines.companions:
        english = paths.source_of(path)
        if english is None or not paths.wanted(english):
            continue
        if english in source.entries or english in history.paths:
            reason = f"nothing says which English it was made from: {baselines.notes.get(path, baselines.absent)}"
            present = english if english in source.entries else None
            files.append(TranslatedFile(path, path, FileStatus.UNKNOWN, present, None, reason))
        else:
            unmatched.append(path)
    found = sorted(map(_with_usable_name, [*files, *matching.without_translation(files)]), key=lambda file: file.path)
    found = found if paths.new == "add" else list(matching.with_new(found))
    ignored = tuple(file for file in found if file.status is FileStatus.NEW) if paths.new == "ignore" else ()
    kept = tuple(file for file in found if file not in ignored)
    return Book(source, history, target, strategy, baselines, kept, tuple(sorted(unmatched)), ignored)


@dataclass(frozen=True)
class _Matching:
    """What `read_book` matches."""

    source: Snapshot
    history: History
    target: Snapshot
    baselines: Baselines
    paths: Paths

    def with_base(self) -> Iterator[TranslatedFile]:
        """The translations whose base is known."""
        entries, baselines = self.source.entries, self.baselines
        sources = self._sources()
        claims = self._claims(sources)
        moves = self._moves(claims)
        for path, english in sources.items():
            base = baselines.bases[path]
            if not self.paths.wanted(english or base.source_path):
                continue
            place = moves.get(path, path)
            note = f"; {baselines.notes[path]}" if path in baselines.notes else ""
            if english is None and (base.commit is not None or base.source_path in self.history.paths):
                reason = f"{base.source_path} was deleted{note}"
                yield TranslatedFile(path, path, FileStatus.DELETED, None, base, reason)
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
                status = FileStatus.CURRENT if entries[english].blob == base.blob else FileStatus.STALE
                yield TranslatedFile(path, path, status, english, base, baselines.notes.get(path, ""))

    def _sources(self) -> dict[str, str | None]:
        """Today's English of each translation, None if it is gone."""
        lineage, repository = Lineage(self.history, self.source.entries), self.baselines.repository
        sources: dict[str, str | None] = {}
        for path, base in self.baselines.bases.items():
            since = base.commit
            if since is None and base.source_path in self.history.paths:
                since = lineage.nearest(base.source_path, repository.read(base.blob), self.source.repository.read)
            sources[path] = lineage.follow(base.source_path, base.blob, since)
        taken = {english for english in sources.values() if english is not None}
        for path, base in self.baselines.bases.items():
            if sources[path] is None:
                # A file that was first copied, then deleted. The copy of a page that has its own translation is not it.
                copies = lineage.copies(base.source_path, base.blob)
                sources[path] = next((copy for copy in copies if copy not in taken and self.paths.wanted(copy)), None)
                taken.update(filter(None, [sources[path]]))
        return sources

    def without_translation(self, files: Sequence[TranslatedFile]) -> Iterator[TranslatedFile]:
        """The English files that none of `files` translates."""
        translated = {file.source_path for file in files}
        left = {file.path for file in files if file.moves}
        occupied = self.target.entries.keys() - left | {file.new_path for file in files}
        for english in self.source.entries:
            if english in translated or not self.paths.wanted(english):
                continue
            path = self.paths.target_of(english)
            if path in occupied:
                reason = (
                    f"the place of {english}'s translation is taken by another file; map one of them to another path"
                )
                yield TranslatedFile(path, path, FileStatus.UNKNOWN, english, None, reason)
            else:
                yield TranslatedFile(path, path, FileStatus.MISSING, english, None, "the English is new")

    def with_new(self, files: Sequence[TranslatedFile]) -> Iterator[TranslatedFile]:
        """The files, of which those that the translators never had are new."""
        missing = {file.source_path for file in files if file.status is FileStatus.MISSING and file.source_path}
        new = never_translated(missing, self.history, self.target, self.paths.target_of)
        for file in files:
            is_new = file.status is FileStatus.MISSING and file.source_path in new
            yield replace(file, status=FileStatus.NEW, reason=_NEW) if is_new else file

    def _claims(self, sources: Mapping[str, str | None]) -> dict[str, str]:
        """The translation of each English file: among several, the file at the mapped path, or else a file whose
        English was not renamed."""

        def fitness(path: str, english: str) -> tuple[bool, bool, str]:
            is_renamed = self.baselines.bases[path].source_path != english
            return self.paths.target_of(english) != path, is_renamed, path

        claims: dict[str, str] = {}
        for path, english in sources.items():
            if english is not None:
                claims[english] = min(path, claims.get(english, path), key=lambda rival: fitness(rival, english))
        return claims

    def _moves(self, claims: Mapping[str, str]) -> dict[str, str]:
        """New paths of translations whose English was renamed. A file name of the translators' own choice stays, and
        nothing moves onto a file that stays."""
        moves = {}
        for english, path in claims.items():
            old, place = self.baselines.bases[path].source_path, self.paths.target_of(english)
            follows = self.paths.target_of(old) == path and PurePosixPath(old).name == PurePosixPath(path).name
            if follows and place != path:
                moves[path] = place
        entries = self.target.entries
        while blocked := [path for path, place in moves.items() if place in entries and place not in moves]:
            for path in blocked:
                del moves[path]
        return moves


def _with_usable_name(file: TranslatedFile) -> TranslatedFile:
    """The file, left for a person if a name holds a control character: git takes it, but no record can hold it."""
    if not has_control_character(f"{file.path}{file.new_path}{file.source_path or ''}"):
        return file
    reason = f"the name holds a control character (a line break, say); rename {file.source_path or file.path!r}"
    return TranslatedFile(file.path, file.path, FileStatus.UNKNOWN, file.source_path, file.base, reason)
