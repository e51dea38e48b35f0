"""Small books with their translations, as `read_book` finds them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.book.baselines import Paths
from bot.book.edition import baseline_strategy
from bot.book.history import read_history
from bot.book.state import Book, FileStatus, TranslatedFile, read_book
from bot.config.schema import Baseline
from bot.forge.git import Repository
from bot.model import Direction, Language
from tests.support.gitrepo import Content, make_repo

ONE = "".join(f"The {number}th line of a chapter.\n" for number in range(20))
TWO = ONE + "And one more.\n"
OTHER = ONE.replace("line", "sentence").replace("chapter", "poem")
SUFFIXES = ("_origin", "_en")
DIRECTION = Direction(Language("en", "English"), Language("zh", "Chinese", joiner=""))


def book_of(source: Path, target: Path, strategy: Baseline = "origin-file", paths: Paths | None = None) -> Book:
    english = Repository.open(source, source.parent / "cache")
    translated = Repository.open(target, target.parent / "cache")
    head = english.head("main")
    return read_book(
        english.snapshot(head),
        read_history(english, head),
        translated.snapshot(translated.head("main")),
        baseline_strategy(strategy, SUFFIXES, DIRECTION),
        paths or Paths(),
    )


def make_book(
    folder: Path,
    english: list[Mapping[str, Content]],
    translated: Mapping[str, Content],
    strategy: Baseline = "origin-file",
) -> Book:
    make_repo(folder / "en", *english)
    make_repo(folder / "zh", translated)
    return book_of(folder / "en", folder / "zh", strategy)


def statuses(book: Book) -> dict[str, FileStatus]:
    return {file.path: file.status for file in book.files}


def the(book: Book, path: str) -> TranslatedFile:
    (file,) = [file for file in book.files if file.path == path]
    return file
