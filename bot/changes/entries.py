"""Entries of an opaque block that have names: the options of a directive, the keys of front matter, the terms of a
glossary. People may put them in an order of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from bot.changes.line_shapes import CodeLine

_GLOSSARY = re.compile(r"[ \t]*[`~:]{3,}[ \t]*\{glossary\}")


class _Entry(NamedTuple):
    """Lines `start` to `end` with the blank ones behind them that end at `stop`."""

    name: str
    start: int
    end: int
    stop: int


def in_order_of(own: Sequence[CodeLine], other: Sequence[CodeLine]) -> list[CodeLine]:
    """The lines of one version with its entries in the order in which another version has them. What only this one has
    stays behind the entry before it."""
    entries = _entries(own)
    places = {entry.name: k for k, entry in enumerate(_entries(other))}
    ranks: list[int] = []
    for entry in entries:
        ranks.append(places.get(entry.name, ranks[-1] if ranks else -1))
    if sorted(ranks) == ranks or len({entry.name for entry in entries}) < len(entries):
        return list(own)
    order = sorted(range(len(entries)), key=lambda k: (ranks[k], k))
    lines = list(own[: entries[0].start])
    for k, place in zip(order, entries, strict=True):
        # The blank lines between two entries stay where they are.
        lines += [*own[entries[k].start : entries[k].end], *own[place.end : place.stop]]
    return [*lines, *own[entries[-1].stop :]]


def _entries(lines: Sequence[CodeLine]) -> list[_Entry]:
    if not lines or lines[0].family != "opening":
        return []
    end = len(lines) - (lines[-1].family == "closing")
    if lines[0].text.strip() == "---":
        starts = [k for k in range(1, end) if lines[k].family == "key" and _is_outermost(lines[k], "")]
    elif _GLOSSARY.match(lines[0].text):
        # The block's own indentation is that of its last line.
        indent = lines[-1].text[: len(lines[-1].text) - len(lines[-1].text.lstrip())]
        starts = [k for k in range(1, end) if lines[k].family in ("text", "item") and _is_outermost(lines[k], indent)]
    else:
        starts = list(takewhile(lambda k: lines[k].family == "key", range(1, end)))
        end = starts[-1] + 1 if starts else end
    entries: list[_Entry] = []
    for start, stop in zip(starts, [*starts[1:], end], strict=False):
        last = stop
        while not lines[last - 1].text.strip():
            last -= 1
        name = lines[start].kind if lines[start].family == "key" else lines[start].text.strip()
        entries.append(_Entry(name, start, last, stop))
    return entries


def _is_outermost(line: CodeLine, indent: str) -> bool:
    return line.text.startswith(indent) and not line.text[len(indent) :][:1].isspace()
