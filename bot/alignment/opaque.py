"""The evidence for links between opaque segments: code, formulas, labels, images, directives, markup."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.alignment.likeness import likenesses
from bot.alignment.tables import NEVER, Array
from bot.documents import skeleton
from bot.model import Kind, Segment

_TAB = re.compile(r"^[ \t]*(?:#@|%%)tab[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_CELL_NUMBER = re.compile(r"\bn=\d+")
# Comments of most languages: cells are alike if all that may be words is left out.
_MAYBE_WORDS = re.compile(
    r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(?:#|//|%%|--)[^\n]*'
)
_STRING = re.compile(r"\"[^\"\n]*\"")
_ADDRESS = re.compile(r"\]\(\s*<?([^\s>)]*)|^!?\[.*\]\[(.*)\]$")
# The name and the argument of a directive, ```` ```{figure} a.png ```` or `:::note`. An argument is a title, which is
# translated, or an address, which is not.
_NAME = r"[A-Za-z][\w:+.-]*"
_NAMED = re.compile(rf"[ \t]*(?:[`~:]{{3,}}[ \t]*\{{(?={_NAME}\}})|:{{3,}}[ \t]*)({_NAME})\}}?[ \t]*(.*?)[ \t]*$")
_ADDRESS_ALONE = re.compile(r"[!-~]*[./][!-~]*$")
_ALL_FRAMEWORKS = "all"

# Log-odds of a similarity of 0..1 between two segments of a family: 0 at `_EVEN_SIMILARITY`, from there linear up to a
# limit. Short labels resemble each other by chance.
_EVEN_SIMILARITY, _GAIN_PER_SIMILARITY, _MAX_GAIN = 0.6, 20.0, 6.0
# Comments and front matter may be all words, which need not resemble their translation: their place tells more.
_MIN_GAIN_OF_WORDS = -4.0
_OF_WORDS = (Kind.COMMENT, Kind.METADATA)


@dataclass(frozen=True, slots=True)
class Essence:
    """The part of an opaque segment that translation keeps. Only segments of one `family` can be counterparts."""

    family: str
    tabs: frozenset[str]
    text: str


@lru_cache(maxsize=4096)
def essence(segment_text: str, kind: Kind) -> Essence:
    """Code without comments and strings, markup and text between fences without words, the address of an image, a
    directive without its title, anything else unchanged; all without white space."""
    first, _, body = segment_text.partition("\n")
    named = _NAMED.match(first)
    if kind is Kind.CODE:
        tabs = frozenset(tab.strip() for tabs in _TAB.findall(body) for tab in tabs.split(",") if tab.strip())
        bare = _squeezed(_MAYBE_WORDS.sub('""', skeleton(segment_text).partition("\n")[2])) or _squeezed(body)
        info = named[1] if named else _squeezed(_STRING.sub("", _CELL_NUMBER.sub("", first))).strip("`~{}")
        return Essence(kind + info, tabs, bare)
    if kind is Kind.IMAGE:
        match = _ADDRESS.search(segment_text)
        return Essence(kind, frozenset(), (match[1] or match[2] or segment_text) if match else segment_text)
    if kind is Kind.DIRECTIVE:
        if named:
            address = named[2] if _ADDRESS_ALONE.match(named[2]) else ""
            options = sorted(skeleton(segment_text).split("\n")[1:])
            return Essence(kind + named[1], frozenset(), _squeezed(named[1] + address + "".join(options)))
        return Essence(kind + _squeezed(first), frozenset(), _squeezed(segment_text))
    if kind is Kind.LABEL:
        return Essence(kind + segment_text.partition("`")[0], frozenset(), segment_text.strip())
    if kind is Kind.HTML:
        return Essence(kind, frozenset(), _squeezed(skeleton(segment_text)))
    return Essence(kind, frozenset(), _squeezed(segment_text))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def same_frameworks(source: frozenset[str], target: frozenset[str]) -> bool:
    """Whether cells of these tabs can be counterparts. A translation may add a framework to a cell or list some in the
    place of `all`, but the cell of one framework is never the translation of another's."""
    if source == target or source & target:
        return True
    return (_ALL_FRAMEWORKS in source and len(target) > 1) or (_ALL_FRAMEWORKS in target and len(source) > 1)


def opaque_gains(source: Sequence[Segment], target: Sequence[Segment], population: int) -> Array:
    """Log-odds of each pair of opaque segments (shape len(source) x len(target)), -inf if they can't be linked.

    Equal segments weigh more the longer they are, and the rarer they are among `population` target segments.
    """
    rows, columns = [essence(s.text, s.kind) for s in source], [essence(t.text, t.kind) for t in target]
    gains = np.full((len(source), len(target)), NEVER)
    row_groups, column_groups = _grouped(rows), _grouped(columns)
    for (family, tabs), at_row in row_groups.items():
        for (other_family, other_tabs), at_column in column_groups.items():
            if family == other_family and same_frameworks(tabs, other_tabs):
                texts = [rows[i].text for i in at_row], [columns[j].text for j in at_column]
                similar = likenesses(*texts, 0.0) / 100.0
                gain = (similar - _EVEN_SIMILARITY) * _GAIN_PER_SIMILARITY
                if family in _OF_WORDS:
                    gain = np.maximum(gain, _MIN_GAIN_OF_WORDS)
                gains[np.ix_(at_row, at_column)] = np.minimum(_MAX_GAIN, gain)
    frequencies = Counter(columns)
    numbers = {column: k for k, column in enumerate(frequencies)}
    equal = np.array([numbers.get(row, -1) for row in rows])[:, None] == [numbers[column] for column in columns]
    rarity = np.log([population / frequencies[column] for column in columns])
    weight = np.array([min(_MAX_GAIN, len(column.text) / 4.0) for column in columns])
    return np.where(equal, rarity + weight, gains)


def _grouped(items: Sequence[Essence]) -> Mapping[tuple[str, frozenset[str]], list[int]]:
    """The numbers of the items of each family and set of tabs."""
    groups: defaultdict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
    for k, item in enumerate(items):
        groups[item.family, item.tabs].append(k)
    return groups
