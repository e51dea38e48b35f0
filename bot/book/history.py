"""The history of a branch: the places of each blob, the renames of each path, and the commits of each file."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.forge.git import Repository

# A file that keeps less than half of its lines counts as a new one. This is git's default, named here to override a
# user's configuration. `-l` limits the pairs that are compared if one commit moves many files.
_CHANGES_LOG = (
    *("-c", "log.showRoot=true", "-c", "log.showSignature=false", "-c", "log.follow=false"),
    *("log", "-z", "--raw", "--no-abbrev", "--find-renames=50%", "-l2000", "--no-color", "--no-notes"),
    # Compared with its first parent, a merge shows what it brings to the branch, evil merges included.
    *("--diff-merges=first-parent", "--topo-order", "--reverse", "--format=%x02%H"),
)
_MESSAGES_LOG = (
    *("-c", "log.showSignature=false", "-c", "i18n.logOutputEncoding=UTF-8"),
    *("log", "--no-walk=unsorted", "--stdin", "--use-mailmap", "--no-color", "--no-notes", "-z"),
    "--format=%H%x00%P%x00%aN%x00%aE%x00%s",
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A commit that gave a path this content."""

    commit: str
    path: str


@dataclass(frozen=True)
class History:
    """The commits that `head` contains, parents first, with their place in this `order`. `departures[path]` lists when
    (by place in the order) the path was renamed, and to what, or deleted (None)."""

    head: str
    order: Mapping[str, int]
    sightings: Mapping[str, Sequence[Sighting]]
    departures: Mapping[str, Sequence[tuple[int, str | None]]]
    paths: frozenset[str]

    def find(self, blob: str, path: str | None = None) -> Sighting | None:
        """The newest commit that gave `path` (or any path, if `path` never had it) exactly this content."""
        seen = self.sightings.get(blob, ())
        return next((sighting for sighting in reversed(seen) if sighting.path == path), seen[-1] if seen else None)

    def follow(self, path: str, since: str | None, present: Container[str]) -> str | None:
        """The name, among the paths `present` in the head, of the file that was at `path` in the commit `since`.

        Renames are followed as often as they happened; None if the file was deleted. Without a known `since`, only the
        last departure from `path` counts.
        """
        at = self.order.get(since) if since else None
        if at is None:
            left = self.departures.get(path)
            if path in present or not left:
                return path if path in present else None
            at = left[-1][0] - 1
        trail = [path]
        for successor in self._journey(path, at):
            if successor is None:
                break
            trail.append(successor)
        # A file that was renamed, then deleted, may have come back under one of its names.
        return next((place for place in reversed(trail) if place in present), None)

    def _journey(self, path: str | None, at: int) -> Iterator[str | None]:
        while path is not None:
            step = next((step for step in self.departures.get(path, ()) if step[0] > at), None)
            if step is None:
                return
            at, path = step
            yield path


def read_history(repository: Repository, head: str, patterns: Sequence[str] = ()) -> History:
    """The history of `head` in one git process, limited to pathspecs such as `*.md` (git's, so `*` spans folders)."""
    order: dict[str, int] = {}
    sightings: dict[str, list[Sighting]] = {}
    departures: dict[str, list[tuple[int, str | None]]] = {}
    paths: set[str] = set()
    for commit, change, old, new in _changes(repository.run(*_CHANGES_LOG, head, "--", *patterns), order):
        _, new_mode, _, blob, status = change.split(" ")
        if status[0] in "RD":
            departures.setdefault(old, []).append((order[commit], new if status[0] == "R" else None))
        paths.update((old, new))
        if new_mode.startswith("100"):
            sightings.setdefault(blob, []).append(Sighting(commit, new))
    return History(head, order, sightings, departures, frozenset(paths))


def _changes(log: bytes, order: dict[str, int]) -> Iterator[tuple[str, str, str, str]]:
    """Commit, facts (modes, blobs, status), old path and new path of each change; numbers the commits in `order`."""
    commit = ""
    tokens = iter(log.decode("utf-8", "surrogateescape").split("\0"))
    for token in tokens:
        word = token.lstrip("\n")
        if word.startswith("\x02"):
            commit = word[1:]
            order[commit] = len(order)
        elif word.startswith(":"):
            old = next(tokens)
            new = next(tokens) if word.rpartition(" ")[2][0] in "RC" else old
            yield commit, word[1:], old, new


@dataclass(frozen=True, slots=True)
class Commit:
    """`subject` is the first line of its message; `name` and `email` are its author's, by the repository's mailmap."""

    id: str
    subject: str
    name: str
    email: str


class Touches:
    """Which commits of a history touched which paths."""

    def __init__(self, history: History) -> None:
        self._order = history.order
        self._commits: dict[str, set[str]] = {}
        for sightings in history.sightings.values():
            for sighting in sightings:
                self._commits.setdefault(sighting.path, set()).add(sighting.commit)
        commits = list(history.order)
        self._renames: dict[str, list[tuple[int, str]]] = {}
        """By new path: when, and from which path."""
        for old, departures in history.departures.items():
            for at, new in departures:
                self._commits.setdefault(old, set()).add(commits[at])
                if new is not None:
                    self._renames.setdefault(new, []).append((at, old))

    def since(self, path: str, base: str) -> set[str]:
        """The commits after `base` that changed, moved or deleted the file that the head has at `path`, under any of
        its names; none if the history does not contain `base`."""
        start = self._order.get(base)
        if start is None:
            return set()
        names, waiting = {path}, [path]
        while waiting:
            earlier = {old for at, old in self._renames.get(waiting.pop(), ()) if at > start} - names
            names |= earlier
            waiting += earlier
        commits = set[str]().union(*(self._commits.get(name, ()) for name in names))
        return {commit for commit in commits if self._order[commit] > start}

    def first(self, path: str) -> set[str]:
        """The commit that added the path; none for a path that never was."""
        return {min(self._commits[path], key=self._order.__getitem__)} if path in self._commits else set()

    def newest_first(self, commits: Iterable[str]) -> list[str]:
        return sorted(commits, key=self._order.__getitem__, reverse=True)


def read_commits(repository: Repository, commits: Collection[str]) -> list[Commit]:
    """In the order given. A merge is left out if a commit that it merged is among them."""
    if not commits:
        return []
    output = repository.run(*_MESSAGES_LOG, stdin="".join(f"{commit}\n" for commit in commits).encode())
    fields = output.decode("utf-8", "replace").split("\0")
    known = set(commits)
    read: dict[str, Commit] = {}
    for commit, parents, name, email, subject in (fields[at : at + 5] for at in range(0, len(fields) - 4, 5)):
        if known.isdisjoint(parents.split()[1:]):
            read[commit] = Commit(commit, subject, name, email)
    return [read[commit] for commit in commits if commit in read]
