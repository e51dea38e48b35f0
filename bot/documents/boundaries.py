"""The beginnings of sentences in a stretch of plain text: the boundaries of sentencex, with its known errors
corrected."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

import sentencex

# Noncharacters (Unicode, section 23.7), each repeated over the characters of a footnote mark, citation or superscript,
# and of a closing tag.
NOTE = "\ufdd0"
CLOSING_MARK = "\ufdd1"
_CLOSERS = rf"[\"'”’»)\]）」』】》{CLOSING_MARK}]"
_NOTES = rf"{_CLOSERS}*+{NOTE}(?:{NOTE}|{_CLOSERS})*+"
# Only the full stops of Chinese and Japanese need no space behind the notes.
_NOTES_AFTER_SENTENCE = re.compile(rf"[.?!…]{_NOTES}(?=\s|$)|[。！？]{_NOTES}(?![，、；：。！？])")
_AS_NOTHING = str.maketrans("", "", NOTE + CLOSING_MARK)
_AS_WORDS = str.maketrans(NOTE + CLOSING_MARK, "x ")
# More characters than any paragraph; for some scripts sentencex takes time that is quadratic in the length.
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
_INSIDE_WORD = re.compile(r"['’/](?<=\w.)(?=[\w(（\"“])")
# A list mark in parentheses, after which sentencex sees no boundary at all.
_MARK_IN_PARENTHESES = re.compile(r"\s*\(?[^\W_]{1,4}\)\s")
# A period that ends a sentence or an abbreviation, or a full stop of Chinese or Japanese; the word before a period.
_LATE = re.compile(r"\.[\"”’]*\s+(?=\S)|[。！？](?=\w)")
_LAST_WORD = re.compile(r"(?<![^\W_])(\d*)([^\W\d_]+(?:\.[^\W\d_]+)*)$")
_AND_SO_ON = frozenset({"etc", "v.v", "usw", "u.s.w", "ecc", "т.д", "т.п", "др"})
_MAX_UNIT_LENGTH = 4
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_]){2,}")
# Abbreviations that lead on to a name, a title or a number.
_LEADING = re.compile(
    r"a\.k\.a|w\.r\.t|adm|al|approx|art|ca|capt|cf|chap|ch|cmdr|col|dept|dr|eds?|eqs?|figs?|gen|gov|hon|jr|lt|mgr|mrs?|pp"
    r"|prof|refs?|rep|resp|rev|sec|sen|sgt|sr|st|supt|viz|vol|vs",
    re.IGNORECASE,
)
_NOUNS_IN_CAPITALS = frozenset({"de"})
_OPENERS = re.compile(r"[\"“‘(*\[¿¡]*")
_QUOTED = re.compile(r"[\"“”„]")
# A quotation is cut only after a word, and into parts of at least so many words.
_ENDED = re.compile(r"[^\W\d_][.?!…]+[\"”’\s]*$")
_MIN_QUOTED_WORDS = 3


# Two states of a document, or two documents of a book, have most of their blocks in common.
@lru_cache(maxsize=16384)
def sentence_starts(flat: str, language: str, covered: frozenset[int]) -> Sequence[int]:
    """Offsets in `flat` at which its second, third … sentence begins.

    In `flat` formulas, code spans and the like are letters, notes are `NOTE` and closing tags `CLOSING_MARK`.
    `covered` holds the offsets at which those letters begin.
    """
    if NOTE in flat or CLOSING_MARK in flat:
        # Notes behind the end of a sentence are white space, behind the quotation marks among them.
        flat = _NOTES_AFTER_SENTENCE.sub(lambda notes: notes[0].translate(_AS_NOTHING).ljust(len(notes[0])), flat)
        flat = flat.translate(_AS_WORDS)
    flat = _INSIDE_WORD.sub("x", _SPACE.sub(" ", flat))
    starts = set(_late_starts(flat, language, covered))
    at = 0
    before, has_words = "", False
    for piece in _pieces(flat, language):
        piece_has_words = bool(_WORD.search(piece))
        if has_words and piece_has_words:
            first = at + len(piece) - len(piece.lstrip())
            if not _goes_on(before, piece, first in covered):
                starts.add(at)
        has_words = has_words or piece_has_words
        before = piece
        at += len(piece)
    return tuple(sorted(starts))


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
    """A piece cut at boundaries that sentencex misses: after a sentence in parentheses, a list mark, inside quotes."""
    at = 0
    while aside := _ASIDE.match(piece, at):
        yield aside[0]
        at = aside.end()
    mark = _LIST_MARK.match(piece, at)
    if mark is None:
        yield from _unquoted(piece[at:], language)
    elif _MARK_IN_PARENTHESES.match(piece, at):
        first, *others = sentencex.segment(language, piece[mark.end() :]) or [""]
        yield mark[0] + first
        yield from others
    else:
        yield from sentencex.segment(language, piece[at:])


def _unquoted(piece: str, language: str) -> Iterator[str]:
    """The sentences of a quotation, if each part has some words: `He said "Stop. Now."` is one sentence."""
    if not _QUOTED.search(piece):
        yield piece
        return
    start = at = 0
    parts = sentencex.segment(language, _QUOTED.sub(" ", piece))
    for part, following in itertools.pairwise(parts):
        at += len(part)
        words = min(len(piece[start:at].split()), len(following.split()))
        if words >= _MIN_QUOTED_WORDS and _ENDED.search(piece, start, at):
            yield piece[start:at]
            start = at
    yield piece[start:]


def _late_starts(flat: str, language: str, covered: Collection[int]) -> Iterator[int]:
    """Boundaries that sentencex misses: before a placeable, and before a capital behind a supposed abbreviation, where
    a sentence may end with it (`etc.`, `80ms.`, `p.d.f.`) or it is a word in any other text."""
    for match in _LATE.finditer(flat):
        at = match.end()
        is_covered = at in covered
        ends = is_covered
        if match[0][0] == ".":
            # White space is all one kind here, and no word holds any.
            word = _LAST_WORD.search(flat[flat.rfind(" ", 0, match.start()) + 1 : match.start()])
            opened = _OPENERS.match(flat, at).end()  # type: ignore[union-attr]
            first = flat[opened : opened + 1]
            ends = (
                word is not None
                and (is_covered or first.isupper())
                and _may_end(word[1], word[2], language, is_covered)
            )
        if ends and flat.count("(", 0, at) <= flat.count(")", 0, at):
            yield at


def _may_end(digits: str, word: str, language: str, is_covered: bool) -> bool:
    """Whether a sentence may end with this word and a period: a word with only one meaning, or no part of a name."""
    if word.casefold() in _AND_SO_ON or (digits and len(word) <= _MAX_UNIT_LENGTH):
        return True
    if is_covered or _LEADING.fullmatch(word) or language in _NOUNS_IN_CAPITALS:
        return False
    if "." in word:
        return word.islower() and bool(_LETTERS.fullmatch(word))
    return len(word) > 1 and (word.islower() or word.isupper()) and _is_english(word)


@lru_cache(maxsize=1024)
def _is_english(word: str) -> bool:
    """Whether the word is in the English list of abbreviations, which sentencex applies to other languages too."""
    return len(sentencex.segment("en", f"A {word}. Tau b.")) == 1


def _goes_on(before: str, after: str, after_is_covered: bool) -> bool:
    """Whether the sentence goes on here: in lower case (`z. B. das`, `3. bölüm`) or at `../data`."""
    first = after.lstrip()[0]
    if first in ",;:)]}/":
        return True
    continues = first.islower() and not after_is_covered and not _LIST_MARK.match(after)
    return continues and bool(_ENDER.search(before.rstrip()))
