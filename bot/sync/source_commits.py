"""What happened in the English since a translation was made from it: its commits, and who wrote them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.book.edition import Source
from bot.forge.book import Book
from bot.forge.history import Commit, Touches, read_commits
from bot.model import FileChange, FileResult, Signature
from bot.report.files import UNWRITTEN
from bot.report.source_changes import SourceCommit

# GitHub shows a few of them; a book has hundreds.
_MAX_CO_AUTHORS = 30
# In a commit message `@name`, `#1` and `GH-1` mean something, and `<` begins the address.
_ADDRESS = re.compile(r"(?!.*GH-\d)[\w.+%'-]*\w@[\w-]+(\.[\w-]+)+", re.IGNORECASE)
_UNUSABLE = re.compile(r"[^\w .,'’()-]|-(?=\d)")


class English:
    """The commits of the source that concern the files of a book."""

    def __init__(self, source: Source, book: Book) -> None:
        self._repository = source.repository
        self._order = source.history.order
        self._touches = Touches(source.history)
        self._old_paths = {file.new_path: file.base.source_path for file in book.files if file.base}

    def commits(self, results: Sequence[FileResult]) -> list[Commit]:
        """Newest first: those that touched the English of files that are written, each since its own base; of a file
        without a base the one that it came with."""
        found = set().union(*(self._touching(one) for one in results if one.change not in UNWRITTEN))
        return read_commits(self._repository, self._touches.newest_first(found))

    def oldest_base(self, results: Sequence[FileResult]) -> str:
        """The base before all others; "" where none is known."""
        bases = {one.base for one in results if one.base and one.change not in UNWRITTEN}
        return min(bases & self._order.keys(), key=self._order.__getitem__, default="")

    def _touching(self, result: FileResult) -> set[str]:
        path = result.source_path or self._old_paths.get(result.path)
        if path is None:
            return set()
        if result.base:
            return self._touches.since(path, result.base)
        return self._touches.first(path) if result.change is FileChange.ADDED else set()


def told_commits(commits: Sequence[Commit]) -> tuple[SourceCommit, ...]:
    return tuple(SourceCommit(one.id, one.subject) for one in commits)


def co_authors(commits: Sequence[Commit], own: Signature) -> tuple[str, ...]:
    """`Name <address>` of each author once, in the order of the alphabet, bots aside; those of the newest commits where
    there are too many. `own` is the bot's signature."""
    found: dict[str, str] = {}
    for commit in commits:
        address = commit.email.casefold()
        name = " ".join(_UNUSABLE.sub("", " ".join(commit.name.split())).split())
        is_bot = "[bot]" in commit.name or "[bot]" in address or address == own.email.casefold()
        if name and not is_bot and _ADDRESS.fullmatch(commit.email):
            found.setdefault(address, f"{name} <{commit.email}>")
    return tuple(sorted(list(found.values())[:_MAX_CO_AUTHORS], key=lambda one: (one.casefold(), one)))
