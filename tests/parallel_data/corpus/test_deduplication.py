"""Deduplication on disk decides as the filters of a book's parallel data do."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.memory.filters import Rules, decide
from bot.memory.pairs import Pair, PairStatus
from bot.model import TranslationUnit
from bot.parallel_data.corpus.deduplication import Deduplication


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))))
def test_repetitions_are_settled_as_in_the_parallel_data_of_a_book(texts: list[tuple[str, str]]) -> None:
    texts = [(f"the word {source}", f"la palabra {target}") for source, target in texts]
    repeated = Deduplication(Path(":memory:"))
    for number, (source, target) in enumerate(texts):
        repeated.add(number, source, target)
    fates = [repeated.status(number, *pair) for number, pair in enumerate(texts)]
    repeated.close()
    assert fates == decide([Pair(TranslationUnit(*pair, "")) for pair in texts], Rules(0.0, 1.0, 0))
    assert fates.count(PairStatus.KEPT) == len({source for source, _ in texts})
