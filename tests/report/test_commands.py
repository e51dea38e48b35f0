"""The commands that a pull request shows are those that the bot reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.comments.commands import COMMANDS
from bot.comments.parsing import Unknown, parse_comment
from bot.comments.term import AddTerm
from bot.errors import UsageError
from bot.glossary.terms import check_side
from bot.report.commands import PREFIX, REVIEW_COMMANDS, term_command

EXAMPLES = {"[language|path…]": "zh", "<path>[:line]": "tea.md:3", "[--engine E]": "--engine copy"}


def is_acceptable(side: str) -> bool:
    try:
        return check_side(side) == side and side.isprintable() and not set(side) & set('"“”')
    except UsageError:
        return False


sides = st.text(max_size=60).filter(is_acceptable)


@pytest.mark.parametrize("shown", REVIEW_COMMANDS)
def test_a_command_is_shown_as_the_bot_explains_it(shown: str) -> None:
    assert shown in [f"{PREFIX} {form.usage}" for form in COMMANDS.values()]


@pytest.mark.parametrize("shown", REVIEW_COMMANDS)
def test_a_command_that_is_typed_as_shown_is_read(shown: str) -> None:
    typed = shown
    for placeholder, example in EXAMPLES.items():
        typed = typed.replace(placeholder, example)
    assert not set(typed) & set("[]<>…")
    assert not isinstance(parse_comment(typed, COMMANDS), Unknown | None)


@given(sides, sides)
def test_the_comment_that_accepts_a_term_is_read_as_this_term(source: str, target: str) -> None:
    assert parse_comment(term_command(source, target), COMMANDS) == AddTerm(source, target)
