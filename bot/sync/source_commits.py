"""The commits of the English since a translation was made from it, and their authors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.book.edition import Source
from bot.book.state import Book
from bot.book.touches import Commit, Touches, read_commits
from bot.model import FileChange, FileResult, Signature
from bot.report.files import UNWRITTEN

# GitHub shows a few of the authors; a book has hundreds.
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
        """The commits that touched the English of a written file since its base (or added it), newest first."""
        commits = set().union(*(self._touching(result) for result in results if result.change not in UNWRITTEN))
        return read_commits(self._repository, self._touches.newest_first(commits))

    def oldest_base(self, results: Sequence[FileResult]) -> str:
        """The base before all others, "" if none is known."""
        bases = {result.base for result in results if result.base and result.change not in UNWRITTEN}
        return min(bases & self._order.keys(), key=self._order.__getitem__, default="")

    def _touching(self, result: FileResult) -> set[str]:
        path = result.source_path or self._old_paths.get(result.path)
        if path is None:
            return set()
        if result.base:
            return self._touches.since(path, result.base)
        return self._touches.first(path) if result.change is FileChange.ADDED else set()


def co_authors(commits: Sequence[Commit], own: Signature) -> tuple[str, ...]:
    """`Name <address>` of the authors by name, without bots (`own` is this bot); of too many, of the newest commits."""
    authors: dict[str, str] = {}
    for commit in commits:
        address = commit.email.casefold()
        name = " ".join(_UNUSABLE.sub("", " ".join(commit.name.split())).split())
        is_bot = "[bot]" in commit.name or "[bot]" in address or address == own.email.casefold()
        if name and not is_bot and _ADDRESS.fullmatch(commit.email):
            authors.setdefault(address, f"{name} <{commit.email}>")
    return tuple(sorted(list(authors.values())[:_MAX_CO_AUTHORS], key=lambda author: (author.casefold(), author)))
