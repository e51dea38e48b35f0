"""The results of a sync in figures: the totals by action, and a table of the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.model import Action, FileChange, FileResult
from bot.report.layout import BodyPart, ListEntry, item
from bot.report.markdown import code_span, counted, escaped, table, table_row

ACTIONS = (
    Action.KEPT,
    Action.PATCHED,
    Action.REUSED,
    Action.MOVED,
    Action.TRANSLATED,
    Action.REMOVED,
    Action.STALE,
    Action.LEFT,
)
"""In the order in which people read them: from what nobody has to look at to what waits for a person."""

UNWRITTEN = (FileChange.LISTED, FileChange.DECLINED, FileChange.WAITING, FileChange.SKIPPED, FileChange.FAILED)


def sentence_totals(results: Iterable[FileResult]) -> dict[str, int]:
    """Sentences by action over all files."""
    return _totals(result.merge.sentences for result in results if result.merge)


def unit_totals(results: Iterable[FileResult]) -> dict[str, int]:
    """Units by action over all files: sentences, code cells, formulas and everything else that is merged as one."""
    return _totals(result.merge.counts for result in results if result.merge)


def file_totals(results: Sequence[FileResult]) -> str:
    """The files that are written, by change: `6 updated, 1 added`."""
    written = Counter(result.change for result in results if result.change not in UNWRITTEN)
    return ", ".join(f"{written[change]:,} {change.value}" for change in FileChange if written[change])


def written_files(results: Sequence[FileResult]) -> str:
    """`8 files`."""
    return counted(sum(result.change not in UNWRITTEN for result in results), "file")


def files_part(results: Sequence[FileResult], linked: Callable[[str, str | None], str]) -> BodyPart:
    """Sentences by file and action; files with most to do come first. An action without sentences has no column.
    `linked` links the kind of change to the changes in the source since a commit."""
    written = [result for result in results if result.change not in UNWRITTEN]
    written.sort(
        key=lambda result: [-_sentences(result, action) for action in (Action.LEFT, Action.STALE, Action.TRANSLATED)]
    )
    used = [action for action in ACTIONS if any(_sentences(result, action) for result in written)]
    entries = []
    for result in written:
        name = code_span(result.path) + (f" (was {code_span(result.old_path)})" if result.old_path else "")
        numbers = [f"{number:,}" if (number := _sentences(result, action)) else "" for action in used]
        entries.append(ListEntry(table_row([name, linked(result.change.value, result.base), *numbers])))
    head = table(["file", "change", *(action.value for action in used)], [], numbers_from=2)
    return BodyPart("Files", tuple(entries), "file", 15, "Number of sentences in each file:", head)


def untouched_part(results: Sequence[FileResult]) -> BodyPart:
    """The files that were not written, failures first: a failure must not look like a success."""
    untouched = [result for result in results if result.change in UNWRITTEN]
    untouched.sort(key=lambda result: (-UNWRITTEN.index(result.change), result.problem))
    # A reason that several files share stands above them once.
    frequency = Counter(result.problem for result in untouched)
    entries = (
        ListEntry(item(code_span(result.path)), f"{result.change.value.capitalize()}: {escaped(result.problem)}")
        if frequency[result.problem] > 1
        else ListEntry(item(f"{code_span(result.path)} ({result.change.value}): {escaped(result.problem)}"))
        for result in untouched
    )
    return BodyPart("Not touched", tuple(entries), "file", 10)


def _totals(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for numbers in counts:
        total.update(numbers)
    return {action.value: total[action.value] for action in ACTIONS}


def _sentences(result: FileResult, action: Action) -> int:
    return result.merge.sentences.get(action.value, 0) if result.merge else 0
