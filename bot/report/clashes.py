"""What people changed on two sides at once: on the pull request's branch and on the branch it goes into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.report.markdown import code_block, code_span, fitted


@dataclass(frozen=True, slots=True)
class Clashing:
    """A place in the translation, and the words of the other side that gave way to what stands there; `line` 0 is the
    file as a whole."""

    path: str
    line: int
    other: str


def clashes_section(clashes: Sequence[Clashing], base: str, room: int) -> str:
    """Every one with the words that gave way; empty where there are none."""
    entries = [
        f"{code_span(one.path)}{f', line {one.line}' if one.line else ''}:\n\n{code_block(one.other)}"
        for one in clashes
    ]
    title = f"## Changed here and on {code_span(base)}"
    told = "What stands in the files was kept; these words gave way to it. Take of them what should stay:"
    return f"{title}\n\n{told}\n\n{fitted(entries, room, chr(10) * 2)}" if entries else ""
