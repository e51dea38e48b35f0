"""Renamed or deleted: what became of the English of the human files of the Chinese and Turkish books.

usage: python -m benchmarks.renames
Prints each file whose English is gone from today's main, with what git says of it: the commit of the branch that
deleted it, and the files of the head that have most of its last lines.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.books import BOOKS_CONFIG, clone, git
from bot.book.edition import open_edition, open_source
from bot.book.project import load_project
from bot.book.state import FileStatus
from bot.book.workers import Runner


def lines_of(text: str) -> Counter[str]:
    return Counter(filter(str.strip, text.splitlines()))


def tell(repository: Path, path: str) -> str:
    """What git says of a file that is gone."""
    line = ("--first-parent", "--diff-merges=first-parent", "-1", "--find-renames=50%")
    commit, subject = git(repository, "log", *line, "--format=%h%n%s", "--diff-filter=D", "main", "--", path).split(
        "\n"
    )[:2]
    changes = git(repository, "show", "--first-parent", "--find-renames=50%", "--name-status", "--format=", commit)
    fate = next(change for change in changes.splitlines() if path in change.split("\t")[1:2])
    if fate.startswith("R"):
        new = fate.split("\t")[2]
        return f"renamed to {new} in {commit}; then {tell(repository, new)}"
    last = lines_of(git(repository, "show", f"{commit}^:{path}"))
    shares = []
    for name in git(repository, "ls-tree", "-r", "--name-only", "main").splitlines():
        lines = lines_of(git(repository, "show", f"main:{name}"))
        shares.append(((lines & last).total() / last.total(), name))
    likest = ", ".join(f"{share:.0%} {name}" for share, name in sorted(shares, reverse=True)[:2])
    return f'deleted in {commit} "{subject[:50]}"; its last lines today: {likest}'


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("en", "zh", "tr"):
            clone(name, temporary)
        (folder / "amts.yaml").write_text(BOOKS_CONFIG)
        project = load_project(folder / "amts.yaml")
        source = open_source(project)
        for name in ("zh", "tr"):
            book = open_edition(project, source, name, Runner()).published_book
            gone = [file for file in book.files if file.status is FileStatus.DELETED]
            moved = sum(file.moves and file.exists for file in book.files)
            print(f"{name}: {len(book.baselines.bases)} files with a base, {moved} renamed, {len(gone)} removed")
            for file in gone:
                assert file.base is not None
                print(f"  {file.path}: {tell(folder / 'en.git', file.base.source_path)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
