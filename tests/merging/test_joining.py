"""Two versions of one translation become one: nothing that only one side changed is lost, no clash goes untold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.merging.joining import Clash, join
from bot.model import Language

ENGLISH = Language("en", "English")
OLD = "# Tea\n\nTea is hot. It comes from China. Drink it.\n\n* one\n* two\n"

sentences = st.lists(st.sampled_from(["Tea is hot.", "It is green.", "Wait a while.", "Drink it now."]), max_size=6)
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
