"""Neighbouring sentences that changed places, found in the beads that join them."""

from __future__ import annotations

import numpy as np

from bot.alignment.crossing import Crossings, uncrossed
from bot.alignment.features import TextSide, read_side
from bot.alignment.gains import build_table
from bot.alignment.lexicon import EMPTY_LEXICON, weigh
from bot.alignment.tables import Link, Shape
from bot.documents import parse
from bot.model import Language

EN = Language("en", "English")
TOGETHER = read_side(parse("One is here. Two is here.", EN), EN)
APART = read_side(parse("One is here.\n\nTwo is here.", EN), EN)


def crossed_gain(source: TextSide, target: TextSide) -> float:
    """The gain of two sentences that changed places."""
    shapes: list[Shape] = [(1, 1), (2, 2)]
    _, crossings = build_table(source, target, weigh(EMPTY_LEXICON, source.usage, target.usage), shapes)
    return float(crossings.gains[2, 2][0, 0])


def test_sentences_of_two_paragraphs_change_places_less_often_than_those_of_one() -> None:
    assert crossed_gain(APART, TOGETHER) < crossed_gain(TOGETHER, TOGETHER)
    assert crossed_gain(TOGETHER, APART) < crossed_gain(TOGETHER, TOGETHER)


def test_a_bead_of_two_sentences_becomes_crossed_links_only_where_that_gains_more() -> None:
    crossings = Crossings({(2, 2): np.array([[7.0]])}, {(2, 2): np.array([[0]])}, np.zeros((2, 2)))
    parallel = Link(0, 0, (2, 2), 8.0, 0.9)
    assert uncrossed(parallel, crossings) == [parallel]
    crossed = uncrossed(parallel._replace(gain=7.0), crossings)
    assert [(link.source, link.target, link.shape) for link in crossed] == [(0, 1, (1, 1)), (1, 0, (1, 1))]


def test_a_bead_of_three_sentences_in_another_order_becomes_three_links() -> None:
    single = np.full((4, 4), -5.0)
    single[[1, 2, 3], [3, 1, 2]] = 6.0
    found = uncrossed(Link(1, 1, (3, 3), 8.0, 0.9), Crossings({}, {}, single))
    assert [(link.source, link.target, link.shape) for link in found] == [
        (1, 3, (1, 1)),
        (2, 1, (1, 1)),
        (3, 2, (1, 1)),
    ]


def test_a_bead_of_three_sentences_stays_where_no_other_order_is_clearly_better() -> None:
    bead = Link(0, 0, (3, 3), 8.0, 0.9)
    for single in (6.0 * np.eye(3), 3.0 * np.eye(3)[[1, 2, 0]]):
        assert uncrossed(bead, Crossings({}, {}, single)) == [bead]
