"""Beads of sentences to beads of paragraphs: nothing is lost, and no paragraph is torn."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alignment.beads import paragraph_beads
from bot.documents import parse
from bot.model import Bead, Document, Language

ENGLISH = Language("en", "English")

sides = st.lists(st.integers(1, 3), max_size=5)


def document(sizes: list[int]) -> Document:
    """Paragraphs of so many sentences each."""
    paragraphs = [" ".join(f"Sentence {n} of number {p}." for n in range(size)) for p, size in enumerate(sizes)]
    return parse("\n\n".join(paragraphs), ENGLISH)


@given(sides, sides, st.data())
def test_every_sentence_is_in_one_bead_and_every_paragraph_is_whole(
    left: list[int], right: list[int], data: st.DataObject
) -> None:
    source, target = document(left), document(right)
    number = data.draw(st.integers(1, 6))
    places = st.lists(st.integers(0, number - 1), min_size=20, max_size=20)
    at, to = data.draw(places), data.draw(places)
    beads = [
        Bead(
            tuple(i for i in range(len(source.segments)) if at[i] == n),
            tuple(i for i in range(len(target.segments)) if to[i] == n),
            n / number,
        )
        for n in range(number)
    ]
    beads = [bead for bead in beads if bead.source or bead.target]
    found = paragraph_beads(source, target, beads)
    for one, segments in ((0, source.segments), (1, target.segments)):
        sides = [(bead.source, bead.target)[one] for bead in found]
        assert sorted(chain.from_iterable(sides)) == list(range(len(segments)))
        for side in sides:
            blocks = {segments[i].block for i in side}
            assert set(side) == {i for i, segment in enumerate(segments) if segment.block in blocks}
    assert all(0 <= bead.score <= 1 for bead in found)
    joined = {i: number for number, bead in enumerate(found) for i in bead.source}
    assert all(len({joined[i] for i in bead.source}) <= 1 for bead in beads)


def test_the_score_is_the_mean_of_the_sentences() -> None:
    source, target = document([2]), document([1, 1])
    beads = [Bead((0,), (0,), 0.5), Bead((1,), (1,), 1.0)]
    (found,) = paragraph_beads(source, target, beads)
    assert (found.source, found.target) == ((0, 1), (0, 1))
    assert found.score == pytest.approx(0.75)
