"""Pairs changed segments between two anchors of a diff; a sentence may have become two, or two one."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

from bot.documents import directive_name
from bot.model import Document, Kind, Segment

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
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    choice: dict[tuple[int, int], tuple[int, int]] = {}
    for x in range(n - 1, -1, -1):
        for y in range(m - 1, -1, -1):
            top, step = best[x + 1][y], (1, 0)
            if best[x][y + 1] > top:
                top, step = best[x][y + 1], (0, 1)
            for shape, value in values.get((x, y), ()):
                gain = value + best[x + shape[0]][y + shape[1]]
                if gain >= top:
                    top, step = gain, shape
            best[x][y], choice[x, y] = top, step
    groups: list[Group] = []
    x = y = 0
    while x < n and y < m:
        a, b = choice[x, y]
        if a and b:
            groups.append((tuple(left[x : x + a]), tuple(right[y : y + b])))
        x, y = x + a, y + b
    return groups


def _values(
    base: Document, new: Document, left: Sequence[int], right: Sequence[int]
) -> dict[tuple[int, int], list[tuple[tuple[int, int], float]]]:
    """By place on both sides the shapes of the groups that may begin there, with their likeness."""
    texts = [base.segments[i].text for i in left], [new.segments[j].text for j in right]
    single = cdist(*texts, scorer=ratio, score_cutoff=_LEAST_LIKENESS, dtype=np.float64)
    values: dict[tuple[int, int], list[tuple[tuple[int, int], float]]] = {}
    for x, y in np.argwhere(single > 0).tolist():
        single[x, y] = value_of(base.segments[left[x]], new.segments[right[y]], single[x, y])
        if single[x, y]:
            values.setdefault((x, y), []).append(((1, 1), single[x, y]))
    for size in range(2, _MAX_GROUP + 1):
        for side, (document, places, own, other) in enumerate(
            ((new, right, texts[1], texts[0]), (base, left, texts[0], texts[1]))
        ):
            runs = [k for k in range(len(places) - size + 1) if _is_run_of_prose(document, places[k : k + size])]
            joined = [" ".join(own[k : k + size]) for k in runs]
            alike = cdist(other, joined, scorer=ratio, score_cutoff=_MIN_PROSE_LIKENESS, dtype=np.float64)
            for at, run in np.argwhere(alike >= _MIN_PROSE_LIKENESS).tolist():
                x, y = (at, runs[run]) if side == 0 else (runs[run], at)
                shape = (1, size) if side == 0 else (size, 1)
                if not (base.segments[left[x]].is_prose and new.segments[right[y]].is_prose):
                    continue
                if alike[at, run] >= single[x : x + shape[0], y : y + shape[1]].max() + _MIN_GROUP_GAIN:
                    values.setdefault((x, y), []).append((shape, float(alike[at, run])))
    return values


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
