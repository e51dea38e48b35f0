"""Sentences that were divided or joined in the English are found as what they became."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alignment.likeness import likeness
from bot.changes.grouping import Group, best_groups, value_of
from bot.documents import parse
from bot.model import Language

ENGLISH = Language("en", "English")
ONE = "The river is long, it is wide, and it flows through the old town to the sea."
TWO = "The river is long, it is wide. It flows through the old town to the sea."
THREE = "The river is long. It is wide. It flows through the old town to the sea."


def groups(base: str, new: str) -> list[Group]:
    documents = parse(base, ENGLISH), parse(new, ENGLISH)
    return best_groups(*documents, *(range(len(document.segments)) for document in documents))


@pytest.mark.parametrize(("parts", "count"), [(TWO, 2), (THREE, 3)])
def test_a_sentence_may_become_two_or_three_and_the_other_way_round(parts: str, count: int) -> None:
    assert groups(ONE, parts) == [((0,), tuple(range(count)))]
    assert groups(parts, ONE) == [(tuple(range(count)), (0,))]


def test_sentences_of_two_paragraphs_were_not_one() -> None:
    assert groups(ONE, TWO.replace(". It", ".\n\nIt")) == [((0,), (1,))]


def test_a_sentence_that_came_beside_a_changed_one_is_no_part_of_it() -> None:
    assert groups(ONE, f"{ONE.replace('old', 'new')} Birds sing.") == [((0,), (0,))]


def test_what_resembles_nothing_is_in_no_group() -> None:
    assert groups(ONE, "Birds sing.") == []


@pytest.mark.parametrize(
    ("base", "new", "same"),
    [
        ("```\n#@tab mxnet\nx = read(a, b, c)\n```", "```\n#@tab jax\nx = read(a, b, d)\n```", False),
        ("```\n#@tab jax\nx = read(a, b, c)\n```", "```\n#@tab jax\nx = read(a, b, d)\n```", True),
        ("```\nx = read(a, b, c)\n```", "```\n#@tab jax\nx = read(a, b, c)\n```", True),
        ("```\nThe river is long.\n```", "The river is long.", False),
    ],
    ids=["of two frameworks", "of one", "of any and one", "code and prose"],
)
def test_cells_of_code_are_revisions_of_the_same_framework(base: str, new: str, same: bool) -> None:
    assert groups(base, new) == ([((0,), (0,))] if same else [])


SENTENCES = st.lists(st.sampled_from([ONE, TWO, THREE, "It is wide.", "It was so wide.", "Birds sing."]), max_size=5)


@given(SENTENCES, SENTENCES)
def test_no_other_groups_in_order_are_more_alike(base: list[str], new: list[str]) -> None:
    # No sentence of one list item was part of another's.
    old, fresh = (parse("".join(f"- {text.replace('. ', ', ')}\n" for text in side), ENGLISH) for side in (base, new))

    def value(x: int, y: int) -> float:
        one, other = old.segments[x], fresh.segments[y]
        return value_of(one, other, likeness(one.text, other.text))

    @cache
    def best(x: int, y: int) -> float:
        if x == len(base) or y == len(new):
            return 0.0
        return max(best(x + 1, y), best(x, y + 1), value(x, y) + best(x + 1, y + 1))

    found = best_groups(old, fresh, range(len(base)), range(len(new)))
    assert [pair for pair in found if len(pair[0]) != 1 or len(pair[1]) != 1] == []
    assert found == sorted(found)
    assert sum(value(group[0][0], group[1][0]) for group in found) == pytest.approx(best(0, 0))
