"""The life of a pull request, from the command line and in real repositories."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.cli_run import (
    BOOK_ZH,
    CHINESE,
    CUPS,
    ENGLISH,
    HABITS,
    HABITS_ZH,
    MILK,
    WAIT,
    Book,
    Cli,
    fingerprint,
)
from tests.support.gitrepo import add_commits, git

WHOLE_ZH = {**BOOK_ZH, **HABITS_ZH}


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """A book whose English has moved on by one sentence."""
    book = Book(tmp_path, {"zh": WHOLE_ZH}, HABITS)
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    return book


def sync(cli: Cli, book: Book, *arguments: str) -> str:
    """The outcome for Chinese."""
    ran = cli("sync", "--config", book.config, "--json", *arguments)
    assert ran.code == 0, ran.err
    languages = ran.json()["languages"]
    assert isinstance(languages, list)
    return str(languages[0]["outcome"])


def test_a_new_sentence_gets_its_translation_and_the_rest_stays(cli: Cli, book: Book) -> None:
    assert sync(cli, book) == "created"
    assert book.text("tea.md") == CHINESE + "\n喝之前等四分钟。\n"
    assert book.text("tea_origin.md") == ENGLISH + "\n" + WAIT
    assert book.text("cups.md") == BOOK_ZH["cups.md"]


def test_a_second_sync_changes_nothing(cli: Cli, book: Book) -> None:
    sync(cli, book)
    before, tip = fingerprint(book.folder), book.tip()
    assert sync(cli, book) == "unchanged"
    assert (fingerprint(book.folder), book.tip()) == (before, tip)


def test_a_second_sync_changes_nothing_with_a_lock_file_either(cli: Cli, tmp_path: Path) -> None:
    book = Book(tmp_path, {"zh": {"tea.md": CHINESE}})
    settings = {"zh": {"repo": "zh", "baseline": "lock-file"}}
    commit = git(book.folder / "en", "rev-parse", "main")
    blob = git(book.folder / "en", "rev-parse", "main:tea.md")
    lock = f"version: 1\nfiles:\n  tea.md:\n    source: tea.md\n    commit: {commit}\n    blob: {blob}\n"
    add_commits(book.folder / "zh", {".amts/lock.yaml": lock})
    book.configure({}, languages=settings)
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    assert sync(cli, book) == "created"
    before = fingerprint(book.folder)
    assert sync(cli, book) == "unchanged"
    assert fingerprint(book.folder) == before


def test_when_the_english_moves_on_the_same_pull_request_gets_a_commit_on_top(cli: Cli, book: Book) -> None:
    sync(cli, book)
    first = book.tip()
    book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MILK})
    assert sync(cli, book) == "updated"
    assert git(book.folder / "zh", "rev-parse", "amts/zh^") == first
    assert book.text("tea.md") == CHINESE + "\n喝之前等四分钟。\n\n加一点牛奶。\n"
    assert [place.name for place in (book.pulls / "zh").iterdir()] == ["1"]
    assert book.card()["state"] == "open"


def test_what_a_reviewer_writes_on_the_branch_is_kept_by_the_next_sync(cli: Cli, book: Book) -> None:
    sync(cli, book)
    better = CHINESE + "\n饮用前请静置四分钟。\n"
    (review,) = add_commits(book.folder / "zh", {"tea.md": better}, branch="amts/zh")
    assert sync(cli, book) == "unchanged"
    assert book.tip() == review
    book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MILK})
    assert sync(cli, book) == "updated"
    assert book.text("tea.md") == better + "\n加一点牛奶。\n"


def test_after_a_merge_the_status_is_current_and_the_next_change_opens_a_new_one(cli: Cli, book: Book) -> None:
    sync(cli, book)
    git(book.folder / "zh", "update-ref", "refs/heads/main", "amts/zh")
    shown = cli("status", "--config", book.config)
    assert "zh: 3 current\n" in shown.out
    assert sync(cli, book) == "nothing"
    book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MILK})
    assert sync(cli, book) == "created"
    assert git(book.folder / "zh", "rev-parse", "amts/zh^") == book.tip(branch="main")
    assert (book.card(1)["state"], book.card(2)["state"]) == ("merged", "open")


def test_what_people_closed_is_not_opened_again_until_there_is_something_else(cli: Cli, book: Book) -> None:
    sync(cli, book)
    card = book.pulls / "zh" / "1" / "pull-request.yaml"
    card.write_text(card.read_text("utf-8").replace("state: open", "state: closed"), "utf-8")
    before = fingerprint(book.folder)
    assert sync(cli, book) == "declined"
    assert "people closed this pull request before" in cli("sync", "--config", book.config).out
    assert fingerprint(book.folder) == before
    book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MILK})
    assert sync(cli, book) == "created"
    assert book.card(2)["state"] == "open"


def test_what_an_update_finds_untranslated_is_told_although_it_left_nothing_itself(cli: Cli, book: Book) -> None:
    book.english({"cups.md": CUPS + "\nGlasses break far too easily.\n"})
    sync(cli, book)
    assert "## Left for you" in book.body()
    book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MILK})
    sync(cli, book)
    body = book.body()
    assert "**1 sentence not translated yet, still in English.** Nothing new is left for you.\n" in body
    assert "## Not translated yet" in body
    assert "- `cups.md`, line 5: `Glasses break far too easily.`" in body
    add_commits(book.folder / "zh", {"cups.md": "# 杯子\n\n杯子盛着热茶。\n\n玻璃杯太容易碎。\n"}, branch="amts/zh")
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    sync(cli, book)
    assert "not translated yet" not in book.body().casefold()


def test_what_an_earlier_update_left_stale_stays_listed_until_somebody_edits_it(cli: Cli, book: Book) -> None:
    book.english({"cups.md": CUPS.replace("hot", "iced")})
    sync(cli, book)
    listed = "**`cups.md`**\n\n- **Line 3**: <code>A cup holds the <del>hot</del> <b>iced</b> tea.</code>"
    assert listed in book.body()
    assert "**1 sentence to revise" in book.body()
    book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MILK})
    sync(cli, book)
    assert listed in book.body()
    assert "**1 sentence to revise" in book.body()
    add_commits(book.folder / "zh", {"cups.md": "# 杯子\n\n杯子盛着冰茶。\n"}, branch="amts/zh")
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    sync(cli, book)
    assert "to revise" not in book.body().casefold()


def test_a_language_that_fails_does_not_keep_the_others_from_being_published(cli: Cli, tmp_path: Path) -> None:
    book = Book(tmp_path, {"fr": {"tea.md": "# Thé\n"}, "zh": WHOLE_ZH}, HABITS)
    add_commits(book.folder / "fr", {".amts/lock.yaml": "version: 2\n"})
    settings = {
        "fr": {"repo": "fr", "baseline": "lock-file"},
        "zh": {"repo": "zh"},
    }
    book.configure({}, languages=settings)
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    ran = cli("sync", "--config", book.config, "--json")
    assert ran.code == 6
    assert ran.json()["errors"] == [
        {"language": "fr", "error": ran.err.splitlines()[1].removeprefix("fr: ")},
    ]
    assert ran.err.startswith("amts: 1 of 2 languages could not be synced\nfr: .amts/lock.yaml:1: ")
    assert book.text("tea.md") == CHINESE + "\n喝之前等四分钟。\n"


@pytest.mark.parametrize("again", [False, True])
def test_a_dry_run_shows_what_would_be_and_writes_nothing(cli: Cli, book: Book, *, again: bool) -> None:
    if again:
        sync(cli, book)
        book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MILK})
    before = fingerprint(book.folder)
    assert sync(cli, book, "--dry-run") == ("updated" if again else "created")
    shown = cli("sync", "--config", book.config, "--dry-run").out
    assert "dry run, nothing was written" in shown
    if not again:
        # What was computed may stay in the cache.
        shutil.rmtree(book.folder / "cache", ignore_errors=True)
    assert fingerprint(book.folder) == before


def test_only_the_files_asked_for_are_synced(cli: Cli, book: Book) -> None:
    book.english({"cups.md": CUPS + "\n" + MILK})
    assert sync(cli, book, "--path", "tea.md") == "created"
    assert book.text("tea.md") != CHINESE
    assert book.text("cups.md") == BOOK_ZH["cups.md"]


def test_the_books_own_translation_comes_before_the_engine(cli: Cli, book: Book) -> None:
    book.english({"cups.md": CUPS + "\nPour the water slowly over the leaves.\n"})
    book.configure({}, languages={"zh": {"repo": "zh", "engine": "copy"}})
    sync(cli, book)
    assert book.text("cups.md") == "# 杯子\n\n杯子盛着热茶。\n\n将水慢慢倒在茶叶上。\n"
