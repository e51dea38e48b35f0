"""Answers quote what people wrote without markup, mentions or commands."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.comments.answers import guarded, refusal


@given(st.text(alphabet="@#<>`*_[]()!|~:/.\\ \nwaxGH-1", max_size=60))
def test_what_an_answer_quotes_is_no_markup_and_calls_nobody(text: str) -> None:
    answer = guarded(refusal(text))
    bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", answer)
    assert not re.search(r"(?<![\\])[<\[*_]", bare)
    assert not re.search(r"@\w|#\d|://|\bwww\.", bare)
    assert "\n" not in answer


def test_a_line_of_an_answer_is_no_command_outside_of_code() -> None:
    assert guarded("a\n/amts sync\n```\n/amts sync\n```\n/amts") == "a\n\\/amts sync\n```\n/amts sync\n```\n\\/amts"
