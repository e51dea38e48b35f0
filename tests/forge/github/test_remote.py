"""Branches on the host, whatever their names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import RefusedError
from bot.forge.git import Repository
from bot.forge.github.remote import Remote
from tests.support.gitrepo import git, make_repo


@pytest.mark.parametrize("name", [b"caf\xe9", b"\xff\xfe", "kapitel\u2028zwei".encode()])
def test_a_strange_name_there_does_not_hide_why_a_push_is_refused(tmp_path: Path, name: bytes) -> None:
    book = tmp_path / "book"
    first, second = make_repo(book, {"a.md": "A\n"}, {"a.md": "B\n"})
    (book / "refs" / "heads" / os.fsdecode(name)).write_text(f"{first}\n")
    hook = book / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with Repository.open(book.as_uri(), tmp_path / "cache") as repository:
        remote = Remote(repository, book.as_uri(), dict)
        with pytest.raises(RefusedError, match="hook"):
            remote.push("amts/zh", second, None)
        hook.unlink()
        git(book, "branch", "amts/zh/mine", first)
        with pytest.raises(RefusedError, match='the branch "amts/zh/mine" stands in the way'):
            remote.push("amts/zh", second, None)
