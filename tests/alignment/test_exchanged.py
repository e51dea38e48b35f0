"""Sentences that changed places though what took their place resembles them."""

from __future__ import annotations

import random

import numpy as np

from bot.alignment import align, learn_lexicon
from bot.alignment.crossing import Crossings, uncrossed
from bot.alignment.features import read_side
from bot.alignment.lexicon import Counts, count
from bot.alignment.tables import Link
from bot.documents import parse
from bot.model import Direction, Language

EN = Language("en", "English")
ES = Language("es", "Spanish", splitter="es")
WORDS = {f"{a}{b}{c}": f"{c}{b}{a}{b}" for a in "bdfglm" for b in "aeiou" for c in "nprst"}


def _lexicon_counts() -> Counts:
    """Each word in links enough, with others."""
    rng = random.Random(1)
    chosen = [rng.sample(sorted(WORDS), 3) for _ in range(1000)]
    return count([(frozenset(words), frozenset(WORDS[word] for word in words)) for words in chosen], 0.0)


def _exchanged(far: int) -> dict[int, tuple[int, ...]]:
    """Links of forty sentences of nine words, where every `far`th changed places with the one as far behind it, which
    has two thirds of its words."""
    rng = random.Random(far)
    sentences = [rng.sample(sorted(WORDS), 9) for _ in range(40)]
    order = list(range(40))
    for k in range(0, 40 - far, 2 * far):
        sentences[k + far][:6] = sentences[k][:6]
        order[k], order[k + far] = order[k + far], order[k]
    source = " ".join("The " + " ".join(words) + "." for words in sentences)
    target = " ".join("El " + " ".join(WORDS[word] for word in sentences[k]) + "." for k in order)
    beads = align(parse(source, EN), parse(target, ES), Direction(EN, ES), lexicon=learn_lexicon([_lexicon_counts()]))
    return {order[bead.target[0]]: bead.source for bead in beads if bead.target}


def test_sentences_that_changed_places_within_a_paragraph_find_each_other() -> None:
    for far in (5, 9, 19):
        assert _exchanged(far) == {k: (k,) for k in range(40)}


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


def test_blocks_end_with_what_is_left_of_them() -> None:
    side = read_side(parse("One is here. Two is here. Three is here.\n\nFour is alone.", EN), EN)
    rest = side.without([0, 2, 3], 0)
    assert rest.taken.tolist() == [True, False, True, True]
    assert (rest.opens[1], rest.closes[1]) == (True, True)
    assert not side.taken.any()
