"""Places that people changed on the pull request's branch and on its base branch at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from bot.report.hidden import hide, reveal
from bot.report.layout import BodyPart, ListEntry, item, quoted
from bot.report.markdown import code_span

_NAME, _MAX_MARKER = "clashes", 4_000


@dataclass(frozen=True, slots=True)
class Clashing:
    """A place in the translation, and the `other` branch's words, which were dropped there ("" if that branch
    deleted the text). `line` 0 is the file as a whole."""

    path: str
    line: int
    other: str


def clashes_part(clashes: Sequence[Clashing], base: str) -> BodyPart:
    """All clashes, each with the words that were dropped."""
    intro = (
        "People changed these places on both branches. The files have one branch's words; the other branch's words are"
        " listed here. Copy back the words that should stay:"
    )
    entries = (
        item(
            f"{code_span(clash.path)}{f', line {clash.line}' if clash.line else ''}",
            f":{quoted(clash.other)}" if clash.other else ": the other branch deleted this text",
        )
        for clash in clashes
    )
    return BodyPart(f"Changed here and on {code_span(base)}", tuple(map(ListEntry, entries)), "entry", 10, intro)


def hide_clashes(clashes: Sequence[Clashing]) -> str:
    """An HTML comment with the clashes that have words, for the body of a later update: see `hidden_clashes`."""
    rows = [[clash.path, clash.other] for clash in clashes if clash.other]
    fitting = bisect_left(range(1, len(rows) + 1), True, key=lambda number: not hide(_NAME, rows[:number], _MAX_MARKER))
    return hide(_NAME, rows[:fitting], _MAX_MARKER) if fitting else ""


def hidden_clashes(body: str) -> list[Clashing]:
    """The clashes in a body, without lines: other lines may stand there by now."""
    rows = reveal(_NAME, body)
    try:
        return [Clashing(str(path), 0, str(other)) for path, other in rows] if isinstance(rows, list) else []
    except (TypeError, ValueError):
        return []
