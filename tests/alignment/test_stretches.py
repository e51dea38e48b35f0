"""Long documents are cut where both sides have the same unique segment."""

from __future__ import annotations

from bot.alignment.features import TextSide, read_side
from bot.alignment.stretches import Stretch, cut
from bot.documents import parse
from bot.model import Language

EN = Language("en", "English")
FORMULAS = [f"$$x_{{{k}}} = a_{{{k}}} + b$$" for k in range(12)]


def side(formulas: list[str]) -> TextSide:
    return read_side(parse("\n\n".join(formulas), EN), EN)


def test_stretches_end_at_segments_that_both_sides_have() -> None:
    found = list(cut(side(FORMULAS), side(FORMULAS), Stretch(0, 12, 0, 12), 4))
    assert found == [Stretch(k, k + 4, k, k + 4) for k in (0, 4, 8)]


def test_a_document_without_anchors_is_one_stretch() -> None:
    found = list(cut(side(["$x$"] * 12), side(["$y$"] * 12), Stretch(0, 12, 0, 12), 4))
    assert found == [Stretch(0, 12, 0, 12)]
