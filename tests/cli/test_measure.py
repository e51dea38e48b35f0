"""`measure: true`: pull requests speak of the machine's quality, and merged ones of what people changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.drafts.announcements import read_comment
from bot.engines import BUILT_IN
from tests.support.cli_run import BOOK_ZH, ENGLISH, HABITS, HABITS_ZH, WAIT, Book, Cli
from tests.support.gitrepo import git

POUR = "Pour it slowly into a small cup.\n"  # which the book says nowhere else


def make_book(folder: Path, *, measure: bool) -> Book:
    book = Book(folder, {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS)
    book.configure({}, languages={"zh": {"repo": "zh", "measure": measure}})
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    return book


def test_the_body_says_that_an_engine_without_a_machine_can_not_be_scored(cli: Cli, tmp_path: Path) -> None:
    book = make_book(tmp_path, measure=True)
    assert cli("sync", "--config", book.config).code == 0
    assert "## How good the engine is" in book.body()
    assert "### What the files hold" in book.body()
    before = book.body()
    assert cli("sync", "--config", book.config).code == 0
    assert book.body() == before


def test_nothing_is_measured_unless_it_is_asked_for(cli: Cli, tmp_path: Path) -> None:
    book = make_book(tmp_path, measure=False)
    assert cli("sync", "--config", book.config).code == 0
    assert "amts:scores" not in book.body()


def test_a_merged_pull_request_is_told_of_once_and_status_sums_it_up(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An engine with an answer to everything.
    monkeypatch.setitem(BUILT_IN, "memory", "tests.support.commented:MachineSettings")
    book = make_book(tmp_path, measure=True)
    book.english({"tea.md": f"{ENGLISH}\n{POUR}"})
    assert cli("sync", "--config", book.config).code == 0
    git(book.folder / "zh", "update-ref", "refs/heads/main", "refs/heads/amts/zh")
    book.english({"tea.md": f"{ENGLISH}\n{POUR}\nAdd some milk to it.\n"})
    first, again = (cli("sync", "--config", book.config) for _ in range(2))
    assert (first.code, again.code) == (0, 0)
    assert ["zh: pull request 1: " in ran.out + ran.err for ran in (first, again)] == [True, False]
    (told,) = (book.pulls / "zh" / "1" / "thread").iterdir()
    assert read_comment(told.read_text("utf-8")) is not None
    ran = cli("status", "--config", book.config)
    assert (ran.code, "zh: 1 merged pull request: 1 draft (100% accepted" in ran.out) == (0, True)


def test_a_pull_request_without_drafts_of_a_machine_is_not_told_of(cli: Cli, tmp_path: Path) -> None:
    book = make_book(tmp_path, measure=True)
    assert cli("sync", "--config", book.config).code == 0
    git(book.folder / "zh", "update-ref", "refs/heads/main", "refs/heads/amts/zh")
    book.english({"tea.md": ENGLISH + "\n" + WAIT + "\nAdd some milk to it.\n"})
    assert cli("sync", "--config", book.config).code == 0
    assert not (book.pulls / "zh" / "1" / "thread").exists()
    assert "merged pull request" not in cli("status", "--config", book.config).out
