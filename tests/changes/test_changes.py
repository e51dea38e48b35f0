"""How two revisions are matched, and how what is not prose is merged in three ways."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.changes import match
from bot.changes.code import merge_code
from bot.documents import parse
from bot.model import Language

ENGLISH = Language("en", "English")
TEXTS = st.lists(st.sampled_from(["a = 1\n", "b = 2\n", "# c\n", "\n", "d(e, f)\n"]), max_size=8).map("".join)
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


def test_a_sentence_that_passed_another_is_moved() -> None:
    rest, bird = "The stone is grey. The river is long.", "Birds sing here."
    assert pairs(f"{rest} {bird}", f"{bird} {rest}") == [(2, 0, True, True), (0, 1, True, False), (1, 2, True, False)]


def test_the_end_of_a_tab_moves_with_its_beginning_past_the_text_between_them() -> None:
    base = ":begin_tab:`one`\nThe stone is grey.\n:end_tab:\n"
    new = ":begin_tab:`one`\nWe measured length.\n:end_tab:\n\n:begin_tab:`one`\nThe stone is grey.\n:end_tab:\n"
    assert pairs(base, new) == [(0, 0, True, False), (2, 2, True, True), (1, 4, True, False)]


def test_short_words_that_recur_are_not_taken_for_moves() -> None:
    assert (0, 1, True, True) not in pairs("Yes.\n\nThe stone is grey here.", "The stone is grey here.\n\nYes.")


def test_cells_of_two_frameworks_are_never_revisions_of_each_other() -> None:
    base, new = "```python\n#@tab one\nx = 1\n```", "```python\n#@tab two\nx = 1\n```"
    assert pairs(base, new) == []


def test_a_cell_with_another_way_to_name_its_framework_or_none_is_a_revision() -> None:
    base = "```python\n#@tab one\nx = 1\n```"
    assert pairs(base, "```python  n=5\n%%tab one\nx = 1\n```") == [(0, 0, False, False)]
    assert pairs("```python\nx = 1\n```", base) == [(0, 0, False, False)]


def test_a_table_cell_is_not_a_revision_of_a_paragraph() -> None:
    assert pairs("The stone is very grey.", "|The stone is quite grey.|B|\n|--|--|\n") == []


@given(TEXTS, TEXTS)
def test_where_only_one_side_changed_a_merge_is_that_side(base: str, other: str) -> None:
    assert merge_code(base, other, base).text == other
    assert merge_code(base, base, other).text == other
    assert not merge_code(base, other, base).replaced
    assert not merge_code(base, base, other).replaced


@given(TEXTS, TEXTS)
def test_where_both_sides_made_the_same_change_it_is_made_once(base: str, other: str) -> None:
    assert merge_code(base, other, other).text == other


@given(TEXTS, TEXTS, TEXTS)
def test_every_line_of_a_merge_comes_from_one_of_the_sides_or_is_of_both(base: str, new: str, translated: str) -> None:
    merged = merge_code(base, new, translated)
    known = set(new.splitlines()) | set(translated.splitlines())
    assert all(line in known or set(line) <= set(base + new + translated) for line in merged.text.splitlines())
    assert all(line in new for pair in merged.replaced for line in pair.english)
    assert all(line in translated for pair in merged.replaced for line in pair.localised)


def test_a_conflict_takes_the_new_english_and_names_it() -> None:
    merged = merge_code("# close it\nx\n", "# shut it\nx\n", "# cerrar\nx\n")
    assert merged.text == "# shut it\nx\n"
    assert merged.replaced == ((("# cerrar\n",), ("# shut it\n",)),)


def test_a_line_that_the_translators_changed_and_the_english_deleted_is_a_conflict() -> None:
    merged = merge_code("a\n# close it\nb\n", "a\nb\n", "a\n# cerrar\nb\n")
    assert merged.text == "a\nb\n"
    assert merged.replaced == ((("# cerrar\n",), ()),)


def test_a_long_cell_whose_lines_all_recur_is_merged_like_a_short_one() -> None:
    base = "x = 1\ny = 2\n" * 120
    new, translated = base + "z = 3\n", "# uno\n" + base
    assert merge_code(base, new, translated).text == "# uno\n" + base + "z = 3\n"
