"""The difference of two sentences: what went, what came, and nothing that means anything to a host."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report.word_changes import marked_diff, word_changes, word_diff
from tests.support.rendered import render

LONG = "which is one of many words that say nothing new and that nobody reads twice in a row"

PIECES = [
    *("a", "tea", " ", "  ", ",", ".", "**", "_", "`x`", "`", "$y$", "$", "](z)", "[", "<b>", "</code>", "<", "&amp;"),
    *("茶", "水", "热", "@name", "#1", "https://e.org/p", "\\", "|", "2,000", "हि", "\n", "<!-- x -->", "x"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Tea from China.", "Tea from India.", "Tea from ‹China› «India»."),
        ("The old red pot.", "The new blue pot.", "The ‹old red› «new blue» pot."),
        ("茶是来自中国的热饮。", "茶是来自印度的热饮。", "茶是来自‹中国› «印度»的热饮。"),
        ("Call `f(x)` once.", "Call `f(x, y)` once.", "Call ‹`f(x)`› «`f(x, y)`» once."),
        ("Where $a$ is it.", "Where $a + b$ is it.", "Where ‹$a$› «$a + b$» is it."),
        ("See :numref:`fig_a` here.", "See :numref:`fig_b` here.", "See ‹:numref:`fig_a`› «:numref:`fig_b`» here."),
        ("A plain line.", "A **plain** line.", "A «**»plain«**» line."),
        ("All [the names](b.md).", "All [the names](c.md).", "All [the names‹](b.md)› «](c.md)»."),
        ("About 2,000 cups.", "About 2,500 cups.", "About ‹2,000› «2,500» cups."),
        ("यह हिन्दी है", "यह हिंदी है", "यह ‹हिन्दी› «हिंदी» है"),
        # A comma alone is easily overlooked.
        ("So it is, then.", "So it is then.", "So it ‹is,› «is» then."),
        ("是的，我们去。", "是的我们去。", "是‹的，› «的»我们去。"),
        ("New words.", "New words.", "New words."),
    ],
)
def test_what_went_is_struck_and_what_came_is_bold(old: str, new: str, shown: str) -> None:
    page = marked_diff(old, new)
    for tag, mark in {"<del>": "‹", "</del>": "›", "<b>": "«", "</b>": "»"}.items():
        page = page.replace(tag, mark)
    assert render(page).code == shown


def test_long_stretches_without_a_change_are_left_out() -> None:
    shown = render(marked_diff(f"{LONG} tea {LONG} cup {LONG}.", f"{LONG} coffee {LONG} mug {LONG}.")).code
    assert shown == (
        "… nobody reads twice in a row tea coffee which is one of many words that"
        "… nobody reads twice in a row cup mug which is one of many words that…"
    )


@given(texts, texts)
def test_a_difference_holds_both_texts(old: str, new: str) -> None:
    changes = word_changes(old, new)
    assert "".join(change.texts[0] for change in changes) == old
    assert "".join(change.texts[1] for change in changes) == new
    assert all(one.is_change != other.is_change for one, other in pairwise(changes))
    if not set("[]{}+-") & set(old + new):
        shown = word_diff(old, new)
        assert re.sub(r"\{\+.*?\+\}", "", shown, flags=re.DOTALL).replace("[-", "").replace("-]", "") == old
        assert re.sub(r"\[-.*?-\]", "", shown, flags=re.DOTALL).replace("{+", "").replace("+}", "") == new


@given(texts, texts)
def test_no_text_breaks_out_of_its_difference(old: str, new: str) -> None:
    shown = marked_diff(old, new)
    page = render(f"- x {shown}\n")
    assert "\n" not in shown
    assert page.balanced
    assert page.tags <= {"ul", "li", "br", "code", "del", "b"}
    assert page.prose.split() == ["x"]
    assert not page.comments
    assert not page.links


def test_a_difference_has_a_limit() -> None:
    many = " ".join(f"w{i} same same same" for i in range(500))
    shown = marked_diff(many, many.replace("w", "v"))
    assert len(shown) < 1_400
    assert render(shown).balanced
    assert len(marked_diff("x" * 9000, "y" * 9000)) < 600


def test_white_space_behind_a_change_is_no_part_of_it() -> None:
    old, new = "Pour the water slowly over the leaves.", "Never pour the water over the leaves."
    assert word_diff(old, new) == "[-Pour-]{+Never pour+} the water[- slowly-] over the leaves."
