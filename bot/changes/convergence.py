"""What the translation has already of what the English adds: nothing is added twice, and what may be twice is told."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.alignment import align
from bot.alignment.opaque import essence
from bot.documents import directive_pairs, is_tab
from bot.model import Action, Bead, Direction, Document, Kind, Operation, Segment, Versions

_NOT_FOUND = "its English changed; its translation was not found, it may be among the words that stand here"
# Shorter code and formulas may stand in two places by chance.
_MIN_TELLING_LENGTH = 12
# The least score of a link between new English and people's sentence without English that is worth a person's look; in
# a directive that both sides have, less is enough.
_MIN_ECHO_SCORE, _MIN_INSIDE_SCORE = 0.5, 0.25


@dataclass(frozen=True, slots=True)
class Convergence:
    """By segment of the new English, the segment of the translation that translators added by hand: the same one in
    `by_hand`; in `echoes`, by segment of the translation, a sentence that may be its translation."""

    by_hand: dict[int, int]
    echoes: dict[int, int]


def find_convergence(
    fresh: Sequence[int],
    documents: Versions[Document],
    beads: Sequence[Bead],
    units: Sequence[Operation],
    direction: Direction,
) -> Convergence:
    """For the segments `fresh` of the new English, which no unit has. The same one is a label, an image, a formula,
    code but for its comments, words that stand in English, a tab, and what a link says inside such a tab.
    It stands between the same neighbours, or is too telling to stand anywhere else by chance."""
    new, target = documents.new, documents.target
    free = [t for bead in beads if not bead.source for t in bead.target]
    if not fresh or not free:
        return Convergence({}, {})
    gaps = _Gaps(units, len(target.segments))
    by_hand = _same_segments(fresh, new, target, free, gaps)
    inside = _same_directives(fresh, new, target, free, gaps)
    for (opening, closing), (first, last) in inside:
        by_hand |= {opening: first, closing: last}
    taken = set(by_hand.values())
    added = {n for n in fresh if n not in by_hand and new.segments[n].is_prose and new.segments[n].has_words}
    echoes = {}
    for n, t, score in _linked(added, new, target, {t for t in free if t not in taken}, direction):
        if any(here[0] < n < here[1] and there[0] < t < there[1] for here, there in inside):
            by_hand[n] = t
        elif score >= _MIN_ECHO_SCORE:
            echoes[t] = n
    return Convergence(by_hand, echoes)


def name_omissions(units: Sequence[Operation], target: Document, beads: Sequence[Bead]) -> list[Operation]:
    """The units; where English without a translation changed, and people's words without English stand in its place,
    with the reason that these words may be its translation."""
    gaps = _Gaps(units, len(target.segments))
    free = sorted(t for bead in beads if not bead.source for t in bead.target if target.segments[t].is_prose)

    def is_named(op: Operation) -> bool:
        if op.action is not Action.LEFT or not op.new or op.target:
            return False
        low, high = gaps.around(op.new[0])
        return bisect_right(free, low) < bisect_left(free, high)

    return [replace(op, reason=_NOT_FOUND) if is_named(op) else op for op in units]


class _Gaps:
    """Where between the staying units a segment of the new English belongs in the translation."""

    def __init__(self, units: Sequence[Operation], size: int) -> None:
        staying = [op for op in units if op.new and op.target and not op.leaves_its_place]
        placed = sorted((op.new[0], min(op.target), max(op.target)) for op in staying)
        self._places = [at for at, _, _ in placed]
        self._lows = [-1, *accumulate((last for _, _, last in placed), max)]
        self._highs = [size, *accumulate((first for _, first, _ in reversed(placed)), min)][::-1]

    def around(self, n: int) -> tuple[int, int]:
        """The segments of the translation between which a segment of the new English belongs, exclusive."""
        return self._lows[bisect_left(self._places, n)], self._highs[bisect_right(self._places, n)]

    def holds(self, n: int, t: int) -> bool:
        low, high = self.around(n)
        return low < t < high


def _same_segments(
    fresh: Sequence[int], new: Document, target: Document, free: Sequence[int], gaps: _Gaps
) -> dict[int, int]:
    candidates: defaultdict[Hashable, list[int]] = defaultdict(list)
    for t in free:
        if target.segments[t].kind not in (Kind.DIRECTIVE, Kind.RULE):
            candidates[_key(target.segments[t])].append(t)
    found: dict[int, int] = {}
    for n in fresh:
        same = candidates.get(_key(new.segments[n]), [])
        near = [t for t in same if gaps.holds(n, t)] or (same if _is_telling(new.segments[n]) else [])
        if near:
            found[n] = near[0]
            same.remove(near[0])
    return found


def _same_directives(
    fresh: Sequence[int], new: Document, target: Document, free: Sequence[int], gaps: _Gaps
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The tabs of both sides that nobody else's lines belong to, as pairs of their lines. Other directives have no
    name of their own: two notes are two notes."""
    theirs: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    free_lines, fresh_lines = set(free), set(fresh)
    for pair in sorted(directive_pairs(target)):
        if free_lines.issuperset(pair):
            theirs[target.segments[pair[0]].text].append(pair)
    found = []
    for ours in (pair for pair in directive_pairs(new) if fresh_lines.issuperset(pair)):
        text = new.segments[ours[0]].text
        if not is_tab(text):
            continue
        low, high = gaps.around(ours[0])
        same = theirs[text]
        near = same[bisect_right(same, (low, high)) : bisect_left(same, (high, 0))]
        theirs_too = next((pair for pair in near if all(map(gaps.holds, ours, pair))), None)
        if theirs_too is not None:
            same.remove(theirs_too)
            found.append((ours, theirs_too))
    return found


def _linked(
    added: Collection[int], new: Document, target: Document, free: Collection[int], direction: Direction
) -> list[tuple[int, int, float]]:
    """Pairs of new sentences and sentences of the translation without English, with the score of their link."""
    prose = {t for t in free if target.segments[t].is_prose and target.segments[t].has_words}
    if not prose or not added:
        return []
    return [
        (bead.source[0], bead.target[0], bead.score)
        for bead in align(new, target, direction)
        if len(bead.source) == len(bead.target) == 1 and bead.score >= _MIN_INSIDE_SCORE
        if bead.source[0] in added and bead.target[0] in prose
    ]


def _key(segment: Segment) -> Hashable:
    return ("prose", segment.text) if segment.is_prose else (segment.kind, essence(segment.text, segment.kind))


def _is_telling(segment: Segment) -> bool:
    if segment.kind in (Kind.CODE, Kind.MATH):
        return len(essence(segment.text, segment.kind).text) >= _MIN_TELLING_LENGTH
    return segment.kind in (Kind.LABEL, Kind.IMAGE)
