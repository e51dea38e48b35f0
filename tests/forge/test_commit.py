"""Commits that are written into git's object database."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import InputError, StorageError
from bot.forge.commit import write_commit
from tests.support.gitrepo import Executable, Symlink, git, make_repo, tree
from tests.support.repositories import WHO, full_disk, opened


def test_a_commit_touches_neither_work_tree_nor_index(tmp_path: Path) -> None:
    book = tmp_path / "book"
    (base,) = make_repo(book, {"a.md": "A\n", "run.sh": Executable(b"#!\n"), "gone.md": "G\n"}, bare=False)
    repository = opened(book)
    files = {"a.md": b"\xef\xbb\xbfnew\r\n", "run.sh": b"#!2\n", "gone.md": None, "sub/新.md": b""}
    commit = write_commit(repository, [base], files, "Sync\n\nwith a body: 中文", WHO)
    assert tree(book, commit) == {name: data for name, data in files.items() if data is not None}
    assert repository.files(commit)["run.sh"].mode == "100755"
    assert git(book, "log", "-1", "--format=%an <%ae> %aI|%cn %cI|%B", commit).startswith(
        "amts <amts@example.org> 2026-01-02T03:04:05+00:00|amts 2026-01-02T03:04:05+00:00|Sync\n\nwith a body: 中文"
    )
    assert git(book, "status", "--porcelain") == ""
    assert repository.head("main") == base


def test_the_same_commit_twice_has_the_same_id(tmp_path: Path) -> None:
    (base,) = make_repo(tmp_path / "book", {"a.md": "A\n"})
    repository = opened(tmp_path / "book")
    assert len({write_commit(repository, [base], {"a.md": b"B\n"}, "Sync", WHO) for _ in range(2)}) == 1


def test_nothing_is_committed_where_nothing_changes(tmp_path: Path) -> None:
    (base,) = make_repo(tmp_path / "book", {"a.md": "A\n"})
    assert write_commit(opened(tmp_path / "book"), [base], {"a.md": b"A\n", "b.md": None}, "Sync", WHO) == base


def test_a_line_end_filter_of_the_repository_does_not_change_the_bytes(tmp_path: Path) -> None:
    (base,) = make_repo(tmp_path / "book", {".gitattributes": "*.md text eol=lf\n"}, bare=False)
    git(tmp_path / "book", "config", "core.autocrlf", "true")
    commit = write_commit(opened(tmp_path / "book"), [base], {"a.md": b"A\r\n"}, "Sync", WHO)
    assert tree(tmp_path / "book", commit)["a.md"] == b"A\r\n"


def test_a_file_below_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    (base,) = make_repo(tmp_path / "book", {"docs": Symlink("../elsewhere")})
    with pytest.raises(InputError, match=r"docs/a\.md: can't be written, since docs is a file or a symbolic link"):
        write_commit(opened(tmp_path / "book"), [base], {"docs/a.md": b"A\n"}, "Sync", WHO)


@pytest.mark.parametrize("path", ["../a.md", "/a.md", ".git/config", "a//b.md"])
def test_a_path_out_of_the_repository_is_never_committed(tmp_path: Path, path: str) -> None:
    (base,) = make_repo(tmp_path / "book", {"b.md": "B\n"})
    with pytest.raises(InputError, match="is not a path inside a repository"):
        write_commit(opened(tmp_path / "book"), [base], {path: b"A\n"}, "Sync", WHO)


def test_a_full_disk_stops_the_commit_and_keeps_the_repository(tmp_path: Path) -> None:
    (base,) = make_repo(tmp_path / "book", {"a.md": "A\n"})
    repository = opened(tmp_path / "book")
    with full_disk(), pytest.raises(StorageError, match="what was there before is intact"):
        write_commit(repository, [base], {"a.md": bytes(range(256)) * 64}, "Sync", WHO)
    assert git(tmp_path / "book", "fsck", "--strict") == ""
    assert tree(tmp_path / "book", "main") == {"a.md": b"A\n"}
