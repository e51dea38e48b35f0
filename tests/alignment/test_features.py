"""The features of a document's segments."""

from __future__ import annotations

from bot.alignment.features import read_side
from bot.documents import parse
from bot.model import Language

EN = Language("en", "English")


def test_blocks_end_with_what_is_left_of_them() -> None:
    side = read_side(parse("One is here. Two is here. Three is here.\n\nFour is alone.", EN), EN)
    rest = side.without([0, 2, 3], 0)
    assert rest.taken.tolist() == [True, False, True, True]
    assert (rest.opens[1], rest.closes[1]) == (True, True)
    assert not side.taken.any()
