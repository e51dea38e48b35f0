"""A lexicon of many documents: learned, added up, and of use where a document alone teaches too little."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alignment import Counts, align, count_pair, learn_lexicon, read_features
from bot.alignment.lexicon import count, learn, total
from bot.documents import parse
from bot.model import Direction, Document, Language

EN = Language("en", "English")
ES = Language("es", "Spanish", length_ratio=1.12, splitter="es")
LANGUAGES = Direction(EN, ES)
WORDS = {"cat": "gato", "dog": "perro", "house": "casa", "river": "costa", "stone": "roca", "bread": "torta"}
PAIRS = st.lists(st.lists(st.sampled_from(sorted(WORDS)), min_size=1, max_size=3), min_size=1, max_size=8)


def _counts(sentences: list[list[str]]) -> Counts:
    return count([(frozenset(words), frozenset(WORDS[word] for word in words)) for words in sentences], 0.0)


def _pair(seed: int, size: int) -> tuple[Document, Document]:
    """Sentences of three words each, in paragraphs of their own."""
    rng = random.Random(seed)
    chosen = [rng.sample(sorted(WORDS), 3) for _ in range(size)]
    source = "\n\n".join("The {} saw a {} with the {}.".format(*words) for words in chosen)
    target = "\n\n".join("El {} vio un {} con el {}.".format(*(WORDS[w] for w in words)) for words in chosen)
    return parse(source, EN), parse(target, ES)


def test_words_that_translate_each_other_are_learned_from_linked_sentences() -> None:
    lexicon = learn_lexicon(count_pair(read_features(*_pair(seed, 30), LANGUAGES)) for seed in range(3))
    pairs = dict(zip(lexicon.source, lexicon.target, strict=True))
    assert {word: pairs.get(word) for word in WORDS} == WORDS


def test_each_word_is_in_one_pair_only() -> None:
    """`felino` stands beside `cat` often enough, but `cat` already has a translation."""
    texts = [("cat", "gato")] * 5 + [("cat", "gato felino")] * 5 + [("dog", "perro")] * 20
    lexicon = learn(count([(frozenset(source.split()), frozenset(target.split())) for source, target in texts], 0.0))
    assert dict(zip(lexicon.source, lexicon.target, strict=True)) == {"cat": "gato", "dog": "perro"}
    assert len(lexicon.source) == 2


def test_words_that_stand_together_once_are_not_counted_as_a_pair() -> None:
    texts = [("cat", "gato"), ("cat", "perro"), ("dog", "gato"), ("dog", "perro"), ("dog", "perro")]
    counts = count([(frozenset({source}), frozenset({target})) for source, target in texts], 0.0)
    pairs = [(counts.source[i], counts.target[j]) for i, j in zip(counts.rows, counts.columns, strict=True)]
    assert (pairs, counts.together.tolist()) == ([("dog", "perro")], [2])


@settings(max_examples=40, deadline=None)
@given(st.lists(PAIRS, min_size=1, max_size=4), st.randoms())
def test_the_order_of_the_documents_does_not_matter(documents: list[list[list[str]]], rng: random.Random) -> None:
    shuffled = rng.sample(documents, len(documents))
    one, other = (learn(total(map(_counts, found))) for found in (documents, shuffled))
    assert (one.source, one.target) == (other.source, other.target)
    assert np.array_equal(one.rates, other.rates)


@settings(max_examples=40, deadline=None)
@given(st.lists(PAIRS, min_size=1, max_size=4))
def test_counts_of_documents_add_up(documents: list[list[list[str]]]) -> None:
    parts = [_counts(found) for found in documents]
    summed = total(parts)
    assert summed.links == sum(map(len, documents))
    frequencies = dict(zip(summed.source, summed.source_counts.tolist(), strict=True))
    for word in WORDS:
        assert frequencies.get(word, 0) == sum(word in words for found in documents for words in found)


def test_the_lexicon_of_a_book_tells_a_dropped_sentence_from_its_neighbour() -> None:
    book = learn_lexicon(count_pair(read_features(*_pair(seed, 40), LANGUAGES)) for seed in range(3))
    source = parse("The cat saw a dog with the bread.\n\nThe river saw a stone with the house.", EN)
    target = parse("El orilla vio un piedra con el casa.", ES)
    beads = align(source, target, LANGUAGES, lexicon=book)
    assert [(bead.source, bead.target) for bead in beads] == [((0,), ()), ((1,), (0,))]


def test_no_documents_teach_nothing() -> None:
    empty = learn_lexicon([])
    assert list(empty.source) == []
    source, target = _pair(1, 4)
    assert align(source, target, LANGUAGES, lexicon=empty)
