"""The body of a pull request: what people read, how long it gets, and what can't be smuggled into it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyromark
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.model import Action, Doubt, FileChange, FileResult, FuzzyMatch, Language, Left, Merge
from bot.report.clashes import Clashing
from bot.report.english import SourceCommit
from bot.report.left import left_part
from bot.report.leftovers import Leftover
from bot.report.markdown import code_block, code_span, escaped, fitted, table_row
from bot.report.parts import stretch
from bot.report.pull_request import MAX_BODY, Context, commit_message, pull_request_body, pull_request_title
from tests.rendered import render

GOLDEN = Path(__file__).parent / "golden" / "report"
COMMIT = "b28141a1938d74e169493320c91e601431a987eb"
CONTEXT = Context(
    Language("zh", "Chinese (Simplified)"), Language("en", "English"), COMMIT, "phrases", reviewers=("mei",)
)
TAGS = {
    *("p", "h2", "h1", "ul", "li", "code", "pre", "strong", "a", "br", "table", "thead", "tbody", "tr", "th", "td"),
    *("details", "summary"),
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
        FileResult, paths, paths, st.sampled_from(FileChange), st.none() | merges, texts, texts, paths, st.just(10)
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
CELL = "```python\n{}\n```".format("\n".join(f"line_{i} = {i}" for i in range(9)))
MANY = [
    *EXAMPLE[1:3],
    FileResult(
        *("chapter/code.md", "chapter/code.md", FileChange.UPDATED),
        merge=merged(
            [
                Left(
                    "code: new English lines replaced localised ones: # 线 → # a line",
                    CELL.replace("line_4 = 4", "line_4 = 5"),
                    (0, 0),
                    FuzzyMatch(CELL, CELL.replace("line", "线"), 0.96),
                ),
                Left("the engine could not translate it", CELL, (0, 0)),
                *(Left(f"the translation lost `x_{i}`", f"The value `x_{i}` is left.", (0, 0)) for i in range(8)),
            ],
            kept=4,
            left=8,
        ),
        base=OLD,
        size=900,
    ),
    *(
        FileResult(f"chapter/{i:02}.md", f"chapter/{i:02}.md", FileChange.UPDATED, merged(kept=9, patched=1), base=OLD)
        for i in range(15)
    ),
]
EVERYTHING = replace(
    CONTEXT,
    source_url="https://example.org/a/b",
    commits=tuple(SourceCommit(f"{i:x}" * 40, f"Fix @canary's typo in `tea` (#{i})") for i in range(12)),
    source_base=OLD,
    clashes=(Clashing("index.md", 4, "她们写的另一句。"), Clashing("index.md", 9, "")),
    earlier=(Leftover("index.md", 12, "This sentence waits since the last update."),),
    quote="$0.02 ($15 per million characters)",
    terms="## Terms that people correct\n\n(a section of another module)",
    scores=(Path(__file__).parent / "golden" / "scores" / "trend.md").read_text("utf-8").strip(),
    commands=("/amts sync [language|path…]", "/amts retranslate <path>[:line]", "/amts help"),
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("body.md", pull_request_body(CONTEXT, EXAMPLE).text),
        ("body-nothing-left.md", pull_request_body(CONTEXT, EXAMPLE[1:2]).text),
        (
            "body-linked.md",
            pull_request_body(replace(CONTEXT, source_url="https://example.org/a/b"), EXAMPLE[1:3]).text,
        ),
        ("body-everything.md", pull_request_body(EVERYTHING, MANY).text),
        ("message.txt", commit_message(CONTEXT, EXAMPLE, OLD)),
    ],
)
def test_what_people_read_is_as_in_the_golden_file(name: str, text: str) -> None:
    golden = GOLDEN / name
    if os.environ.get("AMTS_UPDATE_GOLDEN"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


contexts = st.builds(
    lambda path, words, commits: replace(
        CONTEXT,
        engine=words,
        earlier=(Leftover(path, 1, words),),
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
    results = [
        FileResult(f"{i}{text}", text, change, merged(left, doubts=DOUBTS, left=2), text, "a" * 40, text, 10)
        for i in range(number)
        for change in (FileChange.UPDATED, FileChange.FAILED)
    ]
    context = replace(
        CONTEXT,
        engine=text,
        earlier=tuple(Leftover(text, 1, text) for _ in range(number)),
        clashes=tuple(Clashing(text, 1, text) for _ in range(number)),
        commits=tuple(SourceCommit(COMMIT, text) for _ in range(number)),
        terms=f"## Terms\n\n{text}",
        scores=f"## Scores\n\n{text}",
    )
    body = pull_request_body(context, results)
    assert len(body.text) < MAX_BODY
    titles = ("## Not touched", "## Left for you", "## Worth a second look", "## Files", "## Scores", "## Checks")
    assert all(title in body.text for title in titles)
    assert render(body.text).balanced
    assert bool(body.report) == ("[full report][report]" in body.text)
    assert bool(body.report) == ((number, length) != (2, 3))


@pytest.mark.parametrize("number", [3, 30, 300, 3000])
def test_what_is_left_is_shown_collapsed_or_in_the_report(number: int) -> None:
    left = [Left(f"reason {i}", f"Sentence {i} is left.", (0, 0)) for i in range(number)]
    results = [
        FileResult(f"{start}.md", f"{start}.md", FileChange.UPDATED, merged(left[start : start + 50], left=50))
        for start in range(0, number, 50)
    ]
    body = pull_request_body(CONTEXT, results)
    seen, collapsed, rest = body.text.partition("<details>")
    shown = [len(re.findall(r"Sentence \d+ is left", text)) for text in (seen, rest)]
    assert shown[0] == min(number, 10)
    assert bool(collapsed) == (number > 10)
    assert bool(body.report) == (sum(shown) < number)
    if body.report:
        assert f"{number - sum(shown):,} more entries stand in the [full report][report]." in body.text
        told = [int(found) for page in body.report for found in re.findall(r"Sentence (\d+) is left", page)]
        assert told == list(range(number))


def test_a_collapsed_part_that_begins_within_a_file_names_it() -> None:
    left = [Left(f"reason {i}", f"Sentence {i}.", (0, 0)) for i in range(12)]
    body = pull_request_body(CONTEXT, [FileResult("a.md", "a.md", FileChange.UPDATED, merged(left, left=12))])
    assert "<details><summary>2 more entries</summary>\n\n**`a.md`**\n\n- **Line 1**: reason 10" in body.text


def test_files_with_most_to_do_come_first_and_few_are_not_collapsed() -> None:
    results = [
        FileResult(f"{i:02}.md", "a.md", FileChange.UPDATED, merged(kept=1, translated=i % 7)) for i in range(20)
    ]
    body = pull_request_body(CONTEXT, results).text
    shown, _, collapsed = body[body.index("## Files") :].partition("<details><summary>5 more files</summary>")
    assert re.findall(r"`(\d\d)\.md`", shown)[:3] == ["06", "13", "05"]
    assert len(re.findall(r"\.md`", collapsed)) == 5
    assert "| file | change | kept | translated |" in collapsed
    assert "<details>" not in pull_request_body(CONTEXT, results[:15]).text


def test_the_latest_commits_of_the_source_are_shown_and_the_rest_compared() -> None:
    commits = tuple(SourceCommit(f"{i:040x}", f"Fix @canary's typo (#{i})") for i in range(13))
    context = replace(CONTEXT, commits=commits, source_url="https://example.org/a/b", source_base=OLD)
    body = pull_request_body(context, EXAMPLE)
    section = body.text[body.text.index("## What changed in the English") :].partition("\n## ")[0]
    assert section.count("https://example.org/a/b/commit/") == 10
    compared = f"https://example.org/a/b/compare/{OLD[:10]}...{COMMIT[:10]}"
    assert section.rstrip().endswith(f"3 more commits since `aaaaaaaaaa`: [all changes]({compared}).")
    assert not body.report
    plain = pull_request_body(replace(context, source_url=""), EXAMPLE).text
    assert "3 more commits are older." in plain
    assert "](http" not in plain


def test_commands_are_told_within_a_line_where_somebody_listens() -> None:
    context = replace(CONTEXT, commands=("/amts sync", "/amts help"))
    body = pull_request_body(context, EXAMPLE).text
    assert "At the beginning of a comment: `/amts sync`; `/amts help` tells" in body
    assert not any(line.startswith("/") for line in body.splitlines())
    assert "Commands" not in pull_request_body(CONTEXT, EXAMPLE).text


def test_co_authors_are_trailers_of_the_commit() -> None:
    message = commit_message(CONTEXT, EXAMPLE, OLD, ["Ada <ada@example.org>"])
    assert message.endswith(f"AMTS-Continues: {OLD}\nCo-authored-by: Ada <ada@example.org>\n")


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
    part = left_part([FileResult("a.md", "a.md", FileChange.UPDATED, Merge("", (), {}, {}, (left,), 0))])
    section = stretch(part, part.entries)
    assert "  -d = 4\n  +d = 5\n" in section
    assert "a = 1" not in section


def test_long_code_is_collapsed_within_its_entry() -> None:
    code = "\n".join(["```python", *(f"line_{i}()" for i in range(9)), "```"])
    left = Left("the code conflicts", code, (0, 0))
    part = left_part([FileResult("a.md", "a.md", FileChange.UPDATED, Merge("", (), {}, {}, (left,), 0))])
    page = render(stretch(part, part.entries))
    assert page.balanced
    assert "details" in page.tags
    assert "line_8()" in page.code
