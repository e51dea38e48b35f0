"""The search against a count of all paths, and what changed places."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alignment import align
from bot.alignment.search import best_links, best_path
from bot.alignment.tables import Link, Shape, Table
from bot.documents import parse
from bot.model import Direction, Document, Language

EN = Language("en", "English")
ES = Language("es", "Spanish", length_ratio=1.12, splitter="es")
SHAPES: tuple[Shape, ...] = ((1, 1), (2, 1), (1, 2), (2, 2))
GAINS = st.one_of(st.just(-np.inf), st.floats(-6.0, 6.0))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    n, m = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    gains = {
        (a, b): np.array([[draw(GAINS) for _ in range(m - b + 1)] for _ in range(n - a + 1)])
        for a, b in SHAPES
        if a <= n and b <= m
    }
    costs = [np.array([draw(st.floats(-4.0, -0.2)) for _ in range(size)]) for size in (n, n, m, m)]
    return Table((n, m), gains, costs[0], costs[1], costs[2], costs[3])


def paths(table: Table, i: int = 0, j: int = 0, state: Shape = (1, 1)) -> Iterator[tuple[float, list[Link]]]:
    """Every path from (i, j) with its weight. A source run does not follow a target run, so that each set of beads has
    one path."""
    n, m = table.size
    if (i, j) == (n, m):
        yield 0.0, []
    for (a, b), gain in table.gains.items():
        if i + a <= n and j + b <= m and gain[i, j] > -np.inf:
            for weight, rest in paths(table, i + a, j + b):
                yield weight + gain[i, j], [Link(i, j, (a, b)), *rest]
    if i < n and state != (0, 1):
        cost = table.extend_source[i] if state == (1, 0) else table.open_source[i]
        for weight, rest in paths(table, i + 1, j, (1, 0)):
            yield weight + cost, [Link(i, j, (1, 0)), *rest]
    if j < m:
        cost = table.extend_target[j] if state == (0, 1) else table.open_target[j]
        for weight, rest in paths(table, i, j + 1, (0, 1)):
            yield weight + cost, [Link(i, j, (0, 1)), *rest]


@settings(max_examples=60, deadline=None)
@given(tables())
def test_the_path_is_the_best_of_all_and_each_bead_has_its_share_of_them(table: Table) -> None:
    every = list(paths(table))
    total = log(sum(exp(weight) for weight, _ in every))
    found = best_links(table)
    assert [(x.source, x.target, x.shape) for x in found] == [(x.source, x.target, x.shape) for x in best_path(table)]
    chosen = {(x.source, x.target, x.shape) for x in found}
    best = max(weight for weight, _ in every)
    mine = max(w for w, links in every if {(x.source, x.target, x.shape) for x in links} == chosen)
    assert mine == pytest.approx(best)
    for link in found:
        share = sum(exp(weight - total) for weight, links in every if any(_is_same(link, x) for x in links))
        assert link.probability == pytest.approx(share)


def _is_same(link: Link, other: Link) -> bool:
    """The same bead; a segment without counterpart is the same wherever the run stands."""
    if link.shape != other.shape:
        return False
    return (not link.shape[0] or link.source == other.source) and (not link.shape[1] or link.target == other.target)


SENTENCES = {
    "The cat sleeps on the red mat near the door.": "El gato duerme sobre la alfombra roja junto a la puerta.",
    "We call `train` with 20 epochs and look at $x$.": "Llamamos a `train` con 20 épocas y miramos $x$.",
    "Nobody knows `why` the value of $y$ is 7.": "Nadie sabe `why` el valor de $y$ es 7.",
    "At the end, the loss in `log.txt` falls below 3.": "Al final, la pérdida en `log.txt` baja de 3.",
    "Rivers carry sand to the sea in 1000 years.": "Los ríos llevan arena al mar en 1000 años.",
}


def _linked(source: str, target: str) -> dict[str, str]:
    left, right = parse(source, EN), parse(target, ES)
    beads = align(left, right, Direction(EN, ES))
    return {_joined(left, bead.source): _joined(right, bead.target) for bead in beads if bead.source}


def _joined(document: Document, indices: tuple[int, ...]) -> str:
    return " | ".join(document.segments[i].text for i in indices)


@pytest.mark.parametrize("order", [(0, 2, 1, 3, 4), (0, 1, 2, 4, 3)])
def test_two_sentences_that_changed_places_are_linked_crosswise(order: tuple[int, ...]) -> None:
    english, spanish = list(SENTENCES), list(SENTENCES.values())
    assert _linked(" ".join(english), " ".join(spanish[k] for k in order)) == SENTENCES


@pytest.mark.parametrize("order", [(3, 1, 2, 0, 4), (1, 2, 3, 0, 4)])
def test_paragraphs_that_changed_places_are_linked_across_the_others(order: tuple[int, ...]) -> None:
    english, spanish = list(SENTENCES), list(SENTENCES.values())
    found = _linked("\n\n".join(english), "\n\n".join(spanish[k] for k in order))
    assert {text: found[text] for text in english[1:4]} == {text: SENTENCES[text] for text in english[1:4]}
