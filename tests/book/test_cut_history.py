"""Clones that don't hold the whole history: nothing is inferred from what they lack, and the error says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.book.baselines import Paths
from bot.book.history import read_history
from bot.book.inference import Infer
from bot.book.lock_file import LOCK_PATH
from bot.book.state import Book, FileStatus, read_book
from bot.errors import BaselineError, RepositoryError
from bot.forge.git import Repository
from bot.model import Direction, Language
from tests.support.gitrepo import add_commits, git, make_repo

DIRECTION = Direction(Language("en", "English"), Language("es", "Spanish"))
ENGLISH = "# Tea\n\nPour the water slowly, `steep()` it for 3 minutes.\n\nThen drink the tea.\n"
SPANISH = "# Té\n\nVierte el agua despacio, `steep()` durante 3 minutos.\n\nLuego bebe el té.\n"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """The English changed a word that a translation does not show."""
    make_repo(tmp_path / "en", {"a.md": ENGLISH}, {"README": "1"}, {"a.md": ENGLISH.replace("slowly", "fast")})
    make_repo(tmp_path / "es", {"README": "1"}, {"a.md": SPANISH}, {"a.md": SPANISH.replace("bebe", "toma")})
    return tmp_path


def book_of(folder: Path, english: str = "en", spanish: str = "es") -> Book:
    source, target = (Repository.open(folder / name, folder / "cache") for name in (english, spanish))
    commit = source.head("main")
    published = target.snapshot(target.head("main"))
    return read_book(source.snapshot(commit), read_history(source, commit), published, Infer(DIRECTION), Paths())


def shallow(folder: Path, name: str, depth: int = 1) -> str:
    git(folder, "clone", "--quiet", f"--depth={depth}", (folder / name).as_uri(), f"{name}-shallow")
    return f"{name}-shallow"


def refused(folder: Path, english: str = "en", spanish: str = "es") -> str:
    with pytest.raises(BaselineError) as error:
        book_of(folder, english, spanish)
    return str(error.value)


@pytest.mark.parametrize("depth", [1, 2])
def test_nothing_is_inferred_from_a_shallow_source(books: Path, depth: int) -> None:
    name = shallow(books, "en", depth)
    said = refused(books, english=name)
    assert said.startswith(f"{books / name}: its history is cut off before ")
    assert "git fetch --unshallow; in a workflow, actions/checkout with fetch-depth: 0" in said


def test_nothing_is_inferred_from_a_shallow_translation(books: Path) -> None:
    """Its text seems to be as young as its last commit, and newer English to be its base."""
    assert "es-shallow: its history is cut off before" in refused(books, spanish=shallow(books, "es"))


def test_a_shallow_mirror_of_a_shallow_clone_is_cut_off_too(books: Path) -> None:
    location = (books / shallow(books, "en")).as_uri()
    source = Repository.open(location, books / "cache")
    assert source.cut_at(source.head("main")) == source.head("main")
    # Nothing to fetch yet, then everything.
    assert Repository.open(location, books / "cache").cut_at(source.head("main")) is not None
    git(books / "en-shallow", "fetch", "--quiet", "--unshallow")
    assert Repository.open(location, books / "cache").cut_at(source.head("main")) is None


def test_a_graft_cuts_a_history_off(books: Path) -> None:
    head = git(books / "en", "rev-parse", "main")
    git(books / "en", "replace", "--graft", head)
    assert f"cut off before {head[:10]}" in refused(books)


def test_what_a_clone_lacks_elsewhere_does_not_matter(books: Path) -> None:
    """The main branch is whole; another one was fetched without its past."""
    add_commits(books / "en", {"x.md": "x"}, {"x.md": "y"}, branch="other")
    git(books, "clone", "--quiet", "--single-branch", "--branch=main", (books / "en").as_uri(), "one")
    git(books / "one", "fetch", "--quiet", "--depth=1", "origin", "other")
    assert git(books / "one", "rev-parse", "--is-shallow-repository") == "true"
    assert [file.status for file in book_of(books, "one").files] == [FileStatus.STALE]


def test_a_shallow_clone_is_enough_where_everything_is_recorded(books: Path) -> None:
    name = shallow(books, "en")
    head, blob = git(books / "en", "rev-parse", "main", "main:a.md").split()
    lock = f"version: 1\nfiles:\n  a.md: {{source: a.md, commit: {head}, blob: {blob}}}\n"
    add_commits(books / "es", {LOCK_PATH: lock})
    assert [file.status for file in book_of(books, name).files] == [FileStatus.CURRENT]


def test_a_partial_clone_says_so_where_its_remote_is_gone(books: Path) -> None:
    git(books / "en", "config", "uploadpack.allowFilter", "true")
    git(books, "clone", "--quiet", "--filter=blob:none", (books / "en").as_uri(), "partial")
    old = git(books / "en", "rev-parse", "main~1:a.md")
    (books / "en").rename(books / "gone")
    repository = Repository.open(books / "partial", books / "cache")
    for attempt in (repository.read, repository.holds, repository.read, repository.holds):
        with pytest.raises(
            RepositoryError, match=f"is a partial clone .* could not fetch object {old[:10]} .*--refetch"
        ):
            attempt(old)
    (books / "gone").rename(books / "en")
    assert [file.status for file in book_of(books, "partial").files] == [FileStatus.STALE]
