"""Objects are read as they are, whatever replaces them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import RepositoryError
from bot.forge.trailers import read_commits
from tests.support.gitrepo import git, make_repo
from tests.support.repositories import opened


def test_a_history_with_grafts_is_read(tmp_path: Path) -> None:
    first, second, third = make_repo(tmp_path / "book", {"a.md": "A\n"}, {"a.md": "B\n"}, {"a.md": "C\n"})
    with opened(tmp_path / "book") as repository:
        before = read_commits(repository, third, [first])
    git(tmp_path / "book", "replace", "--graft", second)
    with opened(tmp_path / "book") as repository:
        assert [commit.id for commit in read_commits(repository, third, [])] == [second, third]
        assert read_commits(repository, third, []) == before


def test_a_replaced_file_is_read_as_it_was_committed(tmp_path: Path) -> None:
    (commit,) = make_repo(tmp_path / "book", {"a.md": "A\n", "b.md": "B\n"})
    git(tmp_path / "book", "replace", f"{commit}:a.md", f"{commit}:b.md")
    with opened(tmp_path / "book") as repository:
        assert repository.snapshot(commit).read("a.md") == b"A\n"


def test_an_object_that_is_not_there_is_named(tmp_path: Path) -> None:
    make_repo(tmp_path / "book", {"a.md": "A\n"})
    with opened(tmp_path / "book") as repository, pytest.raises(RepositoryError, match="object 1111111111 is missing"):
        repository.read("1" * 40)
