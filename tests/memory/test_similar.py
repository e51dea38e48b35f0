"""The index of similar texts: what it finds is what comparing all texts finds."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from bot.memory import TranslationMemory
from bot.memory.similar import SimilarTexts
from bot.model import TranslationUnit

WORDS = [left + right for left in ("ka", "ri", "mo", "tel", "sun", "pra") for right in ("ne", "lo", "vit", "dar", "s")]


def sentences(number: int, seed: int) -> list[str]:
    dice = random.Random(seed)
    return list(dict.fromkeys(" ".join(dice.choices(WORDS, k=dice.randint(3, 12))) + "." for _ in range(number)))


def edited(text: str, dice: random.Random) -> str:
    words = text.split(" ")
    words[dice.randrange(len(words))] = dice.choice(WORDS)
    return " ".join(words)


def exhaustive(text: str, texts: list[str], floor: float) -> list[float]:
    rows = process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=floor * 100, limit=3)
    return [score / 100 for _, score, _ in rows]


def test_a_large_index_finds_what_the_exhaustive_search_finds() -> None:
    texts, dice = sentences(3000, 1), random.Random(2)
    index = SimilarTexts(texts)
    asked = [edited(text, dice) for text in dice.sample(texts, 200)]
    found = [index.find(text, 0.75, 3) for text in asked]
    truth = [exhaustive(text, texts, 0.75) for text in asked]
    best = [(mine[0][1] if mine else 0.0, theirs[0]) for mine, theirs in zip(found, truth, strict=True) if theirs]
    assert len(best) > 150
    assert sum(mine == theirs for mine, theirs in best) >= 0.99 * len(best)
    assert all(fuzz.ratio(text, texts[i]) / 100 == near for text, m in zip(asked, found, strict=True) for i, near in m)


@given(st.lists(st.text(max_size=12), max_size=20), st.text(max_size=12))
def test_a_small_index_is_exact_for_any_text(texts: list[str], asked: str) -> None:
    found = SimilarTexts(texts).find(asked, 0.6, 3)
    assert [near for _, near in found] == (exhaustive(asked, texts, 0.6) if asked else [])


def test_a_large_index_takes_any_text() -> None:
    index = SimilarTexts(["", "\0", "x", "\U0001f600", "一条河很长。", *sentences(600, 3)])
    assert index.find("", 0.75, 3) == []
    assert index.find("一条河很短。", 0.75, 1) == [(4, fuzz.ratio("一条河很短。", "一条河很长。") / 100)]
    assert index.find("x", 0.75, 1) == [(2, 1.0)]
    assert index.find("qqqqqqqqqq", 0.75, 3) == []


def test_a_memory_of_a_whole_book_offers_the_nearest_sentence() -> None:
    texts = sentences(2000, 4)
    memory = TranslationMemory([TranslationUnit(text, f"#{i}", "a.md") for i, text in enumerate(texts)])
    (match,) = memory.fuzzy(texts[1234] + "..", limit=1)
    assert (match.source, match.target) == (texts[1234], "#1234")
