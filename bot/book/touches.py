"""Which commits of a history touched which files, and who made them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.book.history import History
from bot.forge.git import Repository

_MESSAGES_LOG = (
    *("-c", "log.showSignature=false", "-c", "i18n.logOutputEncoding=UTF-8"),
    *("log", "--no-walk=unsorted", "--stdin", "--use-mailmap", "--no-color", "--no-notes", "-z"),
    "--format=%H%x00%P%x00%aN%x00%aE%x00%s",
)


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
        # Many files have the same base.
        self._ancestors = lru_cache(maxsize=64)(history.ancestors)
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
        if base not in self._order:
            return set()
        before = self._ancestors(base)
        names, waiting = {path}, [path]
        while waiting:
            earlier = {old for at, old in self._renames.get(waiting.pop(), ()) if at not in before} - names
            names |= earlier
            waiting += earlier
        commits = set[str]().union(*(self._commits.get(name, ()) for name in names))
        return {commit for commit in commits if self._order[commit] not in before}

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
