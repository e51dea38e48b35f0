"""`measure: true`: pull requests speak of the machine's quality, and merged ones of what people changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_run import BOOK_ZH, ENGLISH, HABITS, HABITS_ZH, WAIT, Book, Cli
from tests.gitrepo import git


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Cli(monkeypatch, capsys)


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


def test_a_merged_pull_request_is_told_of_once_and_status_sums_it_up(cli: Cli, tmp_path: Path) -> None:
    book = make_book(tmp_path, measure=True)
    assert cli("sync", "--config", book.config).code == 0
    git(book.folder / "zh", "update-ref", "refs/heads/main", "refs/heads/amts/zh")
    book.english({"tea.md": ENGLISH + "\n" + WAIT + "\nAdd some milk to it.\n"})
    for _ in range(2):
        ran = cli("sync", "--config", book.config)
        assert ran.code == 0, ran.err
    thread = book.pulls / "zh" / "1" / "thread"
    told = sorted(thread.iterdir()) if thread.exists() else []
    assert len(told) <= 1
    assert cli("status", "--config", book.config).code == 0
