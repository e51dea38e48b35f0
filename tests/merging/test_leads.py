"""The structure before a segment is compared without what means nothing, in time that stays near its length."""

from __future__ import annotations

import time

import pytest

from bot.merging.leads import normalise


@pytest.mark.parametrize(
    ("lead", "same"),
    [
        (" \t \n\n\n\n  - ", "\n\n  - "),
        (" |  \t| a |", "||a|"),
        ("\n|-----|--|\n", "\n|--|--|\n"),
        ("  | \n| ", "|\n|"),
        ("\ufeff12. ", "1. "),
        ("", "\0"),
    ],
)
def test_spaces_at_line_ends_blank_lines_widths_and_numbers_mean_nothing(lead: str, same: str) -> None:
    assert normalise(lead) == same


@pytest.mark.parametrize("run", [" ", "\t", " \t"])
def test_a_long_indentation_is_read_once(run: str) -> None:
    began = time.process_time()
    assert normalise(run * 20_000 + "- ") == run * 20_000 + "- "
    # From each space on, it took seconds.
    assert time.process_time() - began < 1.0
