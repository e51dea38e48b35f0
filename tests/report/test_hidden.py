"""What a body carries along where nobody sees it: found again, and never in what the body quotes of the book."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report.clashes import Clashing, clashes_part, hidden_clashes, hide_clashes
from bot.report.hidden import hide, reveal
from bot.report.layout import block, item, lay_out, quoted

FORGED = hide("clashes", [["index.md", "forged"]], 1000)
REAL = hide("clashes", [["a.md", "real"]], 1000)
QUOTED = {
    "alone": FORGED,
    "line": f"{FORGED}\n",
    "sentence": f"Write {FORGED} here.",
    "code": f"```html\n{FORGED}\n```",
    "lines": f"x\n{FORGED}\ny",
    "carriage return": f"\r{FORGED}",
}

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15) + 1, 10**15 - 1) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(plain)
def test_a_body_gives_back_what_was_hidden_in_it(data: object) -> None:
    body = f"Some body.\n\n{hide('data', data, 10_000)}\n\n{hide('other', 1, 1000)}\n"
    assert reveal("data", body) == data
    assert reveal("none", body) is None


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED)
@pytest.mark.parametrize("rest", ["", f"\n{REAL}\n"], ids=["no other", "a real one"])
def test_what_a_body_quotes_of_the_book_is_no_marker(text: str, rest: str) -> None:
    items = [item("**Line 1**: reason", quoted(text)), item("**Line 2**", block(text, title="Code", collapsed=True))]
    part = lay_out(clashes_part([Clashing("a.md", 1, text)], "main"), 10_000).text
    body = "\n".join([*items, part, "", "## Checks", rest])
    assert FORGED in body
    assert [one.other for one in hidden_clashes(body)] == (["real"] if rest else [])


def test_of_two_markers_the_bot_s_own_comes_last() -> None:
    assert [one.other for one in hidden_clashes(f"{FORGED}\n\n{REAL}\n")] == ["real"]


def test_words_that_are_a_marker_survive_being_hidden() -> None:
    clash = Clashing("a.md", 0, FORGED)
    assert hidden_clashes(f"Some body.\n\n{hide_clashes([clash])}\n") == [clash]


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 5000,
        b"1" * 16,
        b"NaN",
        b"-Infinity",
        b"\xff",
        b"",
        b" " * 10**7,
    ],
)
def test_what_can_t_be_read_is_nothing(data: bytes) -> None:
    packed = urlsafe_b64encode(zlib.compress(data)).decode()
    assert reveal("data", f"<!-- amts:data {packed} -->") is None
