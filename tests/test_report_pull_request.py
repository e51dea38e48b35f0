"""The body of a pull request: what people read, how long it gets, and what can't be smuggled into it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyromark
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.model import Action, Doubt, FileChange, FileResult, FuzzyMatch, Language, Left, Merge
from bot.report.left import left_section
from bot.report.leftovers import Leftover
from bot.report.markdown import code_block, code_span, fitted, table_row
from bot.report.pull_request import Context, commit_message, pull_request_body, pull_request_title

GOLDEN = Path(__file__).parent / "golden" / "report"
COMMIT = "b28141a1938d74e169493320c91e601431a987eb"
CONTEXT = Context(
    Language("zh", "Chinese (Simplified)"), Language("en", "English"), COMMIT, "phrases", reviewers=("mei",)
)
LIMIT = 65_536
# What means something on a host, or to a bot, outside code; and what tries to get out of it.
SMUGGLED = [
    *("@canary", "#1", "<!-- canary -->", "/amts canary", "GH-1", "[canary](http://e.org)", "</code>", " ", "字"),
    *("`", "``", "```", "````", "~~~", "|", "\\", "\\|", "\n", "\r", "\u2028", "\x1b[31m", "\u202e", "\udce9"),
]

texts = st.lists(st.sampled_from(SMUGGLED), max_size=8).map("".join) | st.text(max_size=30)
fuzzies = st.none() | st.builds(FuzzyMatch, texts, texts, st.floats(0, 1), texts)
lefts = st.builds(Left, texts, texts, st.just((0, 0)), fuzzies, texts)


def counts(**numbers: int) -> dict[str, int]:
    return {action.value: numbers.get(action.value, 0) for action in Action}


def merged(
    waiting: Sequence[Left] = (),
    text: str = "",
    characters: int = 0,
    units: int = 0,
    doubts: Sequence[Doubt] = (),
    **sentences: int,
) -> Merge:
    """`units` are code cells and the like, which were patched."""
    found = counts(**sentences)
    counts_of_all = found | {"patched": found["patched"] + units}
    return Merge(text, (), counts_of_all, found, tuple(waiting), characters, doubts=tuple(doubts))


doubts = st.builds(Doubt, st.lists(texts, min_size=1, max_size=3).map(tuple), texts, st.just((0, 0)))
merges = st.builds(
    merged,
    st.lists(lefts, max_size=3),
    texts,
    st.integers(0, 10**6),
    st.integers(0, 9),
    st.lists(doubts, max_size=3),
)
results = st.lists(
    st.builds(
        FileResult, texts, texts, st.sampled_from(FileChange), st.none() | merges, texts, texts, texts, st.just(10)
    ),
    max_size=4,
)

TEAPOT = "The readings of :numref:`tab_teapot` hold none."
LEFT = [
    Left("left out by the translators; its English changed", "It first described the heights of parents.", (0, 0)),
    Left("not in the memory", "A first new sentence.", (2, 3)),
    Left("not in the memory", "A second new sentence.", (4, 5)),
    Left(
        "not in the memory; a match of 91 % is offered",
        "All you need is Python 3.11, and a little patience.",
        (6, 7),
        FuzzyMatch("All you need is Python and a little patience.", "你只需要 Python 和一点耐心。", 0.917, "index.md"),
    ),
    Left(
        "the translation lost :numref:`tab_teapot`",
        TEAPOT,
        (8, 9),
        rejected="茶壶的读数没有。",
    ),
]
DOUBTS = [
    Doubt(("the numbers differ; not in it: 40", "the glossary has 线 for “line”"), "The line at 40 @degrees.", (2, 3))
]
NEW = [Left("not in the memory", f"Sentence {i} is new.", (0, 0)) for i in range(20)]
OLD = "a" * 40
EXAMPLE = [
    FileResult(
        "outliers.md", "outliers.md", FileChange.ADDED, merged(NEW, reused=2, left=20, characters=900), size=1000
    ),
    FileResult(
        *("index.md", "index.md", FileChange.UPDATED),
        merge=merged(kept=28, patched=2, translated=1, characters=45, units=1),
        base=OLD,
        size=2000,
    ),
    FileResult(
        *("chapter/fitting.md", "chapter/fitting.md", FileChange.RENAMED),
        merge=merged(LEFT, "一\n二\n三\n四\n五\n", doubts=DOUBTS, kept=33, moved=1, left=5, characters=120),
        base=OLD,
        old_path="chapter/lines.md",
        size=900,
    ),
    FileResult("abacus.md", None, FileChange.REMOVED, base=OLD),
    FileResult("notes.md", "notes.md", FileChange.SKIPPED, problem="nothing says which English it was made from"),
    FileResult("broken.md", "broken.md", FileChange.FAILED, problem="broken.md:3: is not UTF-8; convert it first"),
]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("body.md", pull_request_body(CONTEXT, EXAMPLE)),
        ("body-nothing-left.md", pull_request_body(CONTEXT, EXAMPLE[1:2])),
        ("body-linked.md", pull_request_body(replace(CONTEXT, source_url="https://example.org/a/b"), EXAMPLE[1:3])),
        ("message.txt", commit_message(CONTEXT, EXAMPLE, OLD)),
    ],
)
def test_what_people_read_is_as_in_the_golden_file(name: str, text: str) -> None:
    golden = GOLDEN / name
    if os.environ.get("AMTS_UPDATE_GOLDEN"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


@settings(max_examples=60)
@given(results)
def test_text_of_the_book_stands_in_code_only(results: list[FileResult]) -> None:
    earlier = tuple(Leftover(result.path, 1, result.problem) for result in results)
    context = Context(CONTEXT.language, CONTEXT.source_language, COMMIT, "phrases", reviewers=("mei",), earlier=earlier)
    body = pull_request_body(context, results)
    prose = "".join(prose_of(body))
    for hint in ("canary", "@", "#", "GH-", "<", "/amts", "字", "\x1b", "\u202e", "\udce9"):
        assert hint not in prose
    assert not body.startswith("/")
    body.encode()


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


@pytest.mark.parametrize(("number", "length"), [(1, 70_000), (60, 3), (60, 2000), (2000, 3), (2000, 200)])
def test_a_body_is_never_longer_than_a_host_takes(number: int, length: int) -> None:
    text = "x`" * (length // 2)
    left = [Left(text, text, (0, 0), FuzzyMatch(text[1:], text, 0.9, text))] * 2
    results = [
        FileResult(f"{i}{text}", text, change, merged(left, left=2), text, "a" * 40, text, 10)
        for i in range(number)
        for change in (FileChange.UPDATED, FileChange.FAILED)
    ]
    earlier = tuple(Leftover(text, 1, text) for _ in range(number))
    body = pull_request_body(Context(CONTEXT.language, CONTEXT.source_language, COMMIT, "e", earlier=earlier), results)
    assert len(body) < LIMIT
    assert all(title in body for title in ("## Not touched", "## Left for you", "## Files", "## Checks"))
    if number == 2000:
        assert "more do not fit here; `amts sync --json` lists all." in body


@given(st.lists(st.text(alphabet="ab", min_size=1, max_size=9), max_size=9), st.integers(0, 60))
def test_a_list_shows_what_fits_and_counts_the_rest(entries: list[str], room: int) -> None:
    shown = [line for line in fitted(entries, room, "\n").split("\n") if line]
    number = next((i for i, line in enumerate(shown) if "do not fit" in line), len(shown))
    assert shown[:number] == entries[:number]
    assert sum(len(line) + 1 for line in shown[:number]) <= room or not number
    rest = len(entries) - number
    assert shown[number:] == ([f"{rest} more do not fit here; `amts sync --json` lists all."] if rest else [])


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


def test_a_code_cell_that_is_left_shows_the_lines_that_changed() -> None:
    old, new = "```python\na = 1\nb = 2\nc = 3\nd = 4\n```", "```python\na = 1\nb = 2\nc = 3\nd = 5\n```"
    left = Left("new English lines", new, (0, 0), FuzzyMatch(old, "```python\nd = 四\n```", 0.9))
    merge = Merge("", (), {}, {}, (left,), 0)
    section = left_section([FileResult("a.md", "a.md", FileChange.UPDATED, merge)], 10_000)
    assert "-d = 4\n+d = 5\n" in section
    assert "a = 1" not in section
