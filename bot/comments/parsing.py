"""Reads the command in a comment: in column one of the first line, or none at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Generic, TypeVar

from bot.errors import UsageError
from bot.report.commands import PREFIX

CommandT = TypeVar("CommandT")
_CommandT_co = TypeVar("_CommandT_co", covariant=True)

# A path and two sentences fit; anything longer is a paste or an attack.
_MAX_CHARACTERS = 1_000
_LINE_BREAK = re.compile(r"[\r\n]")
_WORD = re.compile(r'"([^"]*)"|“([^”“]*)”|([^\s"“”]+)')
_PATH_AND_LINE = re.compile(r"(.+):([1-9][0-9]{0,6})")
_OUTSIDE_REPOSITORY = re.compile(r"(^|/)\.\.?(/|$)|//|^/|/$|\\")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a command; `quoted` if it stood between quotation marks."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file of the book, by its path in the language repository or in the source, and a line of it (from 1; None for
    the whole file)."""

    path: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Form(Generic[_CommandT_co]):
    """How a command is written (`usage`, without the prefix), what it does, and how the words after its name are read.
    `read` raises UsageError for words that it does not understand."""

    usage: str
    help: str
    read: Callable[[Sequence[Word]], _CommandT_co]

    @property
    def name(self) -> str:
        return self.usage.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A comment that addresses the bot but is no valid command: the problem, and the usage of the nearest command (""
    if none is near)."""

    problem: str
    nearest: str = ""


def parse_comment(body: str, forms: Mapping[str, Form[CommandT]]) -> CommandT | Unknown | None:
    """The command in a comment, by the forms of all commands; None for a comment that does not address the bot."""
    line = _LINE_BREAK.split(body, maxsplit=1)[0]
    if not line.startswith(PREFIX) or line[len(PREFIX) : len(PREFIX) + 1] not in ("", " ", "\t"):
        return None
    rest = line[len(PREFIX) :].strip(" \t")
    if len(rest) > _MAX_CHARACTERS:
        return Unknown(f"a command has at most {_MAX_CHARACTERS:,} characters; this one has {len(rest):,}")
    if not rest.replace("\t", " ").isprintable():
        return Unknown("the line has invisible characters; type it again")
    try:
        words = _split_words(rest) or [Word("help")]
    except UsageError as error:
        return Unknown(str(error))
    name = words[0].text
    if words[0].quoted or name not in forms:
        near = get_close_matches(name.casefold(), forms, 1, 0.5)
        shown = name if len(name) <= 60 else f"{name[:59]}…"
        return Unknown(f'there is no command "{shown}"', f"{PREFIX} {forms[near[0]].usage}" if near else "")
    try:
        return forms[name].read(words[1:])
    except UsageError as error:
        return Unknown(str(error), f"{PREFIX} {forms[name].usage}")


def _split_words(text: str) -> Sequence[Word]:
    """Words between spaces; a word between quotation marks may hold spaces. Nothing else has a meaning: no escapes, no
    variables, no wildcards. Raises UsageError for an unpaired quotation mark."""
    words: list[Word] = []
    at = 0
    while at < len(text):
        if text[at] in " \t":
            at += 1
            continue
        match = _WORD.match(text, at)
        if match is None or (match.end() < len(text) and text[match.end()] not in " \t"):
            raise UsageError("quotation marks go around a whole word, in pairs")
        plain = match[3]
        words.append(Word(plain) if plain is not None else Word(match[1] or match[2] or "", quoted=True))
        at = match.end()
    return words


def no_words(words: Sequence[Word]) -> None:
    """Raises UsageError if there is a word."""
    if words:
        raise UsageError(f'"{words[0].text}" is one word too many')


def without_words(command: Callable[[], CommandT]) -> Callable[[Sequence[Word]], CommandT]:
    """How a command without arguments is read."""

    def read(words: Sequence[Word]) -> CommandT:
        no_words(words)
        return command()

    return read


def read_place(words: Sequence[Word], *, line: bool | None = None) -> FilePlace:
    """The only word, as `path` or `path:12`. With `line` a line must (True) or must not (False) be named. Raises
    UsageError."""
    if not words:
        raise UsageError("a file is missing")
    no_words(words[1:])
    text = words[0].text
    match = _PATH_AND_LINE.fullmatch(text)
    place = FilePlace(match[1], int(match[2])) if match else FilePlace(text)
    if line and place.line is None:
        raise UsageError(f'"{text}" names no line; write {text}:12 for line 12')
    if line is False and place.line is not None:
        raise UsageError(f'"{text}" names a line; write {place.path} for the whole file')
    return FilePlace(check_path(place.path), place.line)


def check_path(path: str) -> str:
    """The path, if it may be a path inside a repository. Raises UsageError."""
    if not path or path.startswith("-") or _OUTSIDE_REPOSITORY.search(path) or not path.isprintable():
        raise UsageError(f'"{path}" is no path inside the book; write the path as in the repository')
    return path
