"""English files that the translators never had, as opposed to files that they had once, under any name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.book.history import History
from bot.forge.git import Snapshot

_LOG = (
    *("-c", "log.showRoot=true", "-c", "log.showSignature=false", "-c", "log.follow=false"),
    *("log", "-z", "--name-only", "--no-renames", "--diff-merges=first-parent", "--format="),
)


def never_translated(
    english: Iterable[str], history: History, target: Snapshot, target_of: Callable[[str], str]
) -> frozenset[str]:
    """Those of the `english` paths for which no commit of `target` ever had a translation, whatever the English was
    called then."""
    wanted = frozenset(english)
    if not wanted:
        return wanted
    earlier: dict[str, set[str]] = {}
    for old, departures in history.departures.items():
        for _, new in departures:
            if new is not None:
                earlier.setdefault(new, set()).add(old)
    log = target.repository.run(*_LOG, target.commit, "--").decode("utf-8", "surrogateescape")
    past = {path.lstrip("\n") for path in log.split("\0")}
    return frozenset(path for path in wanted if past.isdisjoint(map(target_of, _names(path, earlier))))


def _names(path: str, earlier: dict[str, set[str]]) -> set[str]:
    """The path and all its former names."""
    names, fresh = {path}, {path}
    while fresh:
        fresh = {old for name in fresh for old in earlier.get(name, ())} - names
        names |= fresh
    return names
