"""What is sent in place of a text that would mean something."""

from __future__ import annotations

import logging

import pytest

from bot.markup.sending import fitting_body, safe_body, safe_line

NOTE = "<!-- amts:tally eJw= -->"


def test_a_text_with_something_live_is_sent_as_code_with_its_notes(caplog: pytest.LogCaptureFixture) -> None:
    body = f"Ask @canary.\n\n```\nx\n```\n\n{NOTE}\n"
    sent = safe_body(body)
    assert "````text\nAsk @canary.\n\n```\nx\n```\n````\n" in sent
    assert sent.endswith(f"\n{NOTE}\n")
    assert safe_body(sent) == sent
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "a text is sent as code, since it would hold a mention that is not the bot's")
    ]


def test_notes_with_a_foreign_link_among_them_are_left_out() -> None:
    sent = safe_body(f"x\n\n{NOTE}\n[report]: https://e.example\n")
    assert "https://e.example" not in sent.partition("```text")[2].partition("```")[2]
    assert NOTE not in sent.partition("```text")[2].partition("```")[2]


def test_other_texts_stay_byte_for_byte_but_for_what_nobody_sees() -> None:
    body = f"## Title\n\n- `a`\n\n{NOTE}\n"
    assert safe_body(body) == body
    assert safe_body("a\x1b[31mb\u202e") == "a\\x1b[31mb\\u202e"


@pytest.mark.parametrize(
    ("title", "sent"),
    [
        ("Chinese: in step with the English of b28141a193", "Chinese: in step with the English of b28141a193"),
        ("fixes #1, @canary\nGH-2", "fixes #\u20601, @\u2060canary\\nGH\u2060-2"),
    ],
)
def test_a_title_is_one_line_that_refers_to_nothing(title: str, sent: str) -> None:
    assert safe_line(title) == sent
    assert safe_line(sent) == sent


@pytest.mark.parametrize(
    ("body", "end"),
    [
        ("One.\n\nTwo is long.", "One."),
        ("One.\n\n```\nlong code\n```", "One."),
        ("One.\n\n- a\n- b\n- c is long", "One.\n\n- a\n- b"),
        ("| a |\n|---|\n| 1 |\n| 2 |\n| 3 is long |", "| a |\n|---|\n| 1 |\n| 2 |"),
        ("One.\n\n<details><summary>x</summary>\n\nin\n\nlong words\n\n</details>", "One."),
    ],
    ids=["paragraph", "code", "entries", "rows", "collapsed"],
)
def test_a_long_text_ends_between_two_blocks(body: str, end: str) -> None:
    assert fitting_body(body, len(body)) == body
    assert fitting_body(body, len(body) - 2) == f"{end}\n\n…"
