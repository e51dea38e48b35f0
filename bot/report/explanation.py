"""Which segment of a document was linked with which, row by row, for a person who doubts a link."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Bead, Document, Kind, Segment
from bot.report.markdown import counted

# From here on a link can be relied on; below the second it is a guess.
SURE, LIKELY = 0.9, 0.6
# Of code and other opaque segments, the lines that are shown, and the characters of a line.
_LINES, _WIDTH = 4, 100
# Control characters but for line breaks and tabs, halves of letters, and what turns around the order that text is read
# in: a page can't hold some, and a terminal would obey others.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Verdict(StrEnum):
    """How far a row can be trusted. What is alone has no counterpart."""

    SURE = "sure"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class ExplanationPart:
    """A stretch of text that is safe to show; `shared` where the other side has the same placeable, `lacking` where it
    should have it and has not."""

    text: str
    shared: bool = False
    lacking: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """One segment: the line of its document that it begins on, and its text; that of an opaque one is shortened, and
    `hidden` counts the lines that are left out."""

    line: int
    parts: tuple[ExplanationPart, ...]
    hidden: int = 0

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """A bead, the `number`-th. `moved`: its translation does not stand where the order of the source puts it."""

    number: int
    kind: Kind
    source: tuple[Passage, ...]
    target: tuple[Passage, ...]
    score: float
    moved: bool

    @property
    def verdict(self) -> Verdict:
        if not (self.source and self.target):
            return Verdict.ALONE
        if self.score >= SURE:
            return Verdict.SURE
        return Verdict.LIKELY if self.score >= LIKELY else Verdict.DOUBTFUL


def explain(source: Document, target: Document, beads: Sequence[Bead]) -> tuple[ExplanationRow, ...]:
    """A row for each bead, in their order."""
    moved = _moved(beads)
    starts = _line_starts(source.text), _line_starts(target.text)
    rows = []
    for k, bead in enumerate(beads):
        left, right = [source.segments[i] for i in bead.source], [target.segments[j] for j in bead.target]
        shared = _placeables(left) & _placeables(right)
        linked = bool(left and right)
        sides = [
            tuple(_passage(segment, lines, shared, linked=linked) for segment in segments)
            for segments, lines in zip((left, right), starts, strict=True)
        ]
        rows.append(ExplanationRow(k + 1, (left or right)[0].kind, sides[0], sides[1], bead.score, k in moved))
    return tuple(rows)


def summarize(rows: Sequence[ExplanationRow]) -> str:
    """What there is to look at, in a sentence."""
    verdicts = Counter(row.verdict for row in rows)
    links = len(rows) - verdicts[Verdict.ALONE]
    parts = [f"{verdicts[verdict]:,} {verdict.value}" for verdict in (Verdict.SURE, Verdict.LIKELY, Verdict.DOUBTFUL)]
    alone = [row for row in rows if row.verdict is Verdict.ALONE]
    untranslated = sum(bool(row.source) for row in alone)
    moved = sum(row.moved for row in rows)
    notes = [
        f"{untranslated:,} without a translation" if untranslated else "",
        f"{len(alone) - untranslated:,} only in the translation" if len(alone) > untranslated else "",
        f"{moved:,} moved" if moved else "",
    ]
    return "; ".join([f"{counted(links, 'link')} ({', '.join(parts)})", *filter(None, notes)])


def location(passages: Sequence[Passage]) -> str:
    """`12` or `12–14`: the lines on which the passages begin."""
    lines = [passage.line for passage in passages]
    return "" if not lines else str(lines[0]) if lines[0] == lines[-1] else f"{lines[0]}–{lines[-1]}"


def printable(text: str) -> str:
    """With a mark in the place of each character that must not reach a page or a terminal."""
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def _moved(beads: Sequence[Bead]) -> set[int]:
    """The links outside the longest run that is in order on both sides (patience sorting)."""
    linked = [(k, bead.target[0]) for k, bead in enumerate(beads) if bead.source and bead.target]
    ends: list[int] = []
    last: list[int] = []
    before: dict[int, int | None] = {}
    for k, place in linked:
        at = bisect_left(ends, place)
        before[k] = last[at - 1] if at else None
        ends[at : at + 1] = [place]
        last[at : at + 1] = [k]
    step = last[-1] if last else None
    kept = set()
    while step is not None:
        kept.add(step)
        step = before[step]
    return {k for k, _ in linked} - kept


def _placeables(segments: Iterable[Segment]) -> Counter[str]:
    return Counter("".join(placeable.text.split()) for segment in segments for placeable in segment.placeables)


def _passage(segment: Segment, starts: Sequence[int], shared: Counter[str], *, linked: bool) -> Passage:
    line = bisect_left(starts, segment.start + 1)
    if not segment.is_prose:
        text, hidden = _shortened(printable(segment.text))
        return Passage(line, (ExplanationPart(text),), hidden)
    return Passage(line, tuple(_parts(segment, shared, linked=linked)))


def _parts(segment: Segment, shared: Counter[str], *, linked: bool) -> Iterable[ExplanationPart]:
    at = 0
    for placeable in segment.placeables:
        start = segment.text.find(placeable.text, at)
        if start < 0 or not placeable.text:
            continue
        if start > at:
            yield ExplanationPart(printable(segment.text[at:start]))
        found = "".join(placeable.text.split()) in shared
        yield ExplanationPart(printable(placeable.text), shared=linked and found, lacking=linked and not found)
        at = start + len(placeable.text)
    if at < len(segment.text):
        yield ExplanationPart(printable(segment.text[at:]))


def _shortened(text: str) -> tuple[str, int]:
    """The first lines of an opaque segment, and how many are left out."""
    lines = text.rstrip().split("\n")
    shown = lines if len(lines) <= _LINES + 1 else lines[:_LINES]
    return "\n".join(line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…" for line in shown), len(lines) - len(
        shown
    )


def _line_starts(text: str) -> list[int]:
    """Where each line begins: a position is on the line whose number is the count of starts up to it."""
    return [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n")]
