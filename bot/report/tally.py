"""What all updates of a pull request did so far, in figures: kept in its body, hidden, so that a later update's body
tells of the whole pull request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.model import Action, FileChange, FileResult, Merge
from bot.report.files import UNWRITTEN
from bot.report.hidden import hide, reveal

# Room in a body; above it only the update at hand is told of.
MAX_MARKER = 10_000
_NAME = "tally"


@dataclass(frozen=True)
class Tally:
    """`before` are the files of all updates but the last one, by path; `last` those of the last one, whose `key` names
    what it was made from: the same update made again counts once."""

    key: str = ""
    last: Mapping[str, FileResult] = field(default_factory=dict)
    before: Mapping[str, FileResult] = field(default_factory=dict)

    def add(self, key: str, results: Iterable[FileResult]) -> Tally:
        """With one more update; in place of the last one where that has the same key."""
        written = {one.path: _figures(one) for one in results if one.change not in UNWRITTEN}
        return Tally(key, written, self.before if key == self.key else _together(self.before, self.last))

    def total(self, results: Sequence[FileResult]) -> list[FileResult]:
        """`results`, the last update, with what earlier ones did; texts, edits and remarks are its own, and so is what
        is left: people may have done since what earlier updates left."""
        files = _together(self.before, self.last)
        told = [_with_figures(one, files[one.path]) if one.path in files else one for one in results]
        paths = {one.path for one in results}
        return told + [_without_left(files[path]) for path in sorted(files.keys() - paths)]

    def marker(self) -> str:
        """An HTML comment that `read_tally` understands; empty where it would be too long."""
        files = ([_row(one) for one in files.values()] for files in (self.last, self.before))
        return hide(_NAME, [self.key, *files], MAX_MARKER)


def read_tally(body: str) -> Tally:
    """The tally in a body; an empty one where there is none, or people damaged it."""
    try:
        key, *rows = _list(reveal(_NAME, body))
        last, before = ({one.path: one for one in map(_result, part)} for part in rows)
    except (ValueError, TypeError, KeyError, OverflowError):
        return Tally()
    return Tally(str(key), last, before)


def _without_left(result: FileResult) -> FileResult:
    if result.merge is None:
        return result
    counts, sentences = ({**found, Action.LEFT.value: 0} for found in (result.merge.counts, result.merge.sentences))
    return replace(result, merge=replace(result.merge, counts=counts, sentences=sentences))


def _list(data: object) -> list[Any]:
    return data if isinstance(data, list) else []


def _figures(result: FileResult) -> FileResult:
    """Without texts."""
    merge = result.merge
    if merge is None:
        return result
    return replace(result, merge=Merge("", (), merge.counts, merge.sentences, (), merge.characters, merge.verified))


def _with_figures(result: FileResult, figures: FileResult) -> FileResult:
    """A result with its own words, and the figures of the whole pull request."""
    if result.merge is None or figures.merge is None:
        return replace(figures, problem=result.problem) if result.change not in UNWRITTEN else result
    total = figures.merge
    merge = replace(result.merge, counts=total.counts, sentences=total.sentences, characters=total.characters)
    return replace(figures, merge=merge, size=result.size)


def _together(first: Mapping[str, FileResult], then: Mapping[str, FileResult]) -> dict[str, FileResult]:
    """Two updates as one. A file that was renamed stands under its new name; one that came and went is gone."""
    files = dict(first)
    for path, later in then.items():
        earlier = files.pop(later.old_path or path, None) or files.pop(path, None)
        if earlier is None or earlier.merge is None:
            files[path] = later
        elif later.change is not FileChange.REMOVED:
            files[path] = _sum(earlier, later)
        elif earlier.change is not FileChange.ADDED:
            files[path] = replace(later, base=earlier.base, old_path=earlier.old_path)
    return files


def _sum(earlier: FileResult, later: FileResult) -> FileResult:
    keeps = earlier.change in (FileChange.ADDED, FileChange.RENAMED)
    change = earlier.change if keeps and later.change is not FileChange.RENAMED else later.change
    if later.change is FileChange.RECORDED:
        change = earlier.change
    return replace(
        later,
        change=FileChange.ADDED if earlier.change is FileChange.ADDED else change,
        base=earlier.base,
        old_path=earlier.old_path or later.old_path,
        merge=_sum_merges(earlier.merge, later.merge),
    )


def _sum_merges(earlier: Merge | None, later: Merge | None) -> Merge | None:
    if earlier is None or later is None:
        return later or earlier
    return replace(
        later,
        counts=_sum_counts(earlier.counts, later.counts),
        sentences=_sum_counts(earlier.sentences, later.sentences),
        characters=earlier.characters + later.characters,
        verified=earlier.verified and later.verified,
    )


def _sum_counts(earlier: Mapping[str, int], later: Mapping[str, int]) -> dict[str, int]:
    """Kept is what both kept; left is what is left now; all else was done in either."""
    found = {name: earlier.get(name, 0) + later.get(name, 0) for name in {*earlier, *later}}
    found[Action.KEPT] = min(earlier.get(Action.KEPT, 0), later.get(Action.KEPT, 0))
    found[Action.LEFT] = later.get(Action.LEFT, 0)
    return {action.value: found.get(action.value, 0) for action in Action}


def _row(result: FileResult) -> list[Any]:
    merge = result.merge
    facts = [result.path, result.source_path, result.change.value, result.base, result.old_path, result.size]
    if merge is None:
        return [*facts, None]
    numbers = [[counts.get(action.value, 0) for action in Action] for counts in (merge.counts, merge.sentences)]
    return [*facts, [*numbers, merge.characters, merge.verified]]


def _result(row: Sequence[Any]) -> FileResult:
    path, source_path, change, base, old_path, size, merge = row
    made = None
    if merge is not None:
        counts, sentences, characters, verified = merge
        named = [
            {action.value: int(number) for action, number in zip(Action, numbers, strict=True)}
            for numbers in (counts, sentences)
        ]
        made = Merge("", (), named[0], named[1], (), int(characters), bool(verified))
    names = [None if name is None else str(name) for name in (source_path, base, old_path)]
    return FileResult(str(path), names[0], FileChange(change), made, "", names[1], names[2], int(size))
