"""Whatever fails in one language, foreseen or not: the others go on, and it is told and counted."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.book.edition import LanguageEdition
from bot.errors import RefusedError
from tests.support.cli_run import BOOK_ZH, CHINESE, ENGLISH, HABITS, HABITS_ZH, WAIT, Book, Cli
from tests.support.gitrepo import git

pytest_plugins = ["tests.support.cli_fixtures"]

Attacked = Callable[[str, int], None]
FAILURES: tuple[BaseException, ...] = (
    RuntimeError("something nobody thought of"),
    RecursionError("maximum recursion depth exceeded"),
    MemoryError(),
    ZeroDivisionError("division by zero\nsecond line"),
    UnicodeEncodeError("utf-8", "\udce9", 0, 1, "surrogates not allowed"),
    KeyError("ghp_abcdefghijkl0123456789"),
    AssertionError(),
    OSError(5, "Input/output error"),
)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    book = Book(tmp_path, {name: {**BOOK_ZH, **HABITS_ZH} for name in ("aa", "zh")}, HABITS)
    book.configure({}, languages={name: {"repo": name, "language": "zh"} for name in ("aa", "zh")})
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return book


def _break(monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    """The first language fails wherever its book is read."""
    real = LanguageEdition.read_book

    def read_book(edition: LanguageEdition, *arguments: object) -> object:
        if edition.name == "aa":
            raise failure
        return real(edition, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(LanguageEdition, "read_book", read_book)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_an_unforeseen_failure_is_a_sentence_and_the_others_go_on(
    cli: Cli, book: Book, failure: BaseException, monkeypatch: pytest.MonkeyPatch, attacked: Attacked
) -> None:
    _break(monkeypatch, failure)
    ran = cli("sync", "--config", book.config)
    assert ran.code == 1
    told = ran.err.splitlines()
    assert told[0] == "amts: 1 of 2 languages could not be synced"
    kind = "the memory is used up" if isinstance(failure, MemoryError) else "this is a bug of amts"
    said = rf"aa: {kind}: {type(failure).__name__}.* \(\w+\.py, line \d+\); its traceback is in .*\.txt"
    assert re.fullmatch(said, told[1])
    kept = Path(told[1].rpartition(" ")[2]).read_text("utf-8")
    assert "Traceback" in kept
    assert "ghp_" not in kept + ran.err
    assert book.text("tea.md") == CHINESE + "\n喝之前等四分钟。\n"
    assert not book.tip("aa")
    attacked("unforeseen failures of a language", 1)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("status",), 1),
        (("habits",), 0),  # it reads the history alone
        (("check",), 3),
        (("parallel-data", "build", "--output", "out"), 1),
        (("term", "mine", "--min-count", "2"), 1),
        (("evaluate", "--output", "out"), 1),
    ],
)
def test_every_command_goes_on_with_the_other_languages(
    cli: Cli, book: Book, arguments: tuple[str, ...], code: int, monkeypatch: pytest.MonkeyPatch, attacked: Attacked
) -> None:
    monkeypatch.chdir(book.folder)
    _break(monkeypatch, RuntimeError("nobody thought of it"))
    ran = cli(*arguments, "--config", book.config)
    assert ran.code == code, ran.err
    assert ("aa: this is a bug of amts: RuntimeError: nobody thought of it" in ran.err) is (code != 0)
    assert re.search(r"^zh\b|^languages.zh|Chinese", ran.out, re.MULTILINE), ran.out
    attacked("unforeseen failures of a language", 1)


def test_an_interrupt_ends_the_run_at_once(cli: Cli, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    real = LanguageEdition.read_book

    def read_book(edition: LanguageEdition, *arguments: object) -> object:
        if edition.name == "aa":
            os.kill(os.getpid(), signal.SIGINT)
        return real(edition, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(LanguageEdition, "read_book", read_book)
    assert cli("sync", "--config", book.config).code == 130
    assert not book.tip("aa")
    assert not book.tip("zh")


@pytest.mark.parametrize("other", ["amts", "amts/aa/mine", "amts/aa/mine/too"])
def test_a_branch_in_the_way_is_named_before_anything_else(
    cli: Cli, book: Book, other: str, attacked: Attacked
) -> None:
    git(book.folder / "aa", "branch", other, "main")
    before = git(book.folder / "aa", "for-each-ref")
    for arguments in (("sync",), ("sync", "--dry-run"), ("sync",)):
        ran = cli(*arguments, "--config", book.config)
        assert ran.code == RefusedError.exit_code
        said = f'the branch "{other}" stands in the way of the bot\'s branch "amts/aa"'
        assert said in ran.err
        assert "moved while the bot worked" not in ran.err
    assert git(book.folder / "aa", "for-each-ref") == before
    assert book.tip("zh")
    git(book.folder / "aa", "branch", "-m", other, "mine")
    assert cli("sync", "--config", book.config).code == 0
    assert book.tip("aa")
    attacked("branches in the way", 1)


def test_a_branch_in_the_way_at_the_address_of_a_clone_is_named(cli: Cli, book: Book) -> None:
    """The bot's branch stands in the cache alone."""
    urls = {name: (book.folder / name).as_uri() for name in ("aa", "zh")}
    book.configure({}, languages={name: {"repo": url, "language": "zh"} for name, url in urls.items()})
    assert cli("sync", "--config", book.config).code == 0
    git(book.folder / "aa", "branch", "amts", "main")
    (clone,) = (book.folder / "cache" / "amts").glob("aa-*.git")
    tip = git(clone, "rev-parse", "amts/aa")
    ran = cli("sync", "--config", book.config)
    assert ran.code == RefusedError.exit_code
    assert 'the branch "amts" stands in the way of the bot\'s branch "amts/aa"' in ran.err
    assert git(clone, "rev-parse", "amts/aa") == tip
    git(book.folder / "aa", "branch", "-D", "amts")
    assert cli("sync", "--config", book.config).code == 0
