"""What people declined by closing a pull request waits, file by file, until its English changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli_run import BOOK_ZH, CUPS, ENGLISH, HABITS, HABITS_ZH, MILK, WAIT, Book, Cli
from tests.support.gitrepo import git

TEA_MORE = ENGLISH + "\n" + WAIT
CUPS_MORE = CUPS + "\n" + MILK
NEW = "# Pots\n\n" + MILK


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


@pytest.fixture
def book(tmp_path: Path, cli: Cli) -> Book:
    """People closed a pull request with a longer tea.md, a new file, and without habits.md."""
    book = Book(tmp_path, {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS)
    book.english({"tea.md": TEA_MORE, "pots.md": NEW, "habits.md": None})
    assert sync(cli, book) == ("created", {"habits.md": "removed", "pots.md": "added", "tea.md": "updated"})
    say(book, "open", "closed")
    return book


def say(book: Book, old: str, new: str) -> None:
    card = book.pulls / "zh" / "1" / "pull-request.yaml"
    text = card.read_text("utf-8")
    assert f"state: {old}" in text
    card.write_text(text.replace(f"state: {old}", f"state: {new}"), "utf-8")


def sync(cli: Cli, book: Book, *arguments: str) -> tuple[str, dict[str, str]]:
    """The outcome for Chinese, and what became of each file."""
    ran = cli("sync", "--config", book.config, "--json", *arguments)
    assert ran.code == 0, ran.err
    languages = ran.json()["languages"]
    assert isinstance(languages, list)
    (language,) = languages
    return language["outcome"], {file["path"]: file["change"] for file in language["files"]}


def test_what_changes_elsewhere_is_proposed_without_what_was_declined(cli: Cli, book: Book) -> None:
    book.english({"cups.md": CUPS_MORE})
    declined = dict.fromkeys(("habits.md", "pots.md", "tea.md"), "declined")
    assert sync(cli, book) == ("created", {"cups.md": "updated", **declined})
    changed = git(book.folder / "zh", "diff", "--name-only", "main", "amts/zh").split()
    assert changed == ["cups.md", "cups_origin.md"]
    body = book.body(2)
    assert "Declined: people closed `#1`, which proposed it" in body
    assert all(f"`{path}`" in body for path in declined)


def test_nor_is_it_added_to_that_pull_request_later(cli: Cli, book: Book) -> None:
    book.english({"cups.md": CUPS_MORE})
    sync(cli, book)
    assert sync(cli, book)[0] == "unchanged"
    book.english({"cups.md": CUPS})
    assert sync(cli, book)[0] == "closed"
    assert sync(cli, book)[0] == "declined"


def test_a_file_whose_english_changes_is_proposed_and_the_others_wait(cli: Cli, book: Book) -> None:
    book.english({"tea.md": TEA_MORE + "\n" + MILK})
    waiting = {"habits.md": "declined", "pots.md": "declined"}
    assert sync(cli, book) == ("created", {"tea.md": "updated", **waiting})


def test_the_english_of_an_earlier_pull_request_is_declined_as_well(cli: Cli, book: Book) -> None:
    book.english({"tea.md": TEA_MORE + "\n" + MILK})
    sync(cli, book)
    card = book.pulls / "zh" / "2" / "pull-request.yaml"
    card.write_text(card.read_text("utf-8").replace("state: open", "state: closed"), "utf-8")
    book.english({"tea.md": TEA_MORE})
    assert sync(cli, book)[1]["tea.md"] == "declined"


def test_a_pull_request_that_people_open_again_goes_on(cli: Cli, book: Book) -> None:
    say(book, "closed", "open")
    book.english({"cups.md": CUPS_MORE})
    assert sync(cli, book) == ("updated", {"cups.md": "updated"})
    assert book.text("tea.md").endswith("喝之前等四分钟。\n")


def test_who_asks_for_a_file_by_its_name_gets_it(cli: Cli, book: Book) -> None:
    assert sync(cli, book, "--path", "tea.md") == ("created", {"tea.md": "updated"})


def test_a_dry_run_tells_the_same(cli: Cli, book: Book) -> None:
    book.english({"cups.md": CUPS_MORE})
    assert sync(cli, book, "--dry-run")[1] == sync(cli, book)[1]


def test_what_the_bot_closed_itself_is_not_declined(cli: Cli, tmp_path: Path) -> None:
    book = Book(tmp_path, {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS)
    for english in (TEA_MORE, ENGLISH, TEA_MORE):
        book.english({"tea.md": english})
        outcome = sync(cli, book)[0]
    assert outcome == "created"
    assert book.card(1)["state"] == "closed"


def test_a_person_is_told_once_of_all_of_them(cli: Cli, book: Book) -> None:
    said = cli("sync", "--config", book.config).out
    assert "3 files (habits.md, pots.md, tea.md): declined: people closed `#1`, which proposed it;" in said
