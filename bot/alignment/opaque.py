"""How well two opaque segments (code, formulas, labels, images, directives, markup) match, whatever the language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from bot.alignment.tables import Array
from bot.model import Kind, Segment

_TAB = re.compile(r"^[ \t]*(?:#@|%%)tab[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_CELL_NUMBER = re.compile(r"\bn=\d+")
_WORDS_IN_CODE = re.compile(
    r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(?:#|//|%%|--)[^\n]*'
)
_ADDRESS = re.compile(r"\]\(\s*<?([^\s>)]*)|^!?\[.*\]\[(.*)\]$")
# The name and the argument of a directive, ```` ```{figure} a.png ```` or `:::note`; a title there is translated.
_NAME = r"[A-Za-z][\w:+.-]*"
_NAMED = re.compile(rf"[ \t]*(?:[`~:]{{3,}}[ \t]*\{{(?={_NAME}\}})|:{{3,}}[ \t]*)({_NAME})\}}?[ \t]*(.*?)[ \t]*$")
_ADDRESS_ALONE = re.compile(r"[!-~]*[./][!-~]*$")
_ALL = "all"

# Of two segments of a kind, how likely a similarity of 0..1 is for counterparts rather than strangers, as log-odds:
# at `even` it says nothing, and each further 0.1 is worth `slope` / 10. Short labels resemble each other by chance.
_EVEN, _SLOPE, _HIGHEST = 0.6, 20.0, 6.0
_NEVER = -np.inf


@dataclass(frozen=True, slots=True)
class Essence:
    """What of an opaque segment survives translation. Only segments of one `family` can be counterparts."""

    family: str
    tabs: frozenset[str]
    text: str


@lru_cache(maxsize=4096)
def essence(segment_text: str, kind: Kind) -> Essence:
    """Code without comments and strings, an image's address, a directive without its title, anything else without
    white space."""
    first, _, body = segment_text.partition("\n")
    named = _NAMED.match(first)
    if kind is Kind.CODE:
        tabs = frozenset(tab.strip() for found in _TAB.findall(body) for tab in found.split(",") if tab.strip())
        bare = _squeezed(_WORDS_IN_CODE.sub('""', body)) or _squeezed(body)
        info = named[1] if named else _squeezed(_CELL_NUMBER.sub("", first)).strip("`~{}")
        return Essence(kind + info, tabs, bare)
    if kind is Kind.IMAGE:
        match = _ADDRESS.search(segment_text)
        return Essence(kind, frozenset(), (match[1] or match[2] or segment_text) if match else segment_text)
    if kind is Kind.DIRECTIVE and named:
        address = named[2] if _ADDRESS_ALONE.match(named[2]) else ""
        return Essence(kind + named[1], frozenset(), _squeezed(named[1] + address + body))
    if kind is Kind.DIRECTIVE:
        return Essence(kind + _squeezed(first), frozenset(), _squeezed(segment_text))
    if kind is Kind.LABEL:
        return Essence(kind + segment_text.partition("`")[0], frozenset(), segment_text.strip())
    return Essence(kind, frozenset(), _squeezed(segment_text))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def same_frameworks(source: frozenset[str], target: frozenset[str]) -> bool:
    """Whether cells of these tabs can be counterparts. A translation may add a framework to a cell or list
    some in place of `all`, but a cell of one framework is never the translation of another's."""
    if source == target or source & target:
        return True
    one, other = (source, target) if _ALL in source else (target, source)
    return _ALL in one and len(other) > 1


def opaque_gains(source: Sequence[Segment], target: Sequence[Segment], population: int) -> Array:
    """Log-odds of each pair of opaque segments (shape len(source) x len(target)), -inf where they can't be linked.

    Equal segments weigh more the longer they are, and the rarer among `population` target segments.
    """
    rows, columns = [essence(s.text, s.kind) for s in source], [essence(t.text, t.kind) for t in target]
    frequency = Counter(columns)
    number = {found: k for k, found in enumerate(frequency)}
    same_row = np.array([number.get(row, -1) for row in rows])
    same_column = np.array([number[column] for column in columns])
    rarity = np.log([population / frequency[column] for column in columns])
    weight = np.array([min(_HIGHEST, len(column.text) / 4.0) for column in columns])
    gains = np.full((len(source), len(target)), _NEVER)
    for at_row, at_column in _comparable(rows, columns):
        texts = [rows[i].text for i in at_row], [columns[j].text for j in at_column]
        similar = cdist(*texts, scorer=fuzz.ratio, dtype=np.float64) / 100.0
        gains[np.ix_(at_row, at_column)] = np.minimum(_HIGHEST, (similar - _EVEN) * _SLOPE)
    equal = same_row[:, None] == same_column[None, :]
    return np.where(equal, (rarity + weight)[None, :], gains)


def _comparable(rows: Sequence[Essence], columns: Sequence[Essence]) -> Iterator[tuple[list[int], list[int]]]:
    """Indices of the rows and columns that can be counterparts, a rectangle at a time."""
    at_row, at_column = _grouped(rows), _grouped(columns)
    for (family, tabs), found in at_row.items():
        for (other_family, other_tabs), others in at_column.items():
            if family == other_family and same_frameworks(tabs, other_tabs):
                yield found, others


def _grouped(items: Sequence[Essence]) -> dict[tuple[str, frozenset[str]], list[int]]:
    groups: dict[tuple[str, frozenset[str]], list[int]] = {}
    for k, item in enumerate(items):
        groups.setdefault((item.family, item.tabs), []).append(k)
    return groups
