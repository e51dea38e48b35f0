"""The inlines of a sentence, and which of them lie in a part of it."""

from __future__ import annotations

import pytest

from bot.book.package_data import known_language
from bot.documents import parse
from bot.documents.inline import Inline, within
from bot.model import PlaceableKind


def test_what_crosses_an_end_of_a_stretch_is_not_within_it() -> None:
    inlines = [Inline("Code", 0, 4), Inline("Code", 4, 9), Inline("Link", 5, 6), Inline("Code", 7, 10)]
    assert within(inlines, 4, 9) == inlines[1:3]
    assert within(inlines, 5, 10) == inlines[2:]
    assert within(inlines, 1, 4) == []


def test_a_hard_break_inside_an_image_description_cuts_the_image() -> None:
    segments = parse("See ![the\\\nimage](a.png) here.", known_language("en")).segments
    assert [segment.text for segment in segments] == ["See ![the", "image](a.png) here."]
    assert [segment.placeables for segment in segments] == [(), ()]


@pytest.mark.parametrize(
    ("text", "placeable"),
    [
        ("See <http://a.org/b]>", "<http://a.org/b]>"),
        ("See [label][]\n\n[label]: a.md\n", "[label][]"),
        ("See [label]\n\n[label]: a.md\n", "[label]"),
        ("See [the label](a.md)", "](a.md)"),
    ],
)
def test_the_address_of_a_link_is_a_placeable(text: str, placeable: str) -> None:
    (found,) = parse(text, known_language("en")).segments[0].placeables
    assert (found.kind, found.text) == (PlaceableKind.URL, placeable)


@pytest.mark.parametrize(
    ("text", "openings"),
    [
        ("See (***some words***) here", ["(**", "*"]),
        ("See (***some** words*) here", ["*", "**"]),
        ("See (***some** of the **words***) here", ["*", "**", "**"]),
        ("See ***some words*** here", ["*", "**"]),
    ],
)
def test_a_slide_mark_may_stand_around_emphasis(text: str, openings: list[str]) -> None:
    tags = parse(text, known_language("en")).segments[0].tags
    assert [text[tag.start : tag.inner_start] for tag in tags] == openings
    assert all(text[tag.inner_end : tag.end] in ("**)", "*", "**") for tag in tags)
