"""Nothing of a book or of a machine means anything to a host, and no body is longer than a host takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyromark
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.markup.reading import foreign_elements
from bot.model import Action, Carried, FileChange, FileResult, FuzzyMatch, Left, Revision
from bot.report.clashes import Clashing
from bot.report.left_for_people import Standing
from bot.report.markdown import code_block, code_span, escaped, table_row
from bot.report.pull_request import MAX_BODY, Context, commit_message, pull_request_body, pull_request_title
from bot.report.source_changes import SourceCommit
from tests.support.hostile_texts import contexts, results, texts
from tests.support.rendered import render
from tests.support.reported import COMMIT, CONTEXT, DOUBTS, OLD, merged

TAGS = {
    *("p", "h2", "h1", "ul", "li", "code", "pre", "strong", "a", "br", "table", "thead", "tbody", "tr", "th", "td"),
    *("details", "summary", "del", "b"),
}


@settings(max_examples=100)
@given(results, contexts)
def test_nothing_of_a_book_or_a_machine_means_anything_to_the_host(results: list[FileResult], context: Context) -> None:
    body = pull_request_body(context, results)
    for text in (body.text, *body.report):
        page = render(text)
        assert not page.comments
        assert page.tags <= TAGS
        assert page.balanced
        assert all(link.startswith("https://example.org/a/b/") for link in page.links)
        assert not re.search(r"(?<![\w])@\w|#\d|\bGH-\d|\b[0-9a-f]{7,40}\b|://|www\.", page.prose, re.IGNORECASE)
        assert not re.search(r"^/", text, re.MULTILINE)
        text.encode()
    assert len(body.text) < MAX_BODY


@given(texts)
def test_escaped_text_is_what_it_was_to_a_reader(text: str) -> None:
    shown = render(f"- {escaped(text)}\n")
    assert shown.tags <= {"ul", "li", "code"}
    assert not shown.comments


@given(texts, st.sampled_from(["", "diff"]))
@example("x\n```\n@canary", "")
@example("x\r`````\rcanary", "diff")
@example("`` canary", "")
@example("a\\| canary", "")
def test_code_can_not_be_closed_by_what_is_in_it(text: str, info: str) -> None:
    for code in (code_span(text), code_block(text, info), table_row([code_span(text), "end"])):
        assert "canary" not in "".join(prose_of(f"{code}\n"))


@settings(max_examples=30)
@given(results)
def test_title_and_commit_message_hold_no_text_of_the_book(results: list[FileResult]) -> None:
    safe = [FileResult(one.path, one.source_path, one.change, one.merge, one.problem, "a" * 40) for one in results]
    told = pull_request_title(CONTEXT, safe) + commit_message(CONTEXT, safe, OLD)
    assert not any(hint in told for hint in ("canary", "@", "#", "<", "/", "字"))


@pytest.mark.parametrize(("number", "length"), [(1, 70_000), (2, 3), (60, 2000), (1000, 3), (1000, 200)])
def test_a_body_is_never_longer_than_a_host_takes(number: int, length: int) -> None:
    text = "x`" * (length // 2)
    left = [Left(text, text, (0, 0), FuzzyMatch(text[1:], text, 0.9, text))] * 2
    revised = [
        Revision(
            action, text, text, text[1:], text, text[2:], (0, 0), Carried(text, (text,), (text,) * unsure, (text,))
        )
        for action in (Action.KEPT, Action.PATCHED, Action.STALE)
        for unsure in (0, 1)
    ]
    results = [
        FileResult(
            *(f"{i}{text}", text, change, merged(left, doubts=DOUBTS, revisions=revised, left=2)),
            *(text, "a" * 40, text, 10),
        )
        for i in range(number)
        for change in (FileChange.UPDATED, FileChange.FAILED)
    ]
    context = replace(
        CONTEXT,
        engine=text,
        standing=tuple(Standing(text, 1, text) for _ in range(number)),
        clashes=tuple(Clashing(text, 1, text) for _ in range(number)),
        commits=tuple(SourceCommit(COMMIT, text) for _ in range(number)),
        terms=f"## Terms\n\n{text}",
        scores=f"## Scores\n\n{text}",
    )
    body = pull_request_body(context, results)
    assert len(body.text) < MAX_BODY
    titles = ["Not touched", "To revise", "To check", "Left for you", "Worth a second look", "Small changes"]
    titles += ["Files", "Scores", "Checks"]
    assert all(f"## {title}\n" in body.text for title in titles)
    assert render(body.text).balanced
    assert bool(body.report) == ("[full report][report]" in body.text)
    assert bool(body.report) == ((number, length) != (2, 3))
    for page in body.report:
        assert not foreign_elements(page.partition("\n")[0], [context.source_url])


def prose_of(text: str) -> Iterator[str]:
    """What a reader, or a host that looks for mentions, sees outside code; raw HTML included."""
    inside = 0
    for event in pyromark.events(text, options=pyromark.Options.ENABLE_TABLES):
        match event:
            case {"Start": {"CodeBlock": _}}:
                inside += 1
            case {"End": "CodeBlock"}:
                inside -= 1
            case {"Text": words} | {"Html": words} | {"InlineHtml": words} if not inside:
                yield str(words)
            case {"Start": dict() as start} if not inside:
                yield from _attributes(start)
            case _:
                pass


def _attributes(start: dict[str, Any]) -> Iterator[str]:
    for kind, value in start.items():
        if kind in ("Link", "Image"):
            yield str(value)
