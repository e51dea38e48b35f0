"""Recorded translations: finding one, and fitting it into the markup of the request."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emulator.pieces import MarkupPlaceable, MarkupTag, MarkupWords, Piece
from bot.emulator.recorded import Recorded, fit

PLACE, OTHER = MarkupPlaceable("<i>$x$</i>", "$x$"), MarkupPlaceable("<i>$y$</i>", "$y$")


SEVEN = MarkupPlaceable("<i>7</i>", "7")


OPEN, CLOSE = MarkupTag("<b>", 0, True), MarkupTag("</b>", 0, False)


@pytest.mark.parametrize(
    ("recorded", "request_pieces", "fitted"),
    [
        ("甲$y$乙$x$", [PLACE, MarkupWords("a"), OTHER], [MarkupWords("甲"), OTHER, MarkupWords("乙"), PLACE]),
        ("甲$a$乙$b$", [PLACE, MarkupWords("a"), OTHER], [MarkupWords("甲"), PLACE, MarkupWords("乙"), OTHER]),
        ("甲", [MarkupWords("a"), PLACE], [MarkupWords("甲"), MarkupWords(" "), PLACE]),
        ("**甲**乙", [OPEN, MarkupWords("a"), CLOSE], [OPEN, MarkupWords("甲"), CLOSE, MarkupWords("乙")]),
        ("甲", [OPEN, MarkupWords("a"), CLOSE], [OPEN, MarkupWords("甲"), CLOSE]),
        (
            "甲 7 乙",
            [MarkupPlaceable("<i>7</i>", "7")],
            [MarkupWords("甲 "), MarkupPlaceable("<i>7</i>", "7"), MarkupWords(" 乙")],
        ),
    ],
)
def test_a_recorded_text_takes_each_placeable_and_tag_once(
    recorded: str, request_pieces: list[Piece], fitted: list[Piece]
) -> None:
    assert fit(recorded, request_pieces) == fitted


PIECES = st.sampled_from(
    [
        OPEN,
        MarkupWords("tea "),
        MarkupWords(" 7"),
        PLACE,
        OTHER,
        MarkupPlaceable("<i>7</i>", "7"),
        MarkupPlaceable("<br>", ""),
    ]
)


@given(
    st.lists(
        st.sampled_from(["甲", " ", "$x$", "$y$", "7", "**乙**", "[丙](http://d.e)", "`f`", "*", "\n", "- "]),
        max_size=8,
    ),
    st.lists(PIECES, min_size=1, max_size=6),
)
def test_no_recorded_text_loses_or_doubles_what_the_request_has(recorded: list[str], pieces: list[Piece]) -> None:
    asked = [end for number, piece in enumerate(pieces) for end in _pair(piece, number)]
    fitted = fit("".join(recorded), asked)
    marks = [piece for piece in asked if not isinstance(piece, MarkupWords)]
    assert Counter(piece for piece in fitted if not isinstance(piece, MarkupWords)) == Counter(marks)


def _pair(piece: Piece, number: int) -> list[Piece]:
    """A tag becomes a pair of its own around a word."""
    if not isinstance(piece, MarkupTag):
        return [piece]
    return [MarkupTag("<b>", number, True), MarkupWords("hot"), MarkupTag("</b>", number, False)]


def test_the_placeables_tell_two_recorded_sentences_apart() -> None:
    recorded = Recorded([("Let $x$ be.", "x"), ("Let $y$ be.", "y")])
    asked: list[Piece] = [MarkupWords("Let "), OTHER, MarkupWords(" be.")]
    assert recorded.exact(asked) == "y"
    assert recorded.exact([MarkupWords("Let "), MarkupPlaceable("<i/>", ""), MarkupWords(" be.")]) == "x"
    assert recorded.exact([MarkupWords("Let be.")]) is None
