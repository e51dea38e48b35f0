"""What people changed on two sides at once is told in every body of a pull request, not only in the first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report.clashes import Clashing, clashes_part, hidden_clashes, hide_clashes
from bot.report.hidden import hide
from bot.report.layout import lay_out

texts = st.text(max_size=40)
several = st.lists(st.builds(Clashing, texts, st.integers(0, 99), texts.filter(bool)), max_size=8)


@given(several)
def test_a_body_gives_back_the_clashes_that_were_put_into_it_but_for_their_lines(clashes: list[Clashing]) -> None:
    body = f"Some body.\n\n{hide_clashes(clashes)}\n"
    assert hidden_clashes(body) == [Clashing(one.path, 0, one.other) for one in clashes]


def test_as_many_are_kept_as_a_body_has_room_for() -> None:
    many = [Clashing("a.md", 1, f"{number * 7919:x} and {number * 104729:b}") for number in range(2000)]
    kept = hidden_clashes(hide_clashes(many))
    assert 50 < len(kept) < 2000
    assert [one.other for one in kept] == [one.other for one in many[: len(kept)]]


@pytest.mark.parametrize("data", [None, 1, "text", [1], [["a"]], [["a", "b", "c"]], {"a": 1}])
def test_a_damaged_marker_holds_none(data: object) -> None:
    assert hidden_clashes(hide("clashes", data, 1000)) == []


def test_what_the_other_side_took_out_is_said() -> None:
    clashes = [Clashing("a.md", 3, ""), Clashing("b.md", 0, "words"), Clashing("c.md", 0, "two\nlines")]
    section = lay_out(clashes_part(clashes, "main"), 2000).text
    assert "- `a.md`, line 3: the other branch deleted this text\n" in section
    assert "- `b.md`:\\\n  `words`\n" in section
    assert "- `c.md`:\n\n  ```\n  two\n  lines\n  ```" in section
