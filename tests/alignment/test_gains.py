"""The evidence that structure gives for and against a link."""

from __future__ import annotations

import numpy as np
import pytest

from bot.alignment.features import TextSide, read_side
from bot.alignment.gains import PRIORS, border_gain, build_table
from bot.alignment.lexicon import EMPTY_LEXICON, weigh
from bot.alignment.tables import Array, Link, Shape, Table
from bot.documents import parse
from bot.model import Language

EN = Language("en", "English")


def side(text: str) -> TextSide:
    return read_side(parse(text, EN), EN)


def table(source: TextSide, target: TextSide) -> Table:
    return build_table(source, target, weigh(EMPTY_LEXICON, source.usage, target.usage), PRIORS)[0]


def gains(source: str, target: str, shape: Shape = (1, 1)) -> Array:
    """Of beads of this shape between two texts."""
    return table(side(source), side(target)).gains[shape]


TOGETHER, APART = "One is here. Two is here.", "One is here.\n\nTwo is here."


@pytest.mark.parametrize(("source", "target"), [(TOGETHER, APART), (APART, TOGETHER)])
def test_sentences_that_begin_and_end_a_paragraph_alike_are_the_likelier_link(source: str, target: str) -> None:
    """The second sentence begins a paragraph on one side only, and the first ends one."""
    assert gains(source, target).max() < gains(source, source)[0, 0]
    left, right = side(source), side(target)
    assert border_gain(left, left, Link(0, 0, (2, 2))) > 0 > border_gain(left, right, Link(0, 0, (1, 1)))
    joined = side("One and two are here.")
    assert border_gain(left, joined, Link(0, 0, (2, 1))) == border_gain(left, left, Link(0, 0, (2, 2)))
    assert border_gain(joined, left, Link(0, 0, (1, 2))) == border_gain(left, left, Link(0, 0, (2, 2)))


def test_a_paragraph_border_inside_a_bead_speaks_against_it() -> None:
    joined = "One is here and two is here."
    assert gains(APART, joined, (2, 1))[0, 0] < gains(TOGETHER, joined, (2, 1))[0, 0]
    assert gains(joined, APART, (1, 2))[0, 0] < gains(joined, TOGETHER, (1, 2))[0, 0]


def test_two_paragraphs_may_become_one_sentence_but_not_three() -> None:
    assert gains(APART, "One and two are here.", (2, 1))[0, 0] > -np.inf
    assert gains(f"{TOGETHER} Three is here.", "All are here.", (3, 1))[0, 0] > -np.inf
    assert gains(f"{APART}\n\nThree is here.", "All are here.", (3, 1))[0, 0] == -np.inf


def test_an_omission_goes_on_within_a_paragraph_rather_than_beyond_it() -> None:
    costs = table(side("One is here. Two is here.\n\nThree is here."), side("One is here.")).extend_source
    assert costs[1] > costs[2]


def test_text_outside_of_tabs_may_belong_into_one_but_not_the_text_of_another_tab() -> None:
    tab = ":begin_tab:`{}`\nOne is here.\n:end_tab:"
    outside, other, same = (
        gains(text, tab.format("mxnet"))[k, 1]
        for text, k in (("One is here.", 0), (tab.format("pytorch"), 1), (tab.format("mxnet"), 1))
    )
    assert other < outside < same
