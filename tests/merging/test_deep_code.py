"""Indented code that begins deeper than its lines must: the white space before its first letter is its own."""

from __future__ import annotations

import pytest

from bot.engines.copy import CopyEngine
from bot.model import Action, Direction, Language, Merge, Versions
from bot.pipeline import merge_document

LANGUAGES = Direction(Language("en", "English"), Language("es", "Spanish", splitter="es"))
CODE = {
    "one space": "     x",
    "a deeper first line": "        x\n    y",
    "a deeper part": "    x\n        y\n\n     z",
    "tabs": "\t\tx",
    "a tab in spaces": "    \tx",
}
BEFORE = {"paragraphs": ("", ""), "a quote": ("> ", "> "), "a list item": ("- ", "  ")}


def within(container: str, text: str) -> str:
    first, others = BEFORE[container]
    return first + text.replace("\n", f"\n{others}") + "\n"


def merge(base: str, new: str, target: str) -> Merge:
    return merge_document(Versions(base, new, target), LANGUAGES, CopyEngine(), "a.md")


@pytest.mark.parametrize("container", BEFORE)
@pytest.mark.parametrize("code", CODE.values(), ids=CODE)
@pytest.mark.parametrize(("intro", "theirs"), [("", ""), ("See this:\n\n", "Ved esto:\n\n")], ids=["first", "second"])
def test_a_page_with_it_is_merged(container: str, code: str, intro: str, theirs: str) -> None:
    base = within(container, f"{intro}{code}\n\nPour the water.")
    target = within(container, f"{theirs}{code}\n\nVierta el agua.")
    assert merge(base, base, target).text == target
    changed = merge(base, base.replace("x", "w"), target)
    # A tab of which a part belongs to the container: then the place may be held, and people are told.
    assert changed.text == target.replace("x", "w") or (changed.counts[Action.LEFT] and "\t" in code)
    longer = merge(base, base + within(container, "End."), target)
    assert f"{code}\n\nVierta el agua.".replace("\n", f"\n{BEFORE[container][1]}") in longer.text
    assert "End." in longer.text


@pytest.mark.parametrize("container", BEFORE)
@pytest.mark.parametrize("code", CODE.values(), ids=CODE)
def test_it_comes_in_with_all_its_spaces(container: str, code: str) -> None:
    base, new = within(container, "Pour the water."), within(container, f"{code}\n\nPour the water.")
    merged = merge(base, new, within(container, "Vierta el agua."))
    assert merged.text == within(container, f"{code}\n\nVierta el agua.")
    assert not any(edit.action is Action.REMOVED for edit in merged.edits)
