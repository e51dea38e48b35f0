"""The contract of a slash-command: how it is written, what it means, and how its words are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.errors import UsageError

_LINE = re.compile(r"(.+):([1-9][0-9]{0,6})")
_OUTSIDE = re.compile(r"(^|/)\.\.?(/|$)|//|^/|/$|\\")


class Command(Protocol):
    """What a comment asks for: one of the dataclasses of this room's modules."""

    @property
    def anywhere(self) -> bool:
        """Whether it is understood on pull requests that are not the bot's, too."""


class Owned:
    """A command for the bot's own pull requests."""

    __slots__ = ()

    @property
    def anywhere(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Unknown:
    """A comment that is meant for the bot but can't be followed: why, and the nearest thing that could be ("" where
    nothing is near)."""

    problem: str
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a command; `quoted` says that it stood between quotation marks."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """How a command is written (`usage`, without the prefix), what it does, and how the words behind its name are read.
    `read` raises UsageError for those that it does not understand."""

    usage: str
    help: str
    read: Callable[[Sequence[Word]], Command]

    @property
    def name(self) -> str:
        return self.usage.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Place:
    """A file of the book, by its path in the language repository or in the source, and a line of it (from 1; None for
    the whole file)."""

    path: str
    line: int | None = None


def read_place(word: Word, *, line: bool | None = None) -> Place:
    """`path` or `path:12`. With `line` a line must (True) or must not (False) be named. Raises UsageError."""
    found = _LINE.fullmatch(word.text)
    place = Place(found[1], int(found[2])) if found else Place(word.text)
    if line and place.line is None:
        raise UsageError(f'"{word.text}" names no line; write {word.text}:12 for line 12')
    if line is False and place.line is not None:
        raise UsageError(f'"{word.text}" names a line; write {place.path} for the whole file')
    return Place(check_path(place.path), place.line)


def check_path(path: str) -> str:
    """The path, if it may be one inside a repository. Raises UsageError."""
    if not path or path.startswith("-") or _OUTSIDE.search(path) or not path.isprintable():
        raise UsageError(f'"{path}" is no path inside the book; write it as it is in the repository')
    return path


def no_words(words: Sequence[Word]) -> None:
    """Raises UsageError for a word where none belongs."""
    if words:
        raise UsageError(f'"{words[0].text}" is too much here')


def one_place(words: Sequence[Word], *, line: bool | None = None) -> Place:
    """The only word, as a place. Raises UsageError."""
    if not words:
        raise UsageError("a file is missing")
    no_words(words[1:])
    return read_place(words[0], line=line)
