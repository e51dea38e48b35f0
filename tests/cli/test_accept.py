"""`amts accept`: what is stale, and that it is right as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli_run import BOOK_ZH, Book, Cli
from tests.support.gitrepo import add_commits, git

pytest_plugins = ["tests.support.cli_fixtures"]

RECORD = ".amts/stale.zh.yaml"
SLOWLY, NEVER = "Pour the water slowly over the leaves.", "Pour the water never over the leaves."
POUR = "将水慢慢倒在茶叶上。"
HOLDS, CARRIES = "A cup holds the hot tea.", "A cup carries the hot tea."


@pytest.fixture
def book(tmp_path: Path, cli: Cli) -> Book:
    """A book with a stale sentence in each of its files, in step and merged."""
    book = Book(tmp_path / "book", {"zh": BOOK_ZH})
    tea, cups = (git(book.folder / "en", "show", f"main:{path}") + "\n" for path in ("tea.md", "cups.md"))
    book.english({"tea.md": tea.replace(SLOWLY, NEVER), "cups.md": cups.replace(HOLDS, CARRIES)})
    assert cli("sync", "-c", book.config).code == 0
    git(book.folder / "zh", "update-ref", "refs/heads/main", "amts/zh")
    return book


def record(book: Book, branch: str) -> str:
    names = git(book.folder / "zh", "ls-tree", "-r", "--name-only", branch).split("\n")
    return book.text(RECORD, branch=branch) if RECORD in names else ""


def test_without_a_path_it_lists_what_is_stale_with_the_difference(book: Book, cli: Cli) -> None:
    before = git(book.folder / "zh", "for-each-ref")
    ran = cli("accept", "zh", "-c", book.config)
    assert ran.out.splitlines() == [
        "cups.md:3: A cup [-holds-]{+carries+} the hot tea.",
        "    杯子盛着热茶。",
        "tea.md:5: Pour the water [-slowly-]{+never+} over the leaves.",
        f"    {POUR}",
        "zh: 2 stale sentences",
    ]
    assert git(book.folder / "zh", "for-each-ref") == before
    assert cli("accept", "zh", "--json", "-c", book.config).json()["stale"] == [
        {"path": "cups.md", "line": 3, "english": HOLDS, "now": CARRIES, "translation": "杯子盛着热茶。"},
        {"path": "tea.md", "line": 5, "english": SLOWLY, "now": NEVER, "translation": POUR},
    ]


def test_status_counts_what_is_stale(book: Book, cli: Cli) -> None:
    ran = cli("status", "-c", book.config)
    assert "2 current" in ran.out
    assert "zh: 2 sentences stale: `amts accept zh` lists them" in ran.out
    languages = cli("status", "--json", "-c", book.config).json()["languages"]
    assert isinstance(languages, dict)
    assert [(file["status"], file["stale_sentences"]) for file in languages["zh"]["files"]] == [("current", 1)] * 2
    assert "in step" in cli("sync", "-c", book.config).out


def test_accepted_sentences_are_proposed_and_are_made_from_the_new_english_then(book: Book, cli: Cli) -> None:
    ran = cli("accept", "zh", "tea.md", "-c", book.config)
    assert "1 sentence accepted" in ran.out
    assert book.card(2)["state"] == "open"
    assert (POUR in record(book, "main"), POUR in record(book, "amts/zh")) == (True, False)
    assert CARRIES in record(book, "amts/zh")
    # The next sync goes on with the same pull request.
    tea = git(book.folder / "en", "show", "main:tea.md") + "\n"
    book.english({"tea.md": tea.replace(NEVER, "Pour the water quickly over the leaves.")})
    cli("sync", "-c", book.config)
    assert f'english: "{NEVER}"' in record(book, "amts/zh")


def test_with_an_open_pull_request_the_commit_is_added_to_it(book: Book, cli: Cli) -> None:
    add_commits(book.folder / "zh", {"notes.txt": "Main moved on.\n"})
    book.english({"new.md": "# New\n\nA new file is here.\n"})
    cli("sync", "-c", book.config)
    tip = book.tip()
    ran = cli("accept", "zh", "--all", "-c", book.config)
    assert ran.code == 0
    assert git(book.folder / "zh", "rev-parse", "amts/zh^") == tip
    assert record(book, "amts/zh") == ""
    assert cli("accept", "zh", "-c", book.config).out == "zh: 0 stale sentences\n"
    assert cli("accept", "zh", "--all", "-c", book.config).out == "zh: nothing is stale\n"
    assert git(book.folder / "zh", "log", "-1", "--format=%s", "amts/zh").endswith(": accept 2 stale sentences")
    assert "up to date" in cli("sync", "-c", book.config).out


def test_a_line_means_what_stands_on_it(book: Book, cli: Cli) -> None:
    ran = cli("accept", "zh", "tea.md", "--line", "3", "-c", book.config)
    assert (ran.code, ran.err) == (
        2,
        "amts: nothing is stale in tea.md:3; `amts accept zh` lists the stale sentences\n",
    )
    assert cli("accept", "zh", "tea.md", "--line", "5", "-c", book.config).code == 0
    assert POUR not in record(book, "amts/zh")


@pytest.mark.parametrize(
    "words",
    [["xx"], ["zh", "--all", "tea.md"], ["zh", "--line", "5"], ["zh", "none.md"], ["zh", "*.md", "--line", "5"]],
)
def test_what_makes_no_sense_changes_nothing(book: Book, cli: Cli, words: list[str]) -> None:
    before = git(book.folder / "zh", "for-each-ref")
    assert cli("accept", *words, "-c", book.config).code == 2
    assert git(book.folder / "zh", "for-each-ref") == before


def test_a_folder_has_no_lines(book: Book, cli: Cli) -> None:
    ran = cli("accept", "zh", "*.md", "--line", "5", "-c", book.config)
    assert "no file *.md has a stale sentence, and --line needs one" in ran.err


def test_the_body_names_the_whole_command(book: Book) -> None:
    assert "accept them with `amts accept zh <path> --line <line>`" in book.body(1)


def test_a_check_reads_the_record(book: Book, cli: Cli) -> None:
    assert cli("check", "-c", book.config).code == 0
    add_commits(book.folder / "zh", {RECORD: "<<<<<<< ours\n"})
    ran = cli("check", "-c", book.config)
    assert (ran.code, f"languages.zh: {RECORD}:1: git left a conflict here" in ran.err) == (3, True)


def test_what_people_closed_is_not_said_to_be_accepted(book: Book, cli: Cli) -> None:
    assert cli("accept", "zh", "tea.md", "-c", book.config).code == 0
    assert "**Line 5**: <code>Pour the water <del>slowly</del> <b>never</b> over the leaves.</code>" in book.body(2)
    card = book.pulls / "zh" / "2" / "pull-request.yaml"
    card.write_text(card.read_text().replace("state: open", "state: closed"))
    ran = cli("accept", "zh", "tea.md", "-c", book.config)
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith("amts: zh: 1 sentence not accepted: people closed the same pull request, ")
