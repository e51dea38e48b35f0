"""What the CommonMark parser is not shown, and what it is."""

from __future__ import annotations

import pytest

from bot.book.package_data import known_language
from bot.documents import parse
from bot.documents.masking import mask
from bot.model import Kind


@pytest.mark.parametrize("inside", ["```python", "``", "~~~", "x", "a\n\nb"])
def test_only_a_fence_of_its_own_kind_and_without_a_word_ends_a_code_block(inside: str) -> None:
    text = f"```\n{inside}\n```\n$$\n- a\n$$\n"
    segments = parse(text, known_language("en")).segments
    assert [segment.kind for segment in segments] == [Kind.CODE, Kind.MATH]


def test_quote_marks_before_the_lines_of_a_formula_are_no_part_of_it() -> None:
    assert mask("> > $$\n> > > a\n> > b\n> > $$\n") == "> > $$\n> > x x\n> > x\n> > $$\n".replace("x x", "xxx")
