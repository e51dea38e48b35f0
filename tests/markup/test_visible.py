"""What nobody could see is shown as an escape; words of every script stay as they are."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup.visible import INVISIBLE, visible, visible_json, visible_line

SHOWN = {
    "escape": ("\x1b[31m", "\\x1b[31m"),
    "a bell and a backspace": ("\a\b", "\\x07\\x08"),
    "delete": ("\x7f", "\\x7f"),
    "C1": ("\x9b31m", "\\x9b31m"),
    "carriage return": ("a\rb", "a\\x0db"),
    "separators": ("\u2028\u2029\x85", "\\u2028\\u2029\\x85"),
    "marks of direction": ("\u200e\u200f\u061c", "\\u200e\\u200f\\u061c"),
    "overrides and isolates": ("\u202e\u2066", "\\u202e\\u2066"),
    "a byte order mark": ("\ufeff", "\\ufeff"),
    "tags": ("\U000e0041", "\\U000e0041"),
    "a byte that is not UTF-8": ("\udce9", "\\udce9"),
}
WORDS = ["line\n\tbreak", "naïve", "שלום", "می‌خواهم", "क्‍ष", "👩‍👩‍👧", "soft\u00adhyphen", "เขา\u200bไป", "字"]


@pytest.mark.parametrize(("text", "shown"), SHOWN.values(), ids=SHOWN)
def test_an_invisible_character_is_an_escape(text: str, shown: str) -> None:
    assert visible(text) == visible_line(text) == shown
    assert visible(shown) == shown


@pytest.mark.parametrize("text", WORDS)
def test_words_stay(text: str) -> None:
    assert visible(text) == text


def test_every_control_character_and_every_mark_of_direction_is_visible() -> None:
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    for code in range(0x110000):
        sign = chr(code)
        hidden = unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(sign) in turning
        assert not hidden or sign in "\n\t" or INVISIBLE.match(sign), hex(code)


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_says_the_same_with_escapes_of_its_own(value: object) -> None:
    text = visible_json(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(text) == value
    assert not INVISIBLE.search(text)


@given(st.text())
def test_what_is_visible_is_on_one_line_if_asked(text: str) -> None:
    assert not INVISIBLE.search(visible(text))
    assert len(visible_line(text).splitlines()) <= 1
