"""Continues a pull request whose base branch moved on: git merges it in; conflicting translations merge by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.book.baselines import Base, BaselineRecord, Baselines, BaselineStrategy
from bot.book.edition import LanguageEdition
from bot.book.stale_record import join_stale, parse_stale, serialize_stale
from bot.changes.joining import join
from bot.documents import decode, parse
from bot.errors import InputError, RepositoryError
from bot.forge.commit import write_commit
from bot.forge.git import Repository, Snapshot
from bot.forge.merge_tree import Conflict, merge_tree
from bot.model import Language
from bot.pipeline import Texts
from bot.report.clashes import Clashing
from bot.sync.decisions import Decisions, join_states, parse_state, serialize_state
from bot.sync.recorded_terms import join_terms

_RECORDED_PATH = re.compile(r"\.amts/((state|stale)\.[^/]+\.yaml|glossary\.[^/]+\.csv)")


@dataclass(frozen=True)
class Continued:
    """The starting point of the next update. `onto` is the commit of `snapshot` if the base branch had to be merged in,
    "" if the branch contained it; `clean`: without a conflict. `clashes` are the dropped words. `others` are the
    branch's versions of files taken from the base, without new English: their sentences are people's too."""

    snapshot: Snapshot
    onto: str = ""
    clashes: tuple[Clashing, ...] = ()
    others: tuple[Texts, ...] = ()
    clean: bool = True


def continue_branch(edition: LanguageEdition, head: str, message: str) -> Continued:
    """Merges the published branch into the commit `head`. The merge commit is on no branch yet; it is the same for the
    same two sides.

    A conflicting translation is joined sentence by sentence if one side still has the English of the common ancestor.
    If both sides moved to different English, the base's version is taken. Decisions and terms that people recorded in
    comments are joined, and so are stale sentences. Any other file is taken from the base.
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
        for conflict in merged.conflicts:
            resolver.resolve(conflict)
        target = Snapshot(repository, merged.tree, repository.files(merged.tree))
        files = resolver.files | resolver.records(edition.strategy, target)
        clashes, others = tuple(resolver.clashes), tuple(resolver.others)
    commit = write_commit(repository, [head, base], files, message, edition.signature, tree=merged.tree)
    return Continued(repository.snapshot(commit), commit, clashes, others, clean=not merged.conflicts)


class _Resolver:
    """Resolves conflicts. `bases` are the baselines of the common ancestor, of the branch and of the base branch;
    `chosen` are the bases of the merged translations by path."""

    def __init__(self, repository: Repository, bases: Sequence[Baselines], language: Language) -> None:
        self.repository = repository
        self.bases = bases
        self.language = language
        self.files: dict[str, bytes | None] = {}
        self.clashes: list[Clashing] = []
        self.others: list[Texts] = []
        self.chosen = dict(self._agreed())
        self.companions = frozenset().union(*(side.companions for side in bases))

    def resolve(self, conflict: Conflict) -> None:
        # A companion is written again when a base is chosen for its translation.
        is_translation = conflict.path in self.bases[1].bases and conflict.path not in self.companions
        if _RECORDED_PATH.fullmatch(conflict.path):
            self._join_recorded(conflict)
        elif is_translation and conflict.ours and conflict.theirs:
            self._join(conflict)
        else:
            self._take_theirs(conflict)

    def records(self, strategy: BaselineStrategy, target: Snapshot) -> dict[str, bytes | None]:
        """The files in which the strategy keeps the chosen bases."""
        holders = {side.repository for side in self.bases}
        written = []
        there = {
            path: base
            for path, base in self.chosen.items()
            if (self.files[path] is not None if path in self.files else path in target.entries)
        }
        for path, base in there.items():
            blob = next((holder.read(base.blob) for holder in holders if holder.holds(base.blob)), None)
            if blob is not None and any(side.bases.get(path) != base for side in self.bases):
                written.append(BaselineRecord(path, path, base.source_path, base.commit or "", base.blob, blob))
        # A pull request never changes what is recorded of another language.
        return strategy.write(target, replace(self.bases[1], bases=there, others=self.bases[2].others), written, [])

    def _agreed(self) -> Iterator[tuple[str, Base]]:
        """The base of each translation by a three-way merge of the records; the base branch's if both changed it."""
        old, ours, theirs = (side.bases for side in self.bases)
        for path in ours.keys() | theirs.keys():
            mine, yours, was = ours.get(path), theirs.get(path), old.get(path)
            base = mine if yours == was and mine is not None else yours or mine
            if base is not None:
                yield path, base

    def _join(self, conflict: Conflict) -> None:
        path = conflict.path
        was, mine, yours = (base.blob if (base := side.bases.get(path)) else None for side in self.bases)
        try:
            old, ours, theirs = (decode(data or b"", path) for data in self._versions(conflict))
        except InputError:
            self._take_theirs(conflict)
            return
        if conflict.old is not None and yours == was != mine:
            joined = join(old, ours, theirs, self.language, path)
        elif conflict.old is not None and mine in (was, yours):
            joined = join(old, theirs, ours, self.language, path)
        else:
            self._take_theirs(conflict)
            english = self.bases[1].made_from(path, ours)
            self.others.append(Texts(path, english, "", ours))
            known = {segment.text for text in (old, theirs) for segment in parse(text, self.language, path).segments}
            own = (segment.text for segment in parse(ours, self.language, path).segments)
            self.clashes += (Clashing(path, 0, text) for text in own if text not in known)
            return
        self.files[path] = joined.text.encode()
        self.clashes += (Clashing(path, clash.line, clash.other) for clash in joined.clashes)

    def _join_recorded(self, conflict: Conflict) -> None:
        try:
            self.files[conflict.path] = _join_recorded(conflict.path, *self._versions(conflict))
        except InputError:
            self._take_theirs(conflict)

    def _take_theirs(self, conflict: Conflict) -> None:
        entry = conflict.theirs
        if entry is not None and not entry.is_file:
            raise RepositoryError(
                f"{self.repository.name}: {conflict.path} conflicts and is no plain file; merge the branches by hand"
            )
        self.files[conflict.path] = self.repository.read(entry.blob) if entry else None

    def _versions(self, conflict: Conflict) -> list[bytes | None]:
        """The bytes of the file on each side. Raises InputError if one of them is no plain file."""
        sides = (conflict.old, conflict.ours, conflict.theirs)
        if any(entry is not None and not entry.is_file for entry in sides):
            raise InputError(f"{conflict.path}: is no plain file")
        return [self.repository.read(entry.blob) if entry else None for entry in sides]


def _join_recorded(path: str, *versions: bytes | None) -> bytes | None:
    """A file of decisions, stale sentences or terms with what both sides recorded; the versions are the common
    ancestor's, the branch's and the base branch's (None: no such file). Raises InputError if one of them can't be
    read."""
    if path.endswith(".csv"):
        return join_terms(*(decode(data or b"", path) for data in versions)).encode("utf-8")
    if "/stale." in path:
        return serialize_stale(join_stale(*({} if data is None else parse_stale(data, path) for data in versions)))
    states = [Decisions() if data is None else parse_state(data, path) for data in versions]
    return serialize_state(join_states(*states))
