"""What a sync did, in figures: by action, by file, and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.model import Action, FileChange, FileResult
from bot.report.markdown import counted

ACTIONS = (Action.KEPT, Action.PATCHED, Action.REUSED, Action.MOVED, Action.TRANSLATED, Action.REMOVED, Action.LEFT)
"""In the order in which people read them: from what nobody has to look at to what waits for a person."""

UNWRITTEN = (FileChange.DECLINED, FileChange.WAITING, FileChange.SKIPPED, FileChange.FAILED)


def sentence_totals(results: Iterable[FileResult]) -> dict[str, int]:
    """Sentences by action over all files."""
    return _totals(result.merge.sentences for result in results if result.merge)


def unit_totals(results: Iterable[FileResult]) -> dict[str, int]:
    """Units by action over all files: sentences, code cells, formulas and everything else that is merged as one."""
    return _totals(result.merge.counts for result in results if result.merge)


def file_totals(results: Sequence[FileResult]) -> str:
    """`6 updated, 1 added`: the files that are written."""
    written = Counter(result.change for result in results if result.change not in UNWRITTEN)
    return ", ".join(f"{written[change]:,} {change.value}" for change in FileChange if written[change])


def written_files(results: Sequence[FileResult]) -> str:
    """`8 files`."""
    return counted(sum(result.change not in UNWRITTEN for result in results), "file")


def _totals(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return {action.value: total[action.value] for action in ACTIONS}
