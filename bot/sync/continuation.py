"""Continues an open pull request whose base branch moved on: git merges the base in, and where lines conflict the
translations are merged sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.book.baselines import Base, BaselineRecord, Baselines, BaselineStrategy
from bot.book.edition import LanguageEdition
from bot.changes.joining import join
from bot.documents import decode, parse
from bot.errors import InputError, RepositoryError
from bot.forge.commit import write_commit
from bot.forge.git import Repository, Snapshot, TreeEntry
from bot.forge.merge_tree import Conflict, merge_tree
from bot.model import Language
from bot.pipeline import Texts
from bot.report.clashes import Clashing
from bot.sync.decisions import Decisions, join_states, parse_state, serialize_state
from bot.sync.recorded_terms import join_terms

_STATE_PATH, _TERMS_PATH = re.compile(r"\.amts/state\.[^/]+\.yaml"), re.compile(r"\.amts/glossary\.[^/]+\.csv")


@dataclass(frozen=True)
class Continued:
    """Where the bot goes on from. `onto` is the commit of `snapshot` if the base branch had to be merged in, "" if the
    branch had all of it; `clean` says that git merged it without a conflict. `clashes` are the words that were dropped.
    `others` are the branch's versions of files that were taken from the base, without new English: their sentences are
    people's too."""

    snapshot: Snapshot
    onto: str = ""
    clashes: tuple[Clashing, ...] = ()
    others: tuple[Texts, ...] = ()
    clean: bool = True


def continue_branch(edition: LanguageEdition, head: str, message: str) -> Continued:
    """Merges the published branch into the commit `head`. The merge is a commit that no branch has yet, and the same
    one for the same two sides.

    A translation that conflicts is joined sentence by sentence if one side's English is unchanged since their common
    ancestor; if both sides moved to different English, the base's version is taken. Decisions that people recorded in
    comments are joined. Any other file is taken from the base.
    """
    repository, base = edition.repository, edition.published.commit
    if repository.contains(head, base):
        return Continued(repository.snapshot(head))
    merged = merge_tree(repository, head, base)
    files: dict[str, bytes | None] = {}
    clashes: tuple[Clashing, ...] = ()
    others: tuple[Texts, ...] = ()
    if merged.conflicts:
        sides = [repository.snapshot(commit) for commit in (repository.merge_base(head, base), head, base)]
        resolver = _Resolver(repository, [edition.baselines(side) for side in sides], edition.direction.target)
        resolver.resolve(merged.conflicts)
        target = Snapshot(repository, merged.tree, repository.files(merged.tree))
        files = resolver.files | resolver.records(edition.strategy, target)
        clashes, others = tuple(resolver.clashes), tuple(resolver.others)
    commit = write_commit(repository, [head, base], files, message, edition.signature, tree=merged.tree)
    return Continued(repository.snapshot(commit), commit, clashes, others, clean=not merged.conflicts)


