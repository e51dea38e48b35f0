"""A passage of the translators' own in a document that was merged already."""

from __future__ import annotations

import pytest

from bot.book.package_data import known_language
from bot.engines.copy import CopyEngine
from bot.merging.inserting import insert_passage
from bot.model import Action, Direction, Edit, Merge, Versions
from bot.pipeline import merge_document

DIRECTION = Direction(known_language("en"), known_language("de"))
BASE = "# Tea\n\nTea is hot.\n\nDrink it.\n"
GERMAN = "# Tee\n\nTee ist heiß.\n\nTrinken Sie ihn.\n"
NOTE = "Anmerkung.\n\n```\nx\n```"


def merged(new: str) -> Merge:
    return merge_document(Versions(BASE, new, GERMAN), DIRECTION, CopyEngine(), "a.md")


def edit_of(merge: Merge, source: str) -> Edit:
    return next(edit for edit in merge.edits if edit.source == source)


def inserted(merge: Merge, source: str) -> Merge | None:
    behind = edit_of(merge, source)
    return insert_passage(merge, GERMAN, behind, NOTE, "moved", DIRECTION.target, "markdown")


@pytest.mark.parametrize(
    ("new", "text"),
    [
        ("# Tea\n\nTea is hot.\n\nMilk.\n\nDrink it.\n", "# Tee\n\nTee ist heiß.\n\nMilk.\n\n{}\n\nTrinken Sie ihn.\n"),
        ("# Tea\n\nMilk. Tea is hot.\n\nDrink it.\n", "# Tee\n\nMilk. Tee ist heiß.\n\n{}\n\nTrinken Sie ihn.\n"),
        ("# Tea\n\nTea is hot.\n\nDrink it.\n\nMilk.\n", "# Tee\n\nTee ist heiß.\n\nTrinken Sie ihn.\n\nMilk.\n\n{}\n"),
        ("# Tea\n\nMilk.\n\nSalt.\n\nTea is hot.\n\nDrink it.\n",
         "# Tee\n\nMilk.\n\n{}\n\nSalt.\n\nTee ist heiß.\n\nTrinken Sie ihn.\n"),
    ],
)  # fmt: skip
def test_it_stands_behind_the_block_of_its_english(new: str, text: str) -> None:
    before = merged(new)
    after = inserted(before, "Milk.")
    assert after is not None
    assert after.text == text.format(NOTE)
    # What waits for a person is still found.
    assert [after.text[slice(*left.after)] for left in after.left] == [left.source for left in before.left]
    assert after.counts[Action.MOVED] == 1


def test_it_does_not_break_a_list_or_a_table() -> None:
    for new in ("- Milk.\n- Salt.\n", "| a | b |\n|---|---|\n| Milk. | c |\n"):
        merge = merged(f"{BASE}\n{new}")
        assert inserted(merge, "Milk.") is None


def test_it_does_not_stand_inside_a_directive_of_others() -> None:
    tab = ":begin_tab:`a`\nMilk.\n:end_tab:\n"
    after = inserted(merged(f"# Tea\n\n{tab}\nTea is hot.\n\nDrink it.\n"), "Milk.")
    assert after is not None
    assert after.text == f"# Tee\n\n{tab}\n{NOTE}\n\nTee ist heiß.\n\nTrinken Sie ihn.\n"


def test_half_of_a_directive_is_no_passage() -> None:
    merge = merged(f"{BASE}\nMilk.\n")
    half = insert_passage(
        merge, GERMAN, edit_of(merge, "Milk."), ":begin_tab:`a`\nWort.", "moved", DIRECTION.target, "markdown"
    )
    assert half is None
