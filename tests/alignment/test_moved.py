"""Sentences that changed places though what took their place resembles them."""

from __future__ import annotations

import random
from math import log

from bot.alignment import align, learn_lexicon
from bot.alignment.features import read_side
from bot.alignment.gains import build_table
from bot.alignment.lexicon import EMPTY_LEXICON, Counts, count, weigh
from bot.alignment.moved import link_moved
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


def test_a_weak_link_is_only_given_up_for_a_clearly_better_one() -> None:
    source = read_side(parse("We start here.\n\nThe dog of `x` sleeps.", EN), EN)
    target = read_side(parse("El perro de `x` duerme.\n\nEmpezamos por aquí.", ES), ES)
    odds = weigh(EMPTY_LEXICON, source.usage, target.usage)
    better = build_table(source, target, odds, [(1, 1)])[0].gains[1, 1][1, 0] - log(2)
    for gain, is_moved in ((better - 0.5, False), (better - 1.5, True)):
        weak, alone = Link(0, 0, (1, 1), gain), [Link(1, 1, (1, 0)), Link(1, 1, (0, 1))]
        links = link_moved(source, target, [weak, *alone], [], odds)
        assert ((1, 0) in {(link.source, link.target) for link in links if link.has_both_sides}) is is_moved