class _Resolver:
    """Resolves every conflict. `bases` are the base records of the common ancestor, the branch and the base branch."""

    def __init__(self, repository: Repository, bases: Sequence[Baselines], language: Language) -> None:
        self.repository = repository
        self.bases = bases
        self.language = language
        self.files: dict[str, bytes | None] = {}
        self.clashes: list[Clashing] = []
        self.others: list[Texts] = []
        self.chosen: dict[str, Base] = {}

    def resolve(self, conflicts: tuple[Conflict, ...]) -> None:
        companions = frozenset().union(*(side.companions for side in self.bases))
        for path, side in self._agreed():
            self.chosen[path] = side
        for conflict in conflicts:
            # A companion is written again when a base is chosen for its translation.
            is_translation = conflict.path in self.bases[1].bases and conflict.path not in companions
            if _is_recorded(conflict.path):
                self._join_recorded(conflict)
            elif not is_translation or conflict.ours is None or conflict.theirs is None:
                self._take_theirs(conflict)
            else:
                self._join(conflict)

    def records(self, strategy: BaselineStrategy, target: Snapshot) -> dict[str, bytes | None]:
        """The files in which the strategy keeps the chosen bases."""
        holders = {side.repository for side in self.bases}
        written = []
        there = {path: base for path, base in self.chosen.items() if self._stays(path, target)}
        for path, base in there.items():
            blob = next((holder.read(base.blob) for holder in holders if holder.holds(base.blob)), None)
            if blob is not None and any(side.bases.get(path) != base for side in self.bases):
                written.append(BaselineRecord(path, path, base.source_path, base.commit or "", base.blob, blob))
        return strategy.write(target, replace(self.bases[1], bases=there), written, [])

    def _stays(self, path: str, target: Snapshot) -> bool:
        return self.files[path] is not None if path in self.files else path in target.entries

    def _agreed(self) -> Iterator[tuple[str, Base]]:
        """The base of each translation by a three-way merge of the records; the base branch's where both changed it."""
        old, ours, theirs = (side.bases for side in self.bases)
        for path in ours.keys() | theirs.keys():
            mine, yours, was = ours.get(path), theirs.get(path), old.get(path)
            base = mine if yours == was and mine is not None else yours or mine
            if base is not None:
                yield path, base

    def _join(self, conflict: Conflict) -> None:
        path = conflict.path
        old = conflict.old
        bases = [side.bases.get(path) for side in self.bases]
        was, mine, yours = (base.blob if base else None for base in bases)
        try:
            texts = [self._text(entry, path) if entry else "" for entry in (old, conflict.ours, conflict.theirs)]
        except InputError:
            self._take_theirs(conflict)
            return
        if old is not None and yours == was != mine:
            joined = join(texts[0], texts[1], texts[2], self.language, path)
        elif old is not None and mine in (was, yours):
            joined = join(texts[0], texts[2], texts[1], self.language, path)
        else:
            self._take_theirs(conflict)
            base = self.bases[1].bases[path]
            english = decode(self.bases[1].repository.read(base.blob), base.source_path)
            self.others.append(Texts(path, english, "", texts[1]))
            segments = [parse(text, self.language, path).segments for text in texts]
            known = {segment.text for segment in segments[0] + segments[2]}
            self.clashes += (Clashing(path, 0, segment.text) for segment in segments[1] if segment.text not in known)
            return
        self.files[path] = joined.text.encode()
        self.clashes += (Clashing(path, clash.line, clash.other) for clash in joined.clashes)

    def _join_recorded(self, conflict: Conflict) -> None:
        sides = (conflict.old, conflict.ours, conflict.theirs)
        try:
            if any(entry is not None and not entry.is_file for entry in sides):
                raise InputError(f"{conflict.path}: is no plain file")
            texts = [self.repository.read(entry.blob) if entry else None for entry in sides]
            self.files[conflict.path] = _join_recorded(conflict.path, texts[0], texts[1], texts[2])
        except InputError:
            self._take_theirs(conflict)

    def _take_theirs(self, conflict: Conflict) -> None:
        entry = conflict.theirs
        if entry is not None and not entry.is_file:
            raise RepositoryError(
                f"{self.repository.name}: {conflict.path} conflicts and is no plain file; merge the branches by hand"
            )
        self.files[conflict.path] = self.repository.read(entry.blob) if entry else None

    def _text(self, entry: TreeEntry, path: str) -> str:
        if not entry.is_file:
            raise InputError(f"{path}: is no plain file")
        return decode(self.repository.read(entry.blob), path)


def _join_recorded(path: str, old: bytes | None, ours: bytes | None, theirs: bytes | None) -> bytes | None:
    """A file of decisions or terms with what both sides recorded since `old` (None: no such file). Raises InputError
    if one of them can't be read."""
    if _TERMS_PATH.fullmatch(path):
        texts = [decode(data or b"", path) for data in (old, ours, theirs)]
        return join_terms(texts[0], texts[1], texts[2]).encode("utf-8")
    states = [parse_state(data, path) if data is not None else Decisions() for data in (old, ours, theirs)]
    return serialize_state(join_states(states[0], states[1], states[2]))


def _is_recorded(path: str) -> bool:
    """Whether a file holds people's decisions or terms."""
    return bool(_STATE_PATH.fullmatch(path) or _TERMS_PATH.fullmatch(path))
