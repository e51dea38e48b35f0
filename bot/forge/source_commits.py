"""The commits of the source that changed some of its files: what they say, and who wrote them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.forge.git import Repository
from bot.forge.history import History

_LOG = (
    *("-c", "log.showSignature=false", "-c", "i18n.logOutputEncoding=UTF-8"),
    *("log", "--no-walk=unsorted", "--stdin", "--use-mailmap", "--no-color", "--no-notes", "-z"),
    "--format=%H%x00%P%x00%aN%x00%aE%x00%s",
)
_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Commit:
    """`subject` is the first line of its message; `name` and `email` are its author's, by the repository's mailmap."""

    id: str
    subject: str
    name: str
    email: str


class Touches:
    """Which commits touched which paths of a history."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._seen: dict[str, set[str]] = {}
        for sightings in history.sightings.values():
            for one in sightings:
                self._seen.setdefault(one.path, set()).add(one.commit)
        commits = list(history.order)
        self._came_from: dict[str, list[tuple[int, str]]] = {}
        for old, departures in history.departures.items():
            for at, new in departures:
                self._seen.setdefault(old, set()).add(commits[at])
                if new is not None:
                    self._came_from.setdefault(new, []).append((at, old))

    def since(self, path: str, base: str) -> set[str]:
        """The commits after `base` that changed, moved or deleted the file which is at `path` by the head, under
        whatever name; none where the history does not hold `base`."""
        start = self._history.order.get(base)
        if start is None:
            return set()
        names, waiting = {path}, [path]
        while waiting:
            earlier = {old for at, old in self._came_from.get(waiting.pop(), ()) if at > start} - names
            names |= earlier
            waiting += earlier
        found = {commit for name in names for commit in self._seen.get(name, ())}
        return {commit for commit in found if self._history.order[commit] > start}

    def first(self, path: str) -> set[str]:
        """The commit that the file came with; none for a path that never was."""
        return {min(self._seen[path], key=self._history.order.__getitem__)} if path in self._seen else set()

    def newest_first(self, commits: Iterable[str]) -> list[str]:
        return sorted(commits, key=self._history.order.__getitem__, reverse=True)


def read_commits(repository: Repository, commits: Collection[str]) -> list[Commit]:
    """In the order given. A merge is left out where what it merged is among them."""
    if not commits:
        return []
    output = repository.run(*_LOG, stdin="".join(f"{commit}\n" for commit in commits).encode())
    fields = output.decode("utf-8", "replace").split("\0")
    rows = [fields[start : start + _FIELDS] for start in range(0, len(fields) - _FIELDS + 1, _FIELDS)]
    known = set(commits)
    found: Mapping[str, Commit] = {
        row[0]: Commit(row[0], row[4], row[2], row[3]) for row in rows if known.isdisjoint(row[1].split()[1:])
    }
    return [found[commit] for commit in commits if commit in found]
