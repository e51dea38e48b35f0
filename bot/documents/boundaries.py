"""Where sentences begin in a stretch of plain text: what sentencex finds, with what it misses or adds put right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import sentencex

# More than any paragraph; for some scripts sentencex takes time that is quadratic in the length.
_WINDOW = 4000
_LIST_MARK = re.compile(r"\s*(?:\(?[^\W_]{1,4}\)|\d{1,3}\.)(?=\s)")
_WORD = re.compile(r"\w")
_ENDER = re.compile(r"[.?!…][^\w\s]*$")
_ASIDE = re.compile(
    r"\s*[(（][^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*[.?!。？！][\"'”’]?(?:\)\s+|）\s*)(?=[\w(（\"“])"
)
# sentencex panics at an initial before white space of several bytes, such as a no-break space.
_SPACE = re.compile(r"[^\S ]")
# Inside a word these are neither a quotation mark nor the end of an abbreviation (`16 GB/s.`, `don't.`).
_INSIDE_WORD = re.compile(r"(?<=\w)['’/](?=[\w(（\"“])")


def sentence_starts(flat: str, language: str, covered: Collection[int]) -> list[int]:
    """Offsets in `flat` at which its second, third … sentence begins.

    `covered` holds the offsets at which formulas, code spans and the like begin, which stand there as letters.
    """
    starts: list[int] = []
    at = 0
    before, has_words = "", False
    for piece in _pieces(_INSIDE_WORD.sub("x", _SPACE.sub(" ", flat)), language):
        piece_has_words = bool(_WORD.search(piece))
        if has_words and piece_has_words:
            first = at + len(piece) - len(piece.lstrip())
            if not _goes_on(before, piece, first in covered):
                starts.append(at)
        has_words = has_words or piece_has_words
        before = piece
        at += len(piece)
    return starts


def _pieces(flat: str, language: str) -> Iterator[str]:
    at, width = 0, _WINDOW
    while at < len(flat):
        pieces = sentencex.segment(language, flat[at : at + width])
        if at + width < len(flat):
            pieces = pieces[:-1]  # the last one may go on behind the window
        width = _WINDOW if pieces else 2 * width
        for piece in pieces:
            at += len(piece)
            yield from _parts(piece, language)


def _parts(piece: str, language: str) -> Iterator[str]:
    """A piece where sentencex stopped looking: after a sentence in parentheses, after a second list mark in a line."""
    at = 0
    while aside := _ASIDE.match(piece, at):
        yield aside[0]
        at = aside.end()
    if _LIST_MARK.match(piece, at):
        yield from sentencex.segment(language, piece[at:])
    else:
        yield piece[at:]


def _goes_on(before: str, after: str, after_is_covered: bool) -> bool:
    """Whether no sentence ends here, since it goes on in lower case (`z. B. das`, `3. bölüm`) or at `../data`."""
    first = after.lstrip()[0]
    if first in ",;:)]}/":
        return True
    continues = first.islower() and not after_is_covered and not _LIST_MARK.match(after)
    return continues and bool(_ENDER.search(before.rstrip()))
