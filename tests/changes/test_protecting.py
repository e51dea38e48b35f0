"""Sentences that people protected stand, whatever becomes of their English."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import pipeline
from bot.book.languages import known_language
from bot.memory import TranslationMemory
from bot.model import Action, Direction, Merge, Translation
from bot.pipeline import Texts

LANGUAGES = Direction(known_language("en"), known_language("zh"))
WORDS = ("tea", "water", "cup", "leaf", "pot", "milk", "sugar", "lemon", "spoon", "kettle", "steam", "saucer")
ENGLISH = [f"Sentence {n} tells of ${w}_{n}$ and of the `{w}` in kitchen {n}." for n, w in enumerate(WORDS)]
CHINESE = [f"第 {n} 句讲的是 ${w}_{n}$ 和第 {n} 间厨房里的 `{w}`。" for n, w in enumerate(WORDS)]


def merged(old: Sequence[str], new: Sequence[str], target: Sequence[str], kept: frozenset[str]) -> Merge:
    """One paragraph for each sentence; the engine says the same to all."""
    english, today, chinese = ("\n\n".join(side) + "\n" for side in (old, new, target))
    texts = Texts("a.md", english, today, chinese, kept)
    beads = pipeline.align_texts(texts, LANGUAGES).beads
    memory = TranslationMemory()
    requests = pipeline.list_requests(texts, beads, LANGUAGES, memory)
    answers = [Translation(f"机器说的话 {' '.join(request.placeables)}。") for request in requests]
    return pipeline.complete(texts, beads, LANGUAGES, memory, answers)


def changed(sentence: str) -> str:
    return sentence.replace("tells of", "speaks at length about").replace("kitchen", "the old kitchen")


def test_a_kept_sentence_stands_and_is_left_for_a_person() -> None:
    new = [*ENGLISH[:2], changed(ENGLISH[2]), *ENGLISH[3:]]
    assert CHINESE[2] not in merged(ENGLISH, new, CHINESE, frozenset()).text
    merge = merged(ENGLISH, new, CHINESE, frozenset({CHINESE[2]}))
    assert merge.text == "\n\n".join(CHINESE) + "\n"
    (left,) = merge.left
    assert (left.reason, left.source) == ("kept by people; its English changed", new[2])
    assert merge.characters == 0


def test_a_kept_sentence_keeps_its_formulas_and_code() -> None:
    new = [*ENGLISH[:2], ENGLISH[2].replace("$cup_2$", "$c_2$"), *ENGLISH[3:]]
    assert "$c_2$" in merged(ENGLISH, new, CHINESE, frozenset()).text
    assert merged(ENGLISH, new, CHINESE, frozenset({CHINESE[2]})).text == "\n\n".join(CHINESE) + "\n"


def test_a_kept_sentence_outlives_its_english() -> None:
    new = [*ENGLISH[:2], *ENGLISH[3:]]
    merge = merged(ENGLISH, new, CHINESE, frozenset({CHINESE[2]}))
    assert CHINESE[2] in merge.text
    assert [left.reason for left in merge.left] == ["kept by people; its English was deleted or moved apart"]


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(["same", "changed", "deleted"]), min_size=len(WORDS), max_size=len(WORDS)),
    st.sets(st.integers(0, len(WORDS) - 1)),
)
def test_whatever_changes_all_that_is_kept_stands(fates: list[str], chosen: set[int]) -> None:
    pairs = list(zip(ENGLISH, fates, strict=True))
    new = [changed(text) if fate == "changed" else text for text, fate in pairs if fate != "deleted"]
    kept = frozenset(CHINESE[number] for number in chosen)
    merge = merged(ENGLISH, new or ENGLISH[:1], CHINESE, kept)
    assert all(text in merge.text for text in kept)
    asked = merge.sentences[Action.TRANSLATED.value]
    assert asked <= sum(fate == "changed" and CHINESE[n] not in kept for n, fate in enumerate(fates))
