"""How the segments of two revisions are matched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.changes import match
from bot.documents import parse
from bot.model import Language

ENGLISH = Language("en", "English")
BLOCKS = ["The stone is grey.", "The river is long.", "# Title", "```\nx\n```", "$$a$$", "Birds sing here."]
BOOKS = st.lists(st.sampled_from(BLOCKS), max_size=7).map("\n\n".join)


def pairs(base: str, new: str) -> list[tuple[int, int, bool, bool]]:
    found = match(parse(base, ENGLISH), parse(new, ENGLISH))
    return [(m.base, m.new, m.same, m.moved) for m in found]


@given(BOOKS, BOOKS)
def test_each_segment_is_matched_at_most_once_and_same_means_same(base: str, new: str) -> None:
    documents = parse(base, ENGLISH), parse(new, ENGLISH)
    found = match(*documents)
    assert len({m.base for m in found}) == len({m.new for m in found}) == len(found)
    assert [m.new for m in found] == sorted(m.new for m in found)
    for m in found:
        assert m.same == (documents[0].segments[m.base].text == documents[1].segments[m.new].text)
    in_order = [m.base for m in found if not m.moved]
    assert in_order == sorted(in_order)


@given(BOOKS)
def test_a_document_matches_itself_in_order(text: str) -> None:
    count = len(parse(text, ENGLISH).segments)
    assert pairs(text, text) == [(i, i, True, False) for i in range(count)]


def test_line_wrapping_is_no_change() -> None:
    assert pairs("The stone\nis grey.", "The stone is grey.") == [(0, 0, True, False)]


def test_a_reworded_sentence_is_changed_and_an_unlike_one_is_new() -> None:
    assert pairs("The stone is grey. Birds sing.", "The stone is black. We measured length.") == [(0, 0, False, False)]


def test_a_new_title_above_what_stayed_is_the_sections() -> None:
    assert pairs("# Tea\n\nBirds sing here.", "# Black coffee\n\nBirds sing here.") == [
        (0, 0, False, False),
        (1, 1, True, False),
    ]
    assert pairs("# Tea\n\nBirds sing here.", "# Black coffee\n\nWe measured length.") == []
    two = "# Tea\n\nBirds sing here.", "# Black coffee\n\n# Milk\n\nBirds sing here."
    assert pairs(*two) == [(0, 1, False, False), (1, 2, True, False)]


def test_a_sentence_that_passed_another_is_moved() -> None:
    rest, bird = "The stone is grey. The river is long.", "Birds sing here."
    assert pairs(f"{rest} {bird}", f"{bird} {rest}") == [(2, 0, True, True), (0, 1, True, False), (1, 2, True, False)]


def test_the_end_of_a_tab_moves_with_its_beginning_past_the_text_between_them() -> None:
    base = ":begin_tab:`one`\nThe stone is grey.\n:end_tab:\n"
    new = ":begin_tab:`one`\nWe measured length.\n:end_tab:\n\n:begin_tab:`one`\nThe stone is grey.\n:end_tab:\n"
    assert pairs(base, new) == [(0, 0, True, False), (2, 2, True, True), (1, 4, True, False)]


def test_short_words_that_stand_elsewhere_now_keep_their_translation() -> None:
    assert (0, 1, True, True) in pairs("Yes.\n\nThe stone is grey here.", "The stone is grey here.\n\nYes.")


def test_numbers_and_rules_that_recur_are_not_taken_for_moves() -> None:
    for mark in ("42", "---"):
        found = pairs(f"{mark}\n\nThe stone is grey here.", f"The stone is grey here.\n\n{mark}")
        assert found == [(1, 0, True, False)]


def test_cells_of_two_frameworks_are_never_revisions_of_each_other() -> None:
    base, new = "```python\n#@tab one\nx = 1\n```", "```python\n#@tab two\nx = 1\n```"
    assert pairs(base, new) == []


def test_a_cell_with_another_way_to_name_its_framework_or_none_is_a_revision() -> None:
    base = "```python\n#@tab one\nx = 1\n```"
    assert pairs(base, "```python  n=5\n%%tab one\nx = 1\n```") == [(0, 0, False, False)]
    assert pairs("```python\nx = 1\n```", base) == [(0, 0, False, False)]


def test_a_table_cell_is_not_a_revision_of_a_paragraph() -> None:
    assert pairs("The stone is very grey.", "|The stone is quite grey.|B|\n|--|--|\n") == []
