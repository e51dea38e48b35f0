"""Pairs changed segments between two anchors of a diff; a sentence may have become two, or two one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from bot.alignment.likeness import likenesses
from bot.alignment.tables import Array, Flags
from bot.documents import directive_name
from bot.model import Bead, Document, Kind, Segment

Group = tuple[tuple[int, ...], tuple[int, ...]]
"""Segments of the base and what they became; one of the two sides has a single segment."""

# Below this likeness (0 to 100, normalised indel distance) a sentence is new rather than changed.
_MIN_LIKENESS = {
    Kind.MATH: 40.0,
    Kind.CODE: 35.0,
    Kind.IMAGE: 40.0,
    Kind.LABEL: 60.0,
    Kind.DIRECTIVE: 80.0,
    Kind.COMMENT: 30.0,
}
_MIN_PROSE_LIKENESS = 50.0
_LEAST_LIKENESS = 30.0  # of segments that are looked at at all
# Sentences that were divided or joined must be this much more like each other together than the best part alone is.
_MIN_GROUP_GAIN = 4.0
_MAX_GROUP = 3
_TAB = re.compile(r"[ \t]*(?:#[ \t]*@tab|%%tab)[ \t]+(.+)")


def best_groups(base: Document, new: Document, left: Sequence[int], right: Sequence[int]) -> list[Group]:
    """The groups in order with the greatest sum of likeness; segments that resemble nothing are in none."""
    values = _values(base, new, left, right)
    n, m = len(left), len(right)
    # The greatest sum from each pair of places on; a row at a time.
    best = np.zeros((n + 1, m + 1))
    for x in range(n - 1, -1, -1):
        best[x] = best[x + 1]
        for y, shapes in values.get(x, {}).items():
            best[x, y] = max(best[x, y], *(value + best[x + a, y + b] for (a, b), value in shapes))
        np.maximum.accumulate(best[x, ::-1], out=best[x, ::-1])
    groups: list[Group] = []
    x = y = 0
    while x < n and y < m:
        top, (a, b) = (best[x, y + 1], (0, 1)) if best[x, y + 1] > best[x + 1, y] else (best[x + 1, y], (1, 0))
        for shape, value in values.get(x, {}).get(y, ()):
            gain = value + best[x + shape[0], y + shape[1]]
            if gain >= top:
                top, (a, b) = gain, shape
        if a and b:
            groups.append((tuple(left[x : x + a]), tuple(right[y : y + b])))
        x, y = x + a, y + b
    return groups


def one_bead(beads: Sequence[Bead]) -> Bead:
    """The bead of all these; its score is that of the least certain."""
    if len(beads) == 1:
        return beads[0]
    source, target = {i for bead in beads for i in bead.source}, {i for bead in beads for i in bead.target}
    return Bead(tuple(sorted(source)), tuple(sorted(target)), min(bead.score for bead in beads))


def _values(
    base: Document, new: Document, left: Sequence[int], right: Sequence[int]
) -> dict[int, dict[int, list[tuple[tuple[int, int], float]]]]:
    """By place on the left and on the right the shapes of the groups that may begin there, with their likeness."""
    texts = [base.segments[i].text for i in left], [new.segments[j].text for j in right]
    single = likenesses(*texts, _LEAST_LIKENESS)
    values: defaultdict[int, dict[int, list[tuple[tuple[int, int], float]]]] = defaultdict(dict)
    single[~_may_pair([base.segments[i].kind for i in left], [new.segments[j].kind for j in right], single)] = 0.0
    for x, y in np.argwhere(single > 0).tolist():
        single[x, y] = value_of(base.segments[left[x]], new.segments[right[y]], single[x, y])
        if single[x, y]:
            values[x].setdefault(y, []).append(((1, 1), single[x, y]))
    for size in range(2, _MAX_GROUP + 1):
        for side, (document, places, own, other) in enumerate(
            ((new, right, texts[1], texts[0]), (base, left, texts[0], texts[1]))
        ):
            runs = [k for k in range(len(places) - size + 1) if _is_run_of_prose(document, places[k : k + size])]
            joined = [" ".join(own[k : k + size]) for k in runs]
            alike = likenesses(other, joined, _MIN_PROSE_LIKENESS)
            for at, run in np.argwhere(alike >= _MIN_PROSE_LIKENESS).tolist():
                x, y = (at, runs[run]) if side == 0 else (runs[run], at)
                shape = (1, size) if side == 0 else (size, 1)
                if not (base.segments[left[x]].is_prose and new.segments[right[y]].is_prose):
                    continue
                if alike[at, run] >= single[x : x + shape[0], y : y + shape[1]].max() + _MIN_GROUP_GAIN:
                    values[x].setdefault(y, []).append((shape, float(alike[at, run])))
    return values


def _may_pair(left: Sequence[Kind], right: Sequence[Kind], likeness: Array) -> Flags:
    """Marks the pairs that `value_of` may give a value to; most of those that are left out are of prose."""
    sides = [np.array([kind.is_prose for kind in side], dtype=bool) for side in (left, right)]
    marked: Flags = (likeness >= _MIN_PROSE_LIKENESS) | ~(sides[0][:, None] & sides[1][None, :])
    return marked


def _is_run_of_prose(document: Document, places: Sequence[int]) -> bool:
    """Whether these are sentences of one paragraph that follow each other."""
    segments = [document.segments[i] for i in places]
    follow = list(places) == list(range(places[0], places[0] + len(places)))
    return follow and segments[0].is_prose and len({segment.block for segment in segments}) == 1


def value_of(old: Segment, new: Segment, likeness: float) -> float:
    """The likeness of a pair whose kinds go together, if it is great enough, else 0."""
    if old.is_prose and new.is_prose and (old.kind is Kind.CELL) == (new.kind is Kind.CELL):
        return likeness if likeness >= _MIN_PROSE_LIKENESS else 0.0
    if old.kind is not new.kind:
        return 0.0
    # Cells of two frameworks are never revisions of each other; a cell that names none may belong to any.
    if old.kind is Kind.CODE and len({_cell_tab(old), _cell_tab(new), ""}) > 2:
        return 0.0
    least = _MIN_LIKENESS.get(old.kind, 50.0)
    if old.kind is Kind.DIRECTIVE and directive_name(old.text) == directive_name(new.text) != "":
        # Another title and other options make no other directive.
        return max(likeness, least)
    return likeness if likeness >= least else 0.0


def _cell_tab(segment: Segment) -> str:
    """The framework tab of a code cell, `""` if it names none."""
    lines = segment.text.splitlines()
    tab = _TAB.match(lines[1]) if len(lines) > 1 else None
    return tab[1].strip() if tab else ""
