"""The body of a pull request: what people read, and in which order."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import FileChange, FileResult, FuzzyMatch, Left, Merge
from bot.report.clashes import Clashing
from bot.report.layout import BodyPart, ListEntry, lay_out, stretch
from bot.report.left_for_people import Standing, left_part
from bot.report.markdown import fitted
from bot.report.pull_request import commit_message, pull_request_body
from bot.report.revised import earlier_stale
from bot.report.source_changes import SourceCommit
from tests.support.rendered import render
from tests.support.reported import COMMIT, CONTEXT, EXAMPLE, OLD, merged

GOLDEN = Path(__file__).parents[1] / "golden" / "report"


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
    standing=(Standing("index.md", 12, "This sentence waits since the last update."),),
    stale=(earlier_stale("tea.md", 7, "Wait for two minutes.", "Wait for ten minutes.", "等两分钟。"),),
    quote="$0.02 ($15 per million characters)",
    terms="## Terms that people correct\n\n(a section of another module)",
    scores=(Path(__file__).parents[1] / "golden" / "scores" / "trend.md").read_text("utf-8").strip(),
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
        assert f"{number - sum(shown):,} more entries are in the [full report][report]." in body.text
        told = [int(found) for page in body.report for found in re.findall(r"Sentence (\d+) is left", page)]
        assert told == list(range(number))


def test_a_collapsed_part_that_begins_within_a_file_names_it() -> None:
    left = [Left(f"reason {i}", f"Sentence {i}.", (0, 0)) for i in range(12)]
    body = pull_request_body(CONTEXT, [FileResult("a.md", "a.md", FileChange.UPDATED, merged(left, left=12))])
    assert "<details><summary>2 more entries</summary>\n\n**`a.md`**\n\n- **Line 1**: reason 10" in body.text


def test_without_a_machine_there_is_no_word_on_its_quality() -> None:
    body = pull_request_body(CONTEXT, [FileResult("a.md", "a.md", FileChange.UPDATED, merged(kept=3))]).text
    assert body.endswith("\n\nNothing was sent to an engine.\n\nReviewers: `mei`\n")


def test_one_entry_more_is_no_plural() -> None:
    left = [Left(f"reason {i}", f"Sentence {i}.", (0, 0)) for i in range(11)]
    body = pull_request_body(CONTEXT, [FileResult("a.md", "a.md", FileChange.UPDATED, merged(left, left=11))])
    assert "<details><summary>1 more entry</summary>" in body.text
    part = BodyPart("Files", (ListEntry("long " * 100),), "file", 1)
    assert lay_out(part, 300).text == "## Files\n\n1 file is in the [full report][report]."


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
    assert "3 more commits before these." in plain
    assert "](http" not in plain


def test_commands_are_told_within_a_line_where_somebody_listens() -> None:
    context = replace(CONTEXT, commands=("/amts sync", "/amts help"))
    body = pull_request_body(context, EXAMPLE).text
    assert "Begin a comment with one of these: `/amts sync`. The comment `/amts help` explains" in body
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
