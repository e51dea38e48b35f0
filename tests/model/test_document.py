"""The words of a segment."""

from __future__ import annotations

import pytest

from bot.book.package_data import known_language
from bot.documents import parse
from bot.model import Segment


def segment(text: str) -> Segment:
    (only,) = parse(text, known_language("en")).segments
    return only


def test_each_placeable_gives_way_to_the_filler() -> None:
    assert segment("Set $x$ to `y`, see [this](a.md)").words("_") == "Set _ to _, see [this_"


def test_a_placeable_that_occurs_twice_gives_way_twice() -> None:
    assert segment("From $x$ to $x$").words("") == "From  to "


def test_numbers_are_placeables_unless_asked_for() -> None:
    assert segment("All 12 of $x$").words("_") == "All _ of _"
    assert segment("All 12 of $x$").words("_", numbers=True) == "All 12 of _"


@pytest.mark.parametrize(("text", "has_words"), [("$x$ and 3", True), ("$x$, `y`: 3", False), ("。", False)])
def test_a_segment_has_words_where_a_letter_stands_outside_its_placeables(text: str, has_words: bool) -> None:
    assert segment(text).has_words is has_words
