"""What a branch's history tells: where each blob was seen, and where each path went."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.forge.git import Repository

# A file that keeps less than half of its lines counts as a new one: git's own measure, named so that no user's
# configuration changes it. The limit is on pairs that are compared where many files move in one commit.
_LOG = (
    *("-c", "log.showRoot=true", "-c", "log.showSignature=false", "-c", "log.follow=false"),
    *("log", "-z", "--raw", "--no-abbrev", "--find-renames=50%", "-l2000", "--no-color", "--no-notes"),
    # Against the first parent a merge shows what it brings to the branch, evil merges included.
    *("--diff-merges=first-parent", "--topo-order", "--reverse", "--format=%x02%H"),
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A commit that gave a path this content."""

    commit: str
    path: str


@dataclass(frozen=True)
class History:
    """The commits that `head` contains, parents first. `departures[path]` lists when a path was renamed (and to what)
    or deleted (None), as the commit's place in the order."""

    head: str
    order: Mapping[str, int]
    sightings: Mapping[str, Sequence[Sighting]]
    departures: Mapping[str, Sequence[tuple[int, str | None]]]
    paths: frozenset[str]

    def find(self, blob: str, path: str | None = None) -> Sighting | None:
        """The newest commit that gave `path`, or else any path, exactly this content."""
        seen = self.sightings.get(blob, ())
        return next((one for one in reversed(seen) if one.path == path), seen[-1] if seen else None)

    def follow(self, path: str, since: str | None, present: Container[str]) -> str | None:
        """Where the file that was at `path` in the commit `since` is among the paths `present` in the head.

        Renames are followed as often as they happened; None where the file was deleted. Without a known `since`, the
        last time that the path was left counts.
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
    for commit, change, old, new in _changes(repository.run(*_LOG, head, "--", *patterns), order):
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
