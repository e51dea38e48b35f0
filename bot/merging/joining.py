"""Two people's versions of one translation become one, sentence by sentence (diff3: Khanna, Kunal and Pierce 2007)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from typing import Any

from merge3 import Merge3

from bot.documents import parse
from bot.model import Language

# A sentence that is frequent (an empty list item) counts like any other.
_Matcher: Any = partial(SequenceMatcher, autojunk=False)


@dataclass(frozen=True, slots=True)
class Clash:
    """Both versions changed this: what stands now at `line` (from 1), and what gave way."""

    line: int
    kept: str
    other: str


@dataclass(frozen=True, slots=True)
class Joined:
    text: str
    clashes: tuple[Clash, ...]


def join(old: str, ours: str, theirs: str, language: Language) -> Joined:
    """`ours` with everything that `theirs` changed since `old`. Where both changed a sentence, ours stays and the clash
    is told. Text that one side alone changed is that side's, byte for byte."""
    base, mine, yours = (_pieces(text, language) for text in (old, ours, theirs))
    merger = Merge3(base, mine, yours, sequence_matcher=_Matcher)
    made: list[str] = []
    clashes: list[Clash] = []
    for kind, kept, other in _regions(merger, base, mine, yours):
        text = "".join(kept)
        if kind == "conflict":
            start = "".join(made) + text[: len(text) - len(text.lstrip())]
            clashes.append(Clash(start.count("\n") + 1, text.strip(), "".join(other).strip()))
        made.append(text)
    return Joined("".join(made), tuple(clashes))


def _pieces(text: str, language: Language) -> list[str]:
    """The text cut behind each segment: every piece is a segment with what leads to it, the last the tail."""
    ends = [segment.end for segment in parse(text, language).segments]
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]


Region = tuple[str, Sequence[str], Sequence[str]]


def _regions(merger: Any, old: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Region]:
    """`kept` or `conflict`, what stays and what gives way."""
    for kind, *ends in merger.merge_regions():
        start, end = ends[0], ends[1]
        if kind == "unchanged":
            yield "kept", old[start:end], ()
        elif kind == "b":
            yield "kept", theirs[start:end], ()
        elif kind == "conflict":
            yield from _conflict(old[start:end], ours[ends[2] : ends[3]], theirs[ends[4] : ends[5]])
        else:
            yield "kept", ours[start:end], ()


def _conflict(old: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Region]:
    """Neighbouring changes touch for diff3; where sentences correspond one to one they are looked at one by one."""
    if not len(old) == len(ours) == len(theirs):
        yield "conflict", ours, theirs
        return
    for was, mine, yours in zip(old, ours, theirs, strict=True):
        if mine in (was, yours):
            yield "kept", [yours], ()
        elif yours == was:
            yield "kept", [mine], ()
        else:
            yield "conflict", [mine], [yours]
