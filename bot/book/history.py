"""The history of a branch: its commits, the places of each blob, the comings and goings at each path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from bot.forge.git import Repository

# A file that keeps less than half of its lines counts as a new one. This is git's default, named here to override a
# user's configuration. `-l` limits the pairs that are compared if one commit moves many files.
_RAW_LOG = (
    *("-c", "log.showRoot=true", "-c", "log.showSignature=false", "-c", "log.follow=false"),
    *("log", "-z", "--raw", "--no-abbrev", "--find-renames=50%", "-l2000", "--no-color", "--no-notes"),
    # Compared with its first parent, a merge shows what it brings to the branch, evil merges included.
    *("--diff-merges=first-parent", "--format=%x02%H %P"),
)
_CHANGES_LOG = (*_RAW_LOG, "--topo-order", "--reverse")
# Git pairs a file with its new name only if nothing took the old one in the same commit, unless it is told to break
# files that were rewritten. That reads every changed file, so it is asked only of commits where it may matter.
_REWRITES_LOG = (*_RAW_LOG, "--break-rewrites=50%", "--no-walk=unsorted", "--stdin")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A commit that gave a path this content."""

    commit: str
    path: str


Departures = Mapping[str, Sequence[tuple[int, str | None]]]
"""By path: when (by place in the order) the file left it, and to which path, or None if it was deleted."""


@dataclass(frozen=True)
class History:
    """The commits that `head` contains, parents first, with their place in this `order`. `parents` and `line` name
    commits by that place: the known parents of each, first one first, and the commits that come from the head by first
    parents, oldest first. `arrivals[path]` lists when a file came to the path, and from which path (None: it was new).
    All changes are those from the first parent."""

    head: str
    order: Mapping[str, int]
    parents: Sequence[Sequence[int]]
    line: Sequence[int]
    sightings: Mapping[str, Sequence[Sighting]]
    departures: Departures
    arrivals: Departures
    paths: frozenset[str]
    _rewrites: _Rewrites = field(repr=False, compare=False)

    @cached_property
    def on_line(self) -> frozenset[int]:
        return frozenset(self.line)

    def find(self, blob: str, path: str | None = None) -> Sighting | None:
        """The newest commit that gave `path` (or any path, if `path` never had it) exactly this content. A commit of
        the branch itself comes before those that were merged: a merge may be newer than what became of its file."""
        seen = self.sightings.get(blob, ())
        return max(seen, key=lambda sighting: (sighting.path == path, *self._age(sighting)), default=None)

    def find_all(self, blob: str) -> list[Sighting]:
        """The commits that gave any path this content, in the same order."""
        return sorted(self.sightings.get(blob, ()), key=self._age, reverse=True)

    def departures_of(self, path: str, since: int) -> Sequence[tuple[int, str | None]]:
        """What became of the file at `path` in the commits after the place `since`, in the order: also the renames to
        which git is blind because another file took the old name in the same commit. May ask git once."""
        moves = dict(entry for entry in self.departures.get(path, ()) if entry[0] > since)
        moves |= {at: new for at, new in self._rewrites.departures_of(path, since).items() if at > since}
        return sorted(moves.items(), key=lambda entry: entry[0])

    def ancestors(self, commit: str) -> frozenset[int]:
        """The places of the commit, which the history contains, and of all commits that it contains."""
        found, waiting = {self.order[commit]}, [self.order[commit]]
        while waiting:
            fresh = set(self.parents[waiting.pop()]) - found
            found |= fresh
            waiting += fresh
        return frozenset(found)

    def arrivals_of(self, path: str) -> Mapping[int, str | None]:
        """When a file came to `path`, and from which path, in the whole history. May ask git once."""
        return {**dict(self.arrivals.get(path, ())), **self._rewrites.arrivals_of(path)}

    def _age(self, sighting: Sighting) -> tuple[bool, int]:
        at = self.order[sighting.commit]
        return at in self.on_line, at


class _Rewrites:
    """The renames in commits where another file took the old name. `suspects` are the changes, as git sees them at
    first, of the commits where that may have happened, by place in the `order`."""

    def __init__(
        self, repository: Repository, order: Mapping[str, int], suspects: Mapping[int, Sequence[_Change]]
    ) -> None:
        self._repository = repository
        self._order = order
        self._suspects = suspects
        self._newest: dict[str, int] = {}
        for at, changes in suspects.items():
            self._newest |= {change.old: at for change in changes}

    def departures_of(self, path: str, since: int) -> Mapping[int, str | None]:
        return self._moves.get(path, {}) if self._newest.get(path, -1) > since else {}

    def arrivals_of(self, path: str) -> Mapping[int, str | None]:
        """From where a file came; None for a new file that took the place of one that left."""
        came: dict[int, str | None] = dict.fromkeys(self._moves.get(path, {}))
        return {**came, **self._origins.get(path, {})}

    @cached_property
    def _moves(self) -> Mapping[str, Mapping[int, str | None]]:
        commits = list(self._order)
        if not self._suspects:
            return {}  # without commits to look at, git would take the checked-out one
        wanted = "".join(f"{commits[at]}\n" for at in self._suspects)
        moves: dict[str, dict[int, str | None]] = {}
        for commit, _, changes in _read_log(self._repository.run(*_REWRITES_LOG, stdin=wanted.encode())):
            at = self._order[commit]
            for old, new in _moves_in(self._suspects[at], changes).items():
                moves.setdefault(old, {})[at] = new
        return moves

    @cached_property
    def _origins(self) -> Mapping[str, Mapping[int, str]]:
        origins: dict[str, dict[int, str]] = {}
        for old, moves in self._moves.items():
            for at, new in moves.items():
                if new is not None:
                    origins.setdefault(new, {})[at] = old
        return origins


