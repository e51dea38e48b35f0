"""Three versions become one: nothing that only one side changed is lost, and every conflict shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.changes.joining import Clash, join, merge_tokens
from bot.model import Language

ENGLISH = Language("en", "English")
OLD = "# Tea\n\nTea is hot. It comes from China. Drink it.\n\n* one\n* two\n"

sentences = st.lists(st.sampled_from(["Tea is hot.", "It is green.", "Wait a while.", "Drink it now."]), max_size=6)
tokens = st.lists(st.sampled_from("abcd"), max_size=6)
others = st.lists(st.sampled_from("efgh"), max_size=6)
texts = st.lists(sentences, max_size=4).map(lambda blocks: "\n\n".join(" ".join(block) for block in blocks) + "\n")


def test_changes_of_both_sides_to_one_paragraph_are_joined() -> None:
    ours = OLD.replace("Tea is hot.", "Tea is very hot.")
    theirs = OLD.replace("It comes from China.", "It comes from India.").replace("two", "three")
    joined = join(OLD, ours, theirs, ENGLISH)
    assert joined.text == "# Tea\n\nTea is very hot. It comes from India. Drink it.\n\n* one\n* three\n"
    assert joined.clashes == ()


def test_where_both_changed_a_sentence_ours_stays_and_the_other_is_told() -> None:
    ours, theirs = OLD.replace("hot", "warm"), OLD.replace("hot", "cold").replace("Drink it.", "Drink up.")
    joined = join(OLD, ours, theirs, ENGLISH)
    assert joined.text == OLD.replace("hot", "warm").replace("Drink it.", "Drink up.")
    assert joined.clashes == (Clash(3, "Tea is warm.", "Tea is cold."),)


def test_a_sentence_that_one_side_removed_and_the_other_rewrote_is_a_clash() -> None:
    ours, theirs = OLD.replace(" Drink it.", ""), OLD.replace("Drink it.", "Drink it slowly.")
    joined = join(OLD, ours, theirs, ENGLISH)
    assert joined.text == ours
    assert [clash.other for clash in joined.clashes] == ["Drink it slowly."]


@given(texts, texts)
def test_what_one_side_alone_changed_is_that_sides(old: str, new: str) -> None:
    assert join(old, new, old, ENGLISH).text == new
    assert join(old, old, new, ENGLISH).text == new
    assert join(old, new, new, ENGLISH).text == new


@given(texts, texts, texts)
def test_every_sentence_of_theirs_stays_or_is_told(old: str, ours: str, theirs: str) -> None:
    joined = join(old, ours, theirs, ENGLISH)
    told = joined.text + "".join(f"\n{clash.other}" for clash in joined.clashes)
    for sentence in ("Tea is hot.", "It is green.", "Wait a while.", "Drink it now."):
        if sentence in theirs and sentence not in old:
            assert sentence in told
        if sentence in ours and sentence not in old:
            assert sentence in joined.text


def test_an_addition_beside_a_changed_sentence_is_no_clash() -> None:
    ours = OLD.replace("Drink it.", "Drink it.\n\nWait a while.")
    theirs = OLD.replace("Drink it.", "Drink it now.")
    joined = join(OLD, ours, theirs, ENGLISH)
    assert joined.text == OLD.replace("Drink it.", "Drink it now.\n\nWait a while.")
    assert joined.clashes == ()


def test_what_both_added_at_one_place_stands_there() -> None:
    ours, theirs = (OLD.replace("Drink it.", f"Drink it. {added}") for added in ("Enjoy.", "Sit down."))
    joined = join(OLD, ours, theirs, ENGLISH)
    assert joined.text == OLD.replace("Drink it.", "Drink it. Enjoy. Sit down.")


@given(tokens, tokens)
def test_identical_sides_give_what_they_are(base: list[str], side: list[str]) -> None:
    assert merge_tokens(base, side, side) == "".join(side)


@given(tokens, tokens)
def test_a_change_of_one_side_is_taken(base: list[str], side: list[str]) -> None:
    assert merge_tokens(base, side, base) == merge_tokens(base, base, side) == "".join(side)


@given(tokens, tokens, tokens)
def test_which_side_is_which_does_not_matter(base: list[str], ours: list[str], theirs: list[str]) -> None:
    assert merge_tokens(base, ours, theirs) == merge_tokens(base, theirs, ours)


@given(tokens, tokens, others, others)
def test_changes_on_both_sides_of_a_shared_token_are_both_made(
    left: list[str], right: list[str], new_left: list[str], new_right: list[str]
) -> None:
    base, both = [*left, "-", *right], [*new_left, "-", *new_right]
    assert merge_tokens(base, [*new_left, "-", *right], [*left, "-", *new_right]) == "".join(both)
    assert merge_tokens(base, both, [*left, "-", *new_right]) == "".join(both)


@given(tokens, tokens)
def test_different_changes_of_one_token_conflict(before: list[str], after: list[str]) -> None:
    base, ours, theirs = ([*before, token, *after] for token in ("x", "y", "z"))
    assert merge_tokens(base, ours, theirs) is None


def test_changes_of_neighbouring_tokens_conflict() -> None:
    assert merge_tokens(["a", "b"], ["x", "b"], ["a", "y"]) is None
    assert merge_tokens(["a", "b"], ["a", "x", "b"], ["a", "y"]) is None
    assert merge_tokens(["a", "-", "b"], ["x", "-", "b"], ["a", "-", "y"]) == "x-y"
