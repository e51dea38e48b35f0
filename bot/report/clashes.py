"""What people changed on two sides at once: on the pull request's branch and on the branch it goes into."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from bot.report.hidden import hide, reveal
from bot.report.items import item, shown
from bot.report.layout import BodyPart, ListEntry
from bot.report.markdown import code_span

_NAME, _MAX_MARKER = "clashes", 4_000


@dataclass(frozen=True, slots=True)
class Clashing:
    """A place in the translation, and the words of the other side that gave way to what stands there (empty where that
    side took them out); `line` 0 is the file as a whole."""

    path: str
    line: int
    other: str


def clashes_part(clashes: Sequence[Clashing], base: str) -> BodyPart:
    """Every one with the words that gave way."""
    intro = "What stands in the files was kept; these words gave way to it. Take of them what should stay:"
    entries = (
        item(
            f"{code_span(one.path)}{f', line {one.line}' if one.line else ''}",
            f":{shown(one.other)}" if one.other else ": taken out there",
        )
        for one in clashes
    )
    return BodyPart(f"Changed here and on {code_span(base)}", tuple(map(ListEntry, entries)), "entries", 10, intro)


def hide_clashes(clashes: Sequence[Clashing]) -> str:
    """An HTML comment from which `hidden_clashes` reads those with words, for the body of a later update."""
    told = [[one.path, one.other] for one in clashes if one.other]
    fitting = bisect_left(range(1, len(told) + 1), True, key=lambda number: not hide(_NAME, told[:number], _MAX_MARKER))
    return hide(_NAME, told[:fitting], _MAX_MARKER) if fitting else ""


def hidden_clashes(body: str) -> list[Clashing]:
    """Without lines, since those are others by now."""
    rows = reveal(_NAME, body)
    try:
        return [Clashing(str(path), 0, str(other)) for path, other in rows] if isinstance(rows, list) else []
    except (TypeError, ValueError):
        return []
