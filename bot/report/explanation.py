"""The links between two documents, row by row, for a person who doubts a link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.alignment.ascending import longest_ascending
from bot.markup.visible import visible
from bot.model import Bead, Document, Kind, Segment
from bot.report.markdown import counted, shortened

SURE, LIKELY = 0.9, 0.6
"""The least scores of links that can be relied on, and of links that are more than a guess."""

# The part of a code cell or another opaque segment that is shown.
_MAX_LINES, _MAX_LINE_LENGTH = 4, 100


class Verdict(StrEnum):
    """How far a row can be trusted. A row with one side only is alone."""

    SURE = "sure"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class ExplanationPart:
    """A piece of a segment's text that is safe to show. A placeable is `shared` if the other side has it too, and
    `lacking` if the other side should have it but has not."""

    text: str
    shared: bool = False
    lacking: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """One segment: its first line in the document, and its text. `hidden` counts omitted lines of an opaque segment."""

    line: int
    parts: tuple[ExplanationPart, ...]
    hidden: int = 0

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """The `number`-th bead. `moved`: its translation is not in the order of the source."""

    number: int
    kind: Kind
    source: tuple[Passage, ...]
    target: tuple[Passage, ...]
    score: float
    moved: bool

    @property
    def is_linked(self) -> bool:
        return bool(self.source and self.target)

    @property
    def label(self) -> str:
        """The score in percent, rounded down: a link of 89.7% does not pass for a sure one."""
        return f"{int(self.score * 100)}%" if self.is_linked else Verdict.ALONE.value

    @property
    def notes(self) -> tuple[str, ...]:
        """The kind of a segment that is no prose, and "moved"."""
        return (*(() if self.kind.is_prose else (self.kind.value,)), *(("moved",) if self.moved else ()))

    @property
    def verdict(self) -> Verdict:
        if not self.is_linked:
            return Verdict.ALONE
        if self.score >= SURE:
            return Verdict.SURE
        return Verdict.LIKELY if self.score >= LIKELY else Verdict.DOUBTFUL


def explain(source: Document, target: Document, beads: Sequence[Bead]) -> tuple[ExplanationRow, ...]:
    """A row for each bead, in their order."""
    linked = [(k, bead.target[0]) for k, bead in enumerate(beads) if bead.source and bead.target]
    # Links outside the longest run that is in order on both sides.
    moved = {k for k, _ in linked} - {k for k, _ in longest_ascending(linked)}
    rows = []
    for k, bead in enumerate(beads):
        left, right = [source.segments[i] for i in bead.source], [target.segments[j] for j in bead.target]
        shared = _placeables(left) & _placeables(right) if left and right else None
        sides = [
            tuple(_passage(segment, document.text, shared) for segment in segments)
            for segments, document in ((left, source), (right, target))
        ]
        rows.append(ExplanationRow(k + 1, (left or right)[0].kind, sides[0], sides[1], bead.score, k in moved))
    return tuple(rows)


def summarize(rows: Sequence[ExplanationRow]) -> str:
    """The number of links by verdict, and of rows without a counterpart, in a sentence."""
    verdicts = Counter(row.verdict for row in rows)
    parts = [f"{verdicts[verdict]:,} {verdict.value}" for verdict in Verdict if verdict is not Verdict.ALONE]
    notes = {
        "without a translation": sum(not row.target for row in rows),
        "only in the translation": sum(not row.source for row in rows),
        "moved": sum(row.moved for row in rows),
    }
    links = f"{counted(len(rows) - verdicts[Verdict.ALONE], 'link')} ({', '.join(parts)})"
    return "; ".join([links, *(f"{number:,} {note}" for note, number in notes.items() if number)])


def location(passages: Sequence[Passage]) -> str:
    """The lines on which the passages begin: `12` or `12–14`."""
    lines = [passage.line for passage in passages]
    return "" if not lines else str(lines[0]) if lines[0] == lines[-1] else f"{lines[0]}–{lines[-1]}"


def printable(text: str) -> str:
    """With an escape in the place of each character that must not reach a page or a terminal."""
    return visible(text.replace("\r\n", "\n"))


def _placeables(segments: Iterable[Segment]) -> Counter[str]:
    return Counter("".join(placeable.text.split()) for segment in segments for placeable in segment.placeables)


def _passage(segment: Segment, text: str, shared: Counter[str] | None) -> Passage:
    """A segment of `text`. `shared` are the placeables of both sides, None for a segment without a counterpart."""
    line = text.count("\n", 0, segment.start) + 1
    if segment.is_prose:
        return Passage(line, tuple(_parts(segment, shared)))
    lines = printable(segment.text).rstrip().split("\n")
    shown = lines if len(lines) <= _MAX_LINES + 1 else lines[:_MAX_LINES]
    beginning = "\n".join(shortened(line, _MAX_LINE_LENGTH) for line in shown)
    return Passage(line, (ExplanationPart(beginning),), len(lines) - len(shown))


def _parts(segment: Segment, shared: Counter[str] | None) -> Iterable[ExplanationPart]:
    at = 0
    for placeable in segment.placeables:
        start = segment.text.find(placeable.text, at)
        if start < 0 or not placeable.text:
            continue
        if start > at:
            yield ExplanationPart(printable(segment.text[at:start]))
        is_shared = shared is not None and "".join(placeable.text.split()) in shared
        lacking = shared is not None and not is_shared
        yield ExplanationPart(printable(placeable.text), shared=is_shared, lacking=lacking)
        at = start + len(placeable.text)
    if at < len(segment.text):
        yield ExplanationPart(printable(segment.text[at:]))
