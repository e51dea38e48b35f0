"""Figures of all updates of a pull request, hidden in its body, so that a later body covers the whole pull request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.model import Action, FileChange, FileResult, Merge
from bot.report.files import UNWRITTEN
from bot.report.hidden import hide, reveal

MAX_MARKER = 10_000
"""Characters in a body. Without a marker, a later body covers its own update only."""

_NAME = "tally"
# The order of the figures. Later actions come at the end: the bodies of open pull requests lack them.
_COLUMNS = (
    Action.KEPT,
    Action.PATCHED,
    Action.REUSED,
    Action.TRANSLATED,
    Action.REMOVED,
    Action.MOVED,
    Action.LEFT,
    Action.STALE,
)
_FIRST_COLUMNS = 7
# What waits for people is counted anew by each update.
_WAITING = (Action.LEFT, Action.STALE)


@dataclass(frozen=True)
class Tally:
    """Files by path: `last` for the last update, `before` for all earlier updates. `key` identifies the input of the
    last update: a repeated update counts once."""

    key: str = ""
    last: Mapping[str, FileResult] = field(default_factory=dict)
    before: Mapping[str, FileResult] = field(default_factory=dict)

    def add(self, key: str, results: Iterable[FileResult]) -> Tally:
        """The tally with one more update, which replaces the last update if that has the same key."""
        written = {result.path: _figures(result) for result in results if result.change not in UNWRITTEN}
        return Tally(key, written, self.before if key == self.key else _together(self.before, self.last))

    def total(self, results: Sequence[FileResult]) -> list[FileResult]:
        """The `results` of the last update, with the figures of the whole pull request, and the files of earlier
        updates. Texts, edits, remarks and what waits for people are the last update's: they may have done the rest."""
        files = _together(self.before, self.last)
        covered = [_with_figures(result, files[result.path]) if result.path in files else result for result in results]
        others = sorted(files.keys() - {result.path for result in results})
        return covered + [_without_waiting(files[path]) for path in others]

    def marker(self) -> str:
        """An HTML comment that `read_tally` understands; empty if it would be too long."""
        rows = ([_row(result) for result in files.values()] for files in (self.last, self.before))
        return hide(_NAME, [self.key, *rows], MAX_MARKER)


def read_tally(body: str) -> Tally:
    """The tally in a body; an empty one if there is none, or people damaged it."""
    data: Any = reveal(_NAME, body)
    try:
        key, *rows = data if isinstance(data, list) else []
        last, before = ({result.path: result for result in map(_result, part)} for part in rows)
    except (ValueError, TypeError, KeyError, OverflowError):
        return Tally()
    return Tally(str(key), last, before)


def _without_waiting(result: FileResult) -> FileResult:
    if result.merge is None:
        return result
    merge = result.merge
    counts, sentences = (
        {**numbers, **dict.fromkeys(map(str, _WAITING), 0)} for numbers in (merge.counts, merge.sentences)
    )
    return replace(result, merge=replace(merge, counts=counts, sentences=sentences))


def _figures(result: FileResult) -> FileResult:
    """The result without texts."""
    merge = result.merge
    if merge is None:
        return result
    return replace(result, merge=Merge("", (), merge.counts, merge.sentences, (), merge.characters, merge.verified))


def _with_figures(result: FileResult, figures: FileResult) -> FileResult:
    """A result with its texts, and the figures of the whole pull request."""
    if result.merge is None or figures.merge is None:
        return replace(figures, problem=result.problem) if result.change not in UNWRITTEN else result
    total = figures.merge
    merge = replace(result.merge, counts=total.counts, sentences=total.sentences, characters=total.characters)
    return replace(figures, merge=merge, size=result.size)


def _together(first: Mapping[str, FileResult], then: Mapping[str, FileResult]) -> dict[str, FileResult]:
    """Two updates as one. A renamed file stands under its new name; a file that was added and removed is gone."""
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
    change = later.change
    if earlier.change is FileChange.ADDED or later.change is FileChange.RECORDED:
        change = earlier.change
    elif earlier.change is FileChange.RENAMED and later.change is not FileChange.RENAMED:
        change = FileChange.RENAMED
    first, merge = earlier.merge, later.merge or earlier.merge
    if first and later.merge:
        merge = replace(
            later.merge,
            counts=_sum_counts(first.counts, later.merge.counts),
            sentences=_sum_counts(first.sentences, later.merge.sentences),
            characters=first.characters + later.merge.characters,
            verified=first.verified and later.merge.verified,
        )
    return replace(later, change=change, base=earlier.base, old_path=earlier.old_path or later.old_path, merge=merge)


def _sum_counts(earlier: Mapping[str, int], later: Mapping[str, int]) -> dict[str, int]:
    """Both updates kept what counts as kept; what waits is the later one's; either did all else."""
    total = {action.value: earlier.get(action, 0) + later.get(action, 0) for action in Action}
    kept = {Action.KEPT.value: min(earlier.get(Action.KEPT, 0), later.get(Action.KEPT, 0))}
    return total | kept | {action.value: later.get(action, 0) for action in _WAITING}


def _row(result: FileResult) -> list[Any]:
    merge = result.merge
    facts = [result.path, result.source_path, result.change.value, result.base, result.old_path, result.size]
    if merge is None:
        return [*facts, None]
    numbers = [[counts.get(action.value, 0) for action in _COLUMNS] for counts in (merge.counts, merge.sentences)]
    return [*facts, [*numbers, merge.characters, merge.verified]]


def _result(row: Sequence[Any]) -> FileResult:
    path, source_path, change, base, old_path, size, merge = row
    made = None
    if merge is not None:
        counts, sentences, characters, verified = merge
        named = [_named(numbers) for numbers in (counts, sentences)]
        made = Merge("", (), named[0], named[1], (), int(characters), bool(verified))
    names = [None if name is None else str(name) for name in (source_path, base, old_path)]
    return FileResult(str(path), names[0], FileChange(change), made, "", names[1], names[2], int(size))


def _named(numbers: Sequence[Any]) -> dict[str, int]:
    whole = [*numbers, *[0] * (len(_COLUMNS) - max(len(numbers), _FIRST_COLUMNS))]
    return {action.value: int(number) for action, number in zip(_COLUMNS, whole, strict=True)}
