"""Comparisons of sequences: as difflib where that is quick, and true in any case."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alignment import differing
from bot.alignment.differing import opcodes
from bot.alignment.likeness import likeness, likenesses

ITEMS = st.lists(st.sampled_from("abcdefgh"), max_size=30)


@given(ITEMS, ITEMS)
def test_short_sequences_are_compared_as_difflib_does(a: list[str], b: list[str]) -> None:
    assert opcodes(a, b) == SequenceMatcher(None, a, b, autojunk=False).get_opcodes()


@given(ITEMS, ITEMS)
def test_divided_sequences_give_the_way_from_one_to_the_other(a: list[str], b: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differing, "_MAX_PAIRS", 8)
        steps = opcodes(a, b)
    made: list[str] = []
    at = (0, 0)
    for name, i, j, k, m in steps:
        assert (i, k) == at
        assert name != "equal" or a[i:j] == b[k:m]
        made += a[i:j] if name == "equal" else b[k:m]
        at = j, m
    assert made == b
    assert at == (len(a), len(b))


def test_a_changed_line_among_a_hundred_thousand_is_found() -> None:
    old = [f"line {k}" for k in range(100_000)]
    new = [*old[:50_000], "another", *old[50_001:]]
    assert [step for step in opcodes(old, new) if step[0] != "equal"] == [("replace", 50_000, 50_001, 50_000, 50_001)]


def test_equal_lines_by_the_thousand_are_compared() -> None:
    steps = opcodes(["x"] * 50_000, ["x"] * 40_000)
    assert steps == [("equal", 0, 40_000, 0, 40_000), ("delete", 40_000, 50_000, 40_000, 40_000)]


def test_long_texts_are_alike_by_what_they_share() -> None:
    text = "The weights of the model are learned from examples. " * 1_000
    assert likeness(text, text.replace("learned", "found", 3)) > 99.0
    assert likeness(text, "Quite something else, without a shared word! " * 1_000) < 10.0
    assert likenesses([text], [text + "More.", "x" * 50_000], 50.0).round().tolist() == [[100.0, 0.0]]
