"""What a pull request does with each file, as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from bot.model import Action, FileResult
from bot.report.items import item
from bot.report.layout import BodyPart, ListEntry
from bot.report.markdown import code_span, escaped, table, table_row
from bot.report.summary import ACTIONS, UNWRITTEN

Linked = Callable[[str, str | None], str]
"""Words with a link to what changed in the source since a commit."""


def files_part(results: Sequence[FileResult], linked: Linked) -> BodyPart:
    """Sentences by file and action, the files with most to do first; blank means none. What happened to no sentence has
    no column. The kind of change links to what changed in the source."""
    written = sorted((one for one in results if one.change not in UNWRITTEN), key=_work, reverse=True)
    used = [action for action in ACTIONS if any(_sentences(one, action) for one in written)]
    entries = []
    for result in written:
        name = code_span(result.path)
        if result.old_path:
            name += f" (was {code_span(result.old_path)})"
        numbers = [f"{number:,}" if (number := _sentences(result, action)) else "" for action in used]
        entries.append(ListEntry(table_row([name, linked(result.change.value, result.base), *numbers])))
    head = table(["file", "change", *(action.value for action in used)], [], numbers_from=2)
    return BodyPart("Files", tuple(entries), "files", 15, "Sentences of each file:", head)


def untouched_part(results: Sequence[FileResult]) -> BodyPart:
    """The files that were not written: a failure must not look like a success."""
    untouched = [result for result in results if result.change in UNWRITTEN]
    alike = Counter(result.problem for result in untouched)
    # What failed comes first; a reason that many share, such as that people declined them, is told once.
    untouched.sort(key=lambda one: (-UNWRITTEN.index(one.change), one.problem))
    entries = (
        ListEntry(item(code_span(result.path)), f"{result.change.value.capitalize()}: {escaped(result.problem)}")
        if alike[result.problem] > 1
        else ListEntry(item(f"{code_span(result.path)} ({result.change.value}): {escaped(result.problem)}"))
        for result in untouched
    )
    return BodyPart("Not touched", tuple(entries), "files", 10)


def _work(result: FileResult) -> tuple[int, int]:
    """What a person has to decide and to review."""
    return _sentences(result, Action.LEFT), _sentences(result, Action.TRANSLATED)


def _sentences(result: FileResult, action: Action) -> int:
    return result.merge.sentences.get(action.value, 0) if result.merge else 0
