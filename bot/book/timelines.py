"""Texts of a file over time: the periods of a source file's revisions, and the editions of a translation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.book.history import History
from bot.errors import BaselineError
from bot.forge.git import Repository

_LOG = (
    *("-c", "log.showRoot=true", "-c", "log.showSignature=false", "-c", "log.follow=false"),
    *("log", "-z", "--raw", "--numstat", "--no-abbrev", "--no-renames", "--no-color", "--no-notes"),
    *("--first-parent", "--diff-merges=first-parent", "--reverse", "--format=%x02%at"),
)
# An edition that contributed less than this share of the text is no evidence.
_MIN_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end` (seconds since the epoch) a source file had this content; `order` is its commit's place in
    the history."""

    blob: str
    path: str
    commit: str
    order: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Edition:
    """A content of a translation. `time`: since when, in seconds since the epoch; `share`: the part of its lines that
    was new then and has not been rewritten since."""

    blob: str
    time: float
    share: float


class Timelines:
    """The periods of every source path; the dates of all commits are read once."""

    def __init__(self, repository: Repository, history: History) -> None:
        lines = repository.lines("log", "--format=%H %at", history.head)
        # The author's date: people may translate a revision before it is merged, and a rebase keeps the date.
        self._dates = {commit: float(seconds) for commit, seconds in (line.split(" ") for line in lines)}
        self._seen: dict[str, list[tuple[int, str, str]]] = {}
        for blob, sightings in history.sightings.items():
            for sighting in sightings:
                entry = history.order[sighting.commit], sighting.commit, blob
                self._seen.setdefault(sighting.path, []).append(entry)
        self._kin: dict[str, set[str]] = {}
        for old, departures in history.departures.items():
            for _, new in departures:
                if new is not None:
                    self._kin.setdefault(old, set()).add(new)
                    self._kin.setdefault(new, set()).add(old)

    def date(self, commit: str) -> float:
        return self._dates[commit]

    def periods(self, path: str) -> list[Period]:
        """The contents, under all its names and in the history's order, of the file that was ever at `path`."""
        entries = sorted((*entry, name) for name in self._names(path) for entry in self._seen.get(name, ()))
        starts = [self._dates[commit] for _, commit, _, _ in entries]
        ends = [*starts[1:], float("inf")]
        return [
            Period(blob, name, commit, order, start, end)
            for (order, commit, blob, name), start, end in zip(entries, starts, ends, strict=True)
        ]

    def _names(self, path: str) -> set[str]:
        names, fresh = {path}, {path}
        while fresh:
            fresh = {kin for name in fresh for kin in self._kin.get(name, ())} - names
            names |= fresh
        return names


def read_editions(repository: Repository, head: str) -> dict[str, list[Edition]]:
    """The editions of every path, oldest first, from one git process. A deleted path starts a new timeline."""
    editions: dict[str, list[Edition]] = {}
    blobs: dict[str, str] = {}
    sizes: dict[str, int] = {}
    time = 0.0
    tokens = iter(repository.run(*_LOG, head, "--").decode("utf-8", "surrogateescape").split("\0"))
    for token in tokens:
        word = token.lstrip("\n")
        if word.startswith("\x02"):
            time = float(word[1:])
        elif word.startswith(":"):
            blobs[next(tokens)] = word.split(" ")[3]
        elif word:
            added, removed, path = word.split("\t", 2)
            new, old = (int(number) if number.isdecimal() else 0 for number in (added, removed))
            sizes[path] = sizes.get(path, 0) + new - old
            if set(blobs[path]) == {"0"}:
                editions[path] = []
            else:
                share = min(1.0, new / max(1, sizes[path]))
                editions.setdefault(path, []).append(Edition(blobs[path], time, share))
    return {path: _surviving(history) for path, history in editions.items()}


def _surviving(editions: Sequence[Edition]) -> list[Edition]:
    """The editions with the part of their share that later editions left standing. An edition below the minimum share
    is dropped, but never the last one."""
    left = 1.0
    surviving: list[Edition] = []
    for edition in reversed(editions):
        share = edition.share * left
        left *= 1.0 - edition.share
        if not surviving or share >= _MIN_SHARE:
            surviving.append(replace(edition, share=max(share, _MIN_SHARE)))
    return surviving[::-1]


def refuse_cut_history(repository: Repository, head: str) -> None:
    """Raises BaselineError if `repository` does not hold the whole history of `head`: a text at its border seems to be
    new there, however old it is."""
    border = repository.cut_at(head)
    if border is not None:
        raise BaselineError(
            f"{repository.name}: its history is cut off before {border[:10]}, as in a shallow clone, so nothing tells"
            " which English a translation was made from; fetch the whole history (git fetch --unshallow; in a workflow,"
            " actions/checkout with fetch-depth: 0)"
        )


def read_tags(repository: Repository, history: History) -> Mapping[str, int]:
    """By name, the tags that `history` contains: the place of each tagged commit in its order."""
    lines = repository.lines("for-each-ref", "--format=%(refname:lstrip=2) %(objectname) %(*objectname)", "refs/tags")
    named = {name: ids for name, *ids in (line.split() for line in lines)}
    return {
        name: history.order[commit] for name, ids in named.items() for commit in ids[-1:] if commit in history.order
    }