def _moves_in(changes: Sequence[_Change], broken: Sequence[_Change]) -> dict[str, str | None]:
    """The renames that show only if rewritten files are broken up. Two files that became one are none: there, the file
    that stands at the place of both goes on, unless it has nothing but the other's text."""
    standing = {change.old for change in changes if change.status[0] in "MD"}
    taken = {change.new for change in changes if change.status[0] == "R"}
    # If nothing else explains the new text of a rewritten file (`M` with a score), git tells of a copy.
    rewritten = {change.old for change in broken if change.status[0] == "M" and change.status[1:]}
    best: dict[str, _Change] = {}
    for change in broken:
        moved = change.status[0] == "R" or (change.status[0] == "C" and change.old in rewritten)
        if moved and change.old in standing and change.new not in taken:
            best[change.old] = max(change, best.get(change.old, change), key=lambda one: int(one.status[1:]))
    while doubtful := [
        old
        for old, change in best.items()
        if change.new in standing and change.new not in best and change.status != "R100"
    ]:
        for old in doubtful:
            del best[old]
    overwritten = dict.fromkeys(change.new for change in best.values() if change.new in standing)
    return {**overwritten, **{old: change.new for old, change in best.items()}}


def read_history(repository: Repository, head: str) -> History:
    """The history of `head`, read in one git process."""
    order: dict[str, int] = {}
    parents: list[list[int]] = []
    sightings: dict[str, list[Sighting]] = {}
    departures: dict[str, list[tuple[int, str | None]]] = {}
    arrivals: dict[str, list[tuple[int, str | None]]] = {}
    suspects: dict[int, list[_Change]] = {}
    paths: set[str] = set()
    for commit, before, changes in _read_log(repository.run(*_CHANGES_LOG, head, "--")):
        at = order[commit] = len(order)
        # A shallow clone does not have all parents.
        parents.append([order[parent] for parent in before if parent in order])
        added = set()
        for change in changes:
            moves, kind = change.status[0] == "R", change.status[0]
            if kind in "RD":
                departures.setdefault(change.old, []).append((at, change.new if moves else None))
            if kind in "RCA":
                arrivals.setdefault(change.new, []).append((at, change.old if moves else None))
            if kind == "A":
                added.add(_suffix(change.new))
            paths.update((change.old, change.new))
            if change.mode.startswith("100"):
                sightings.setdefault(change.blob, []).append(Sighting(commit, change.new))
        made = {change.blob for change in changes if change.blob != change.old_blob}
        if any(
            (change.status[0] == "M" and _suffix(change.old) in added)
            or (change.status[0] in "MD" and change.old_blob in made)
            for change in changes
        ):
            suspects[at] = changes
    line = [len(order) - 1]
    while parents[line[-1]]:
        line.append(parents[line[-1]][0])
    rewrites = _Rewrites(repository, order, suspects)
    return History(
        head, order, parents, line[::-1], sightings, departures, arrivals, frozenset(paths), _rewrites=rewrites
    )


def _suffix(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2]


class _Change(NamedTuple):
    """`mode` and `blob` are the new ones."""

    old_blob: str
    mode: str
    blob: str
    status: str
    old: str
    new: str


def _read_log(log: bytes) -> Iterator[tuple[str, list[str], list[_Change]]]:
    """Each commit with its parents and its changes."""
    header: list[str] = []
    changes: list[_Change] = []
    tokens = iter(log.decode("utf-8", "surrogateescape").split("\0"))
    for token in tokens:
        word = token.lstrip("\n")
        if word.startswith("\x02"):
            if header:
                yield header[0], header[1:], changes
            header, changes = word[1:].split(), []
        elif word.startswith(":"):
            _, mode, old_blob, blob, status = word[1:].split(" ")
            old = next(tokens)
            new = next(tokens) if status[0] in "RC" else old
            changes.append(_Change(old_blob, mode, blob, status, old, new))
    if header:
        yield header[0], header[1:], changes
