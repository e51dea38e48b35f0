"""The scope of a pull request, a language or a chapter of it, and the name of its branch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import unquote

_BRANCH_FOLDER = "amts/"
# A language's name has no plus sign: no branch of one language is another's.
_SEPARATOR = "+"
_PLAIN = re.compile(r"[A-Za-z0-9_.-]")
# Dots that git-check-ref-format(1) refuses: doubled, at the end, or before a final "lock".
_REFUSED_DOT = re.compile(r"\.(?=\.|$|lock$)", re.IGNORECASE)
# Git makes a file of a branch's name, and a lock beside it; file systems allow 255 bytes.
_MAX_NAME_BYTES = 180
_DIGEST_DIGITS = 16


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """A language or, with a `key`, one of its chapters: the files below one folder at the top of its repository, or
    those in no folder. The key is `+` and the folder's name, quoted as a branch's name needs it."""

    language: str
    key: str = ""

    @property
    def branch(self) -> str:
        """The branch of the scope's pull request."""
        return f"{_BRANCH_FOLDER}{self.language}{self.key}"

    @property
    def is_whole(self) -> bool:
        return not self.key

    @property
    def chapter(self) -> str | None:
        """The folder as a person reads it, "" for the files in no folder, None for a whole language."""
        return None if self.is_whole else unquote(self.key.removeprefix(_SEPARATOR))

    @property
    def label(self) -> str:
        """For a person: `zh`, `zh, linear-networks`."""
        chapter = self.chapter
        return self.language if chapter is None else f"{self.language}, {chapter or 'the files in no folder'}"

    def holds(self, path: str) -> bool:
        """Whether a translation at this path is in the chapter."""
        return self.is_whole or chapter_of(self.language, path) == self


def chapter_of(language: str, path: str) -> Scope:
    """The chapter of the translation at a path."""
    folder, slash, _ = path.partition("/")
    return Scope(language, _SEPARATOR + (_quoted(folder) if slash else ""))


def scope_of(branch: str, language: str) -> Scope | None:
    """The scope whose pull request has this branch, None if the branch is not one of the language."""
    whole = Scope(language).branch
    return Scope(language, branch.removeprefix(whole)) if is_branch_of(branch, whole) else None


def is_branch_of(branch: str, whole: str) -> bool:
    """Whether a branch is the language's own, `whole`, or one of its chapters."""
    return branch == whole or branch.startswith(whole + _SEPARATOR)


def _quoted(folder: str) -> str:
    """Percent-encoded wherever git, a shell or a reader may stumble. Different folders give different names."""
    name = ""
    for letter in folder:
        is_plain = _PLAIN.match(letter) if letter.isascii() else letter.isprintable()
        name += letter if is_plain else "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "surrogateescape"))
    name = _REFUSED_DOT.sub("%2E", name)
    if len(name.encode()) <= _MAX_NAME_BYTES:
        return name
    digest = sha256(folder.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGEST_DIGITS]
    start = name.encode()[:_MAX_NAME_BYTES].decode("utf-8", "ignore")
    return f"{re.sub('%.?$', '', start)}{_SEPARATOR}{digest}"
