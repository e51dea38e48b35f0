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

from bot.model import Action, Carried, Doubt, FileChange, FileResult, FuzzyMatch, Left, Revision
from bot.report.clashes import Clashing
from bot.report.left_for_people import Standing
from bot.report.markdown import code_block, code_span, escaped, table_row
from bot.report.pull_request import MAX_BODY, Context, commit_message, pull_request_body, pull_request_title
from bot.report.source_changes import SourceCommit
from tests.support.rendered import render
from tests.support.reported import COMMIT, CONTEXT, DOUBTS, OLD, merged

TAGS = {
    *("p", "h2", "h1", "ul", "li", "code", "pre", "strong", "a", "br", "table", "thead", "tbody", "tr", "th", "td"),
    *("details", "summary", "del", "b"),
}


# What means something on a host, or to a bot, outside code; and what tries to get out of it.
SMUGGLED = [
    *("@canary", "#1", "GH-1", "owner/repo#2", "owner/repo@b28141a", "b28141a1938d74e169493320c91e601431a987eb"),
    *(
        "<!-- canary -->",
        "<!--",
        "-->",
        "</details>",
        "<details>",
        "<summary>",
        "</code>",
        "<img src=x>",
        "&commat;canary",
    ),
    *("/amts canary", "/amts sync", "[canary](http://e.org)", "https://e.org/pull/1", "www.e.org", "canary@e.org"),
    *("`", "``", "```", "````", "~~~", "|", "\\", "\\|", "$x$", "\n", "\n\n", "\r", "\u2028", "\x1b[31m", "\u202e"),
    *(" ", "字", "עברית", "- ", "[report]: http://e.org", "# canary", "GH\u2060-1"),
]


texts = st.lists(st.sampled_from(SMUGGLED), max_size=8).map("".join) | st.text(max_size=30)


paths = texts.map("a{}".format)


fuzzies = st.none() | st.builds(FuzzyMatch, texts, texts, st.floats(0, 1), texts)


lefts = st.builds(Left, texts, texts, st.just((0, 0)), fuzzies, texts)


doubts = st.builds(Doubt, st.lists(texts, min_size=1, max_size=3).map(tuple), texts, st.just((0, 0)))


revisions = st.builds(
    Revision,
    st.sampled_from([Action.KEPT, Action.PATCHED, Action.STALE]),
    *(texts, texts, texts, texts, texts, st.just((0, 0))),
    st.builds(Carried, texts, *[st.lists(texts, max_size=2).map(tuple)] * 3),
    texts,
)


merges = st.builds(
    merged,
    st.lists(lefts, max_size=3),
    texts,
    st.integers(0, 10**6),
    st.integers(0, 9),
    st.lists(doubts, max_size=3),
    st.lists(revisions, max_size=3),
)


results = st.lists(
    st.builds(
        FileResult, paths, paths, st.sampled_from(FileChange), st.none() | merges, texts, texts, paths, st.just(10)
    ),
    max_size=4,
)


contexts = st.builds(
    lambda path, words, commits: replace(
        CONTEXT,
        engine=words,
        standing=(Standing(path, 1, words),),
        clashes=(Clashing(path, 2, words),),
        quote="$1",
        source_url="https://example.org/a/b",
        commits=tuple(SourceCommit(COMMIT, subject) for subject in commits),
        source_base=OLD,
        commands=("/amts help",),
    ),
    texts,
    texts,
    st.lists(texts, max_size=12),
)


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
