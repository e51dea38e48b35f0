"""How well two opaque segments (code, formulas, labels, images, directives, markup) match, whatever the language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from bot.alignment.search import Array
from bot.model import Kind, Segment

_TAB = re.compile(r"^[ \t]*(?:#@|%%)tab[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_CELL_NUMBER = re.compile(r"\bn=\d+")
_WORDS_IN_CODE = re.compile(
    r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(?:#|//|%%|--)[^\n]*'
)
_ADDRESS = re.compile(r"\]\(\s*<?([^\s>)]*)|^!?\[.*\]\[(.*)\]$")
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
    """Code without comments and strings, an image's address, anything else without white space."""
    if kind is Kind.CODE:
        first, _, body = segment_text.partition("\n")
        tabs = frozenset(tab.strip() for found in _TAB.findall(body) for tab in found.split(",") if tab.strip())
        bare = _squeezed(_WORDS_IN_CODE.sub('""', body)) or _squeezed(body)
        return Essence(kind + _squeezed(_CELL_NUMBER.sub("", first)).strip("`~{}"), tabs, bare)
    if kind is Kind.IMAGE:
        match = _ADDRESS.search(segment_text)
        return Essence(kind, frozenset(), (match[1] or match[2] or segment_text) if match else segment_text)
    if kind is Kind.DIRECTIVE:
        return Essence(kind + _squeezed(segment_text.partition("\n")[0]), frozenset(), _squeezed(segment_text))
    if kind is Kind.LABEL:
        return Essence(kind + segment_text.partition("`")[0], frozenset(), segment_text.strip())
    return Essence(kind, frozenset(), _squeezed(segment_text))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def same_frameworks(source: frozenset[str], target: frozenset[str]) -> bool:
    """Whether cells of these tabs can be counterparts: a book may add a framework to a cell or split `all` into several,
    but a cell of one framework is never the translation of another's."""
    if source == target or source & target:
        return True
    one, other = (source, target) if _ALL in source else (target, source)
    return _ALL in one and len(other) > 1


def opaque_gains(source: Sequence[Segment], target: Sequence[Segment], population: int) -> Array:
    """Log-odds of each pair of opaque segments (shape len(source) x len(target)), -inf where they can't be linked.

    Equal segments weigh more the rarer they are among `population` target segments.
    """
    gains = np.full((len(source), len(target)), _NEVER)
    rows = [essence(s.text, s.kind) for s in source]
    columns = [essence(t.text, t.kind) for t in target]
    frequency = Counter(columns)
    for family in {row.family for row in rows} & {column.family for column in columns}:
        at_i = [i for i, row in enumerate(rows) if row.family == family]
        at_j = [j for j, column in enumerate(columns) if column.family == family]
        similar = cdist([rows[i].text for i in at_i], [columns[j].text for j in at_j], scorer=fuzz.ratio) / 100.0
        for x, i in enumerate(at_i):
            for y, j in enumerate(at_j):
                if same_frameworks(rows[i].tabs, columns[j].tabs):
                    gains[i, j] = min(_HIGHEST, (float(similar[x, y]) - _EVEN) * _SLOPE)
                    if rows[i] == columns[j]:
                        gains[i, j] = np.log(population / frequency[columns[j]]) + 1.0
    return gains
