"""What people correct is what is taught: the next parallel data holds the merged text, not the machine's draft."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli_run import BOOK_ZH, CHINESE, ENGLISH, WAIT, Book, Cli
from tests.support.gitrepo import add_commits, git

DRAFT, CORRECTED = "喝酒前等待四分钟。", "饮用前请等待四分钟。"


@pytest.fixture
def drafted(cli: Cli, tmp_path: Path) -> Book:
    """A book with an open pull request, in which a machine drafted the new sentence."""
    book = Book(tmp_path, {"zh": BOOK_ZH})
    book.english({"tea.md": f"{ENGLISH}\n{WAIT}"})
    ran = cli("sync", "--config", book.config)
    assert ran.code == 0, ran.err
    draft = f"{CHINESE}\n{DRAFT}\n"
    add_commits(book.folder / "zh", {"tea.md": draft}, branch="amts/zh")
    return book


def built(cli: Cli, book: Book, *arguments: str | Path) -> dict[str, list[tuple[str, str]]]:
    """Target and fate of the pairs of each source text."""
    output = book.folder / "data"
    given: list[str | Path] = ["--config", book.config, "--output", output, "--min-score", "0", "--held-out", "0"]
    ran = cli("parallel-data", "build", *given, *arguments)
    assert ran.code == 0, ran.err
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (output / "zh.pairs.jsonl").read_text("utf-8").splitlines():
        record: dict[str, Any] = json.loads(line)
        found.setdefault(record["source"], []).append((record["target"], record["fate"]))
    return found


def merge(book: Book, text: str = "") -> None:
    """Merges the pull request, after a reviewer's correction where `text` is given."""
    repo = book.folder / "zh"
    if text:
        add_commits(repo, {"tea.md": text}, branch="amts/zh")
    git(repo, "update-ref", "refs/heads/main", "refs/heads/amts/zh")


def test_a_draft_teaches_nothing_before_it_is_merged(cli: Cli, drafted: Book) -> None:
    assert WAIT.strip() not in built(cli, drafted)


def test_the_correction_of_a_draft_is_the_pair_of_the_next_build(cli: Cli, drafted: Book) -> None:
    merge(drafted, f"{CHINESE}\n{CORRECTED}\n")
    pairs = built(cli, drafted)
    assert pairs[WAIT.strip()] == [(CORRECTED, "kept")]
    assert DRAFT not in (drafted.folder / "data" / "zh.csv").read_text("utf-8")


def test_a_correction_after_the_merge_takes_the_place_of_the_draft(cli: Cli, drafted: Book) -> None:
    merge(drafted)
    assert built(cli, drafted)[WAIT.strip()] == [(DRAFT, "kept")]
    add_commits(drafted.folder / "zh", {"tea.md": f"{CHINESE}\n{CORRECTED}\n"})
    assert built(cli, drafted)[WAIT.strip()] == [(CORRECTED, "kept")]


def test_people_come_before_a_machine_however_often_it_said_otherwise(cli: Cli, drafted: Book) -> None:
    merge(drafted, f"{CHINESE}\n{CORRECTED}\n")
    unit = (
        f'<trans-unit id="{{}}"><source>{WAIT.strip()}</source><target state-qualifier="mt-suggestion">{DRAFT}</target>'
        "</trans-unit>"
    )
    units = "".join(unit.format(number) for number in range(3))
    memory = drafted.folder / "machine.xlf"
    memory.write_text(
        '<xliff version="1.2"><file source-language="en" target-language="zh" datatype="x" original="x"><body>'
        f"{units}</body></file></xliff>",
        "utf-8",
    )
    found = built(cli, drafted, "--import", memory)[WAIT.strip()]
    assert found == [(CORRECTED, "kept"), *[(DRAFT, "machine translation")] * 3]
