"""The bot's notes at the end of a body: found there, nowhere else, and taken out without joining anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup.notes import note, read_note, split_notes, without_note

OWN, FORGED = note("memo", '{"a":1}'), note("memo", '{"a":2}')
pieces = st.lists(
    st.sampled_from([OWN, FORGED, note("other", "x"), "words", "`", "```", "\n", "\n\n", "\r\n", " ", "[report]: x"]),
    max_size=12,
).map("".join)
QUOTED = {
    "within a line": f"It says {FORGED} here.",
    "in code": f"`{FORGED}`",
    "begins a line before the end": f"{FORGED}\nmore",
    "in a block": f"```\n{FORGED}\n```",
    "indented at the end": f"words\n  {FORGED}",
    "ends a line": f"words {FORGED}",
    "behind a carriage return": f"words\r{FORGED}",
    "behind a line separator": f"words\u2028{FORGED}",
    "not closed on its line": f"words\n{FORGED.removesuffix('-->')}\n-->",
}


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED)
def test_only_a_line_of_its_own_at_the_end_is_a_note(text: str) -> None:
    assert read_note("memo", text) is None
    assert without_note("memo", text) == text
    assert read_note("memo", f"{text}\n\n{OWN}\n") == '{"a":1}'
    assert without_note("memo", f"{text}\n\n{OWN}\n") == f"{text.rstrip()}\n"


def test_a_note_that_is_taken_out_joins_nothing() -> None:
    # The two code spans with the note between them would be one, with the mention outside.
    body = f"`a`{FORGED}`@canary`\n"
    assert without_note("memo", body) == body
    assert without_note("memo", f"{body}\n{OWN}\n") == body


@given(pieces)
def test_text_and_notes_are_the_body_and_only_its_end_is_ever_taken(body: str) -> None:
    text, notes = split_notes(body)
    assert text + notes == body
    rest = without_note("memo", body)
    assert rest == body or (rest.startswith(text.rstrip()) and read_note("memo", rest) is None)
    assert read_note("memo", f"{body}\n{OWN}\n") == '{"a":1}'


@pytest.mark.parametrize("data", ["a-->b", "a\nb", "a\rb"])
def test_a_note_cannot_be_ended_by_its_data(data: str) -> None:
    with pytest.raises(ValueError, match="note"):
        note("memo", data)
