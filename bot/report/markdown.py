"""The Markdown of bodies: tables, lists that fit, and the inert forms of quoted text (see bot.markup.inert)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.markup.inert import code_block as code_block
from bot.markup.inert import code_span as code_span
from bot.markup.inert import escaped as escaped
from bot.markup.inert import literal as literal
from bot.markup.inert import plain as plain
from bot.markup.inert import subject as subject


def shortened(text: str, length: int) -> str:
    """At most `length` characters of the text."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def pull_link(number: int, location: str) -> str:
    """A pull request as a link, or the path of its folder."""
    return f"[#{number}]({location})" if "://" in location else code_span(location)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], numbers_from: int = 1) -> str:
    """A GFM table; the columns from `numbers_from` on are aligned to the right."""
    rule = ["---" if i < numbers_from else "---:" for i in range(len(header))]
    return "\n".join(table_row(row) for row in [header, rule, *rows])


def table_row(cells: Sequence[str]) -> str:
    # A bar ends a cell even inside code, and a backslash before it may itself be escaped: a look-alike is safe.
    return "| " + " | ".join(cell.replace("|", "¦") for cell in cells) + " |"


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`, `2 entries`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def fitted(entries: Sequence[str], room: int, between: str) -> str:
    """As many entries as fit into `room` characters, and the number of the others."""
    shown: list[str] = []
    for entry in entries:
        room -= len(entry) + len(between)
        if room < 0:
            break
        shown.append(entry)
    if len(shown) < len(entries):
        shown.append(f"{between}{len(entries) - len(shown):,} more do not fit here; `amts sync --json` lists all.")
    return between.join(shown)
