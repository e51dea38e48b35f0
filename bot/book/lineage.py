"""Where the files of a history went: their paths in the head, by their renames on the branch and on what was merged."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.book.history import History


class _Names(NamedTuple):
    """What one file is called in a commit: the paths where it stands, and those that it left."""

    present: tuple[str, ...]
    former: tuple[str, ...] = ()


class _Events(NamedTuple):
    """What happened at one path, by place of the commit: the file there left for another path, or was deleted (None);
    one came from another path, or was new (None). `exists` says whether there is one after it; `on_line` are the
    events on the branch itself, oldest first."""

    left: Mapping[int, str | None]
    came: Mapping[int, str | None]
    exists: Mapping[int, bool]
    on_line: Sequence[int]


@dataclass(frozen=True)
class Lineage:
    """Follows the files of a history to those of its head, which has the paths in `present`."""

    history: History
    present: Container[str]
    _known: dict[str, _Events] = field(default_factory=dict, init=False, repr=False)

    def follow(self, path: str, blob: str, since: str | None) -> str | None:
        """Today's path of the file that had the content `blob` at `path`, in the commit `since` if that is known. None
        if the file was deleted: none of the branches that have this content leads to a file of the head.

        The branch itself is asked first: there, people see the file under one name at a time.
        """
        starts = self._starts(path, blob, since)
        if not starts and path in self.present:
            return path
        starts = starts or self._before_departures(path)
        for at in starts:
            if at in self.history.on_line and (place := self._along_line(path, at)) is not None:
                return place
        return self._through_all(path, starts)

    def copies(self, path: str, blob: str) -> Iterator[str]:
        """Today's paths of other files that once had exactly this content, the likeliest first."""
        for sighting in self.history.find_all(blob):
            if sighting.path != path and (place := self.follow(sighting.path, blob, sighting.commit)) is not None:
                yield place

    def nearest(self, path: str, text: bytes, read: Callable[[str], bytes]) -> str | None:
        """The commit that gave `path` the content with the most lines in common with `text`; None if no other file can
        have had this path, so that it does not matter, or if nothing has a line in common."""
        history = self.history
        if not history.departures_of(path, -1):
            return None
        wanted = Counter(text.splitlines())
        best: tuple[float, bool, int] | None = None
        for blob, sightings in history.sightings.items():
            places = [history.order[sighting.commit] for sighting in sightings if sighting.path == path]
            if not places:
                continue
            lines = Counter(read(blob).splitlines())
            likeness = 2 * (lines & wanted).total() / max(1, lines.total() + wanted.total())
            best = max(filter(None, [best, *((likeness, at in history.on_line, at) for at in places)]))
        return list(history.order)[best[2]] if best is not None and best[0] > 0 else None

    def _starts(self, path: str, blob: str, since: str | None) -> list[int]:
        """The commits where the file had this content at this path: on the branch itself the one that is known, then
        the newest; then the others."""
        history = self.history
        seen = [history.order[sighting.commit] for sighting in history.find_all(blob) if sighting.path == path]
        known = [history.order[since]] if since is not None and since in history.order else []
        return sorted(dict.fromkeys([*known, *seen]), key=lambda at: at not in history.on_line)

    def _before_departures(self, path: str) -> list[int]:
        """For a file that nobody knows how to find: the commits before it left `path`, the newest first."""
        history = self.history
        left = [at for at, _ in reversed(history.departures_of(path, -1)) if history.parents[at]]
        return sorted((history.parents[at][0] for at in left), key=lambda at: at not in history.on_line)

    def _along_line(self, path: str, at: int) -> str | None:
        history = self.history
        trail = [path]
        while True:
            step = next((step for step in history.departures_of(path, at) if step[0] in history.on_line), None)
            if step is None:
                return path if path in self.present else None
            at, successor = step
            if successor is None:
                # It may have come back under one of its names. A file that took one of them before is another file.
                places = sorted((place, name) for name in trail for place in self._at(name).came)
                back = (
                    (place, name)
                    for place, name in places
                    if place > at and place in history.on_line and self._returns(name, place, trail)
                )
                at, successor = next(back, (at, None))
                if successor is None:
                    return None
            path = successor
            trail.append(path)

    def _through_all(self, path: str, starts: Sequence[int]) -> str | None:
        """As `_along_line`, through all that was merged: every commit after `starts` knows the names of the file from
        its parents."""
        history = self.history
        seeds: dict[int, list[str]] = {}
        for start in starts:
            for at, name in {(start, path), self._origin(path, start)}:
                seeds.setdefault(at, []).append(name)
        names: dict[int, _Names] = {}
        for at in range(min(seeds, default=len(history.order)), len(history.order)):
            known = [self._inherited(at, number, names) for number in range(len(history.parents[at]))]
            known.append(_Names(tuple(seeds.get(at, ()))))
            present = dict.fromkeys(name for one in known for name in one.present)
            former = dict.fromkeys(name for one in known for name in one.former if name not in present)
            if present or former:
                names[at] = _Names(tuple(present), tuple(former))
        found = names.get(history.line[-1], _Names(()))
        return next((name for name in found.present if name in self.present), None)

    def _inherited(self, at: int, number: int, names: Mapping[int, _Names]) -> _Names:
        """The names in the commit `at` of what its parent number `number` knows of the file."""
        known = names.get(self.history.parents[at][number])
        if known is None:
            return _Names(())
        every = (*known.former, *known.present)
        if number == 0:
            steps = [self._at(name).left.get(at, name) for name in known.present]
            present = [step for step in steps if step is not None]
        else:
            # What the merge does not have under its name was renamed, as the first parent knows, or deleted. Under a
            # name that the file left there, the merge has another file, unless it brings this one back.
            left = names.get(self.history.parents[at][0], _Names(())).former
            standing = [name for name in known.present if self._exists(name, at)]
            present = [name for name in standing if name not in left or self._returns(name, at, every)]
        present = present or [name for name in known.former if self._returns(name, at, every)][-1:]
        former = [name for name in every if name not in present]
        return _Names(tuple(present), tuple(former))

    def _returns(self, name: str, at: int, former: Collection[str]) -> bool:
        """Whether a file with these `former` names came back as `name` in the commit `at`: as a new file, or from a
        branch where it had none but these names at first."""
        return self._at(name).came.get(at, name) is None and self._origin(name, at)[1] in former

    def _origin(self, path: str, at: int) -> tuple[int, str]:
        """The commit that added the file that stands at `path` in the commit `at`, and its first name."""
        parents = self.history.parents
        while True:
            source = parents[at][:1]
            if at in (came := self._at(path).came):
                old = came[at]
                if old is None:
                    # What is new to the branch in a merge comes from one of the other parents.
                    source = [parent for parent in parents[at][1:] if self._exists(path, parent)]
                path = old or path
            if not source:
                return at, path
            at = source[0]

    def _exists(self, path: str, at: int) -> bool:
        events, history = self._at(path), self.history
        while at not in history.on_line:
            if at in events.exists or not history.parents[at]:
                return events.exists.get(at, False)
            at = history.parents[at][0]
        last = bisect_right(events.on_line, at)
        return last > 0 and events.exists[events.on_line[last - 1]]

    def _at(self, path: str) -> _Events:
        if path not in self._known:
            history = self.history
            came = history.arrivals_of(path)
            gone = [at for at, _ in history.departures.get(path, ())]
            exists = {**dict.fromkeys(gone, False), **dict.fromkeys(came, True)}
            on_line = sorted(at for at in exists if at in history.on_line)
            self._known[path] = _Events(dict(history.departures_of(path, -1)), came, exists, on_line)
        return self._known[path]
