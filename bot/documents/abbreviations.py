"""Whether a word with a period is an abbreviation that leads on, or ends its sentence: by the lists of sentencex, by
our own (config/sentences.yaml), and by its shape."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property, lru_cache
from typing import NamedTuple

import sentencex

from bot.model import Language

# Behind these an abbreviation begins, and behind a character of Chinese or Japanese.
_BEGINS = r"(?<![^\s(\[{\"'“”„«»‘’,;:–—=+~*\u2e80-\u30ff\u3400-\u9fff\ufdd1-])"
_TAIL = 40
_LAST_WORD = re.compile(r"(?<![^\W_])(\d*)([^\W\d_]+(?:[.'’][^\W\d_]+)*)$")
_LAST_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}$")
_NUMBER_BEFORE = re.compile(r"(?<![\w.,])\d{1,3}\. $")
_ROMAN = re.compile(r"[IVXLC]{2,}")
_NUMBER = re.compile(r"[(\[]?\s?(?:\d|[IVXLC]+\b|§|#)")
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_NEXT_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PREVIOUS_WORD = re.compile(r"([^\W\d_]+) $")
_MAX_UNIT_LENGTH = 4
_MAX_LISTED_LENGTH = 20
# A word that only the English list has; a language whose list is its own does not know it.
_ENGLISH_ALONE = "Blvd"


class WordBefore(NamedTuple):
    """The place of a period in a text: `period`, the next sentence if it ends one (`start`), and the first character of
    that behind quotation marks and brackets (`opened`). `is_covered`: a placeable stands there."""

    text: str
    period: int
    start: int
    opened: int
    is_covered: bool

    @property
    def tail(self) -> str:
        return self.text[max(0, self.period - _TAIL) : self.period].rstrip(" ")

    @property
    def is_before_capital(self) -> bool:
        first = self.text[self.opened : self.opened + 1]
        return first.isalpha() and not is_lower(first) and self.text[self.start] not in "(（["

    @property
    def following(self) -> str:
        found = _NEXT_WORD.match(self.text, self.opened)
        return found[0] if found else ""


def is_lower(letter: str) -> bool:
    """Whether a letter is one that begins no sentence. Unicode calls the letters of Georgian small ones."""
    return letter.islower() and letter.title() != letter


@lru_cache(maxsize=256)
def abbreviations_of(language: Language) -> Abbreviations:
    """What is known of the abbreviations of a language."""
    return Abbreviations(language)


class Abbreviations:
    """The lists of one language; see config/sentences.yaml for what each says."""

    def __init__(self, language: Language) -> None:
        self.splitter = language.splitter
        self.rules = rules = language.rules
        self.leads, self.numbers, self.names, self.ends, self.words = (
            _any_of(entries) for entries in (rules.leads, rules.numbers, rules.names, rules.ends, rules.words)
        )
        self.ordinals = {word.casefold() for word in rules.ordinals}

    def leads_on(self, word: WordBefore) -> bool:
        """Whether the sentence goes on behind the word and its period."""
        tail = word.tail
        if self.ends.search(tail):
            return not (word.is_before_capital or word.is_covered)
        if self.leads.search(tail) or (self.numbers.search(tail) and _NUMBER.match(word.text, word.start)):
            return True
        if self.names.search(tail):
            return word.following not in self.rules.starters
        found = _LAST_WORD.search(tail)
        if found is None:
            return self._is_ordinal(word, tail)
        *others, last = found[2].split(".")
        if others and not last.islower() and self.leads.search(last):
            return True  # `PGS.TS. Lan`
        return self._has_shape(word, tail, found) or (not self.words.search(tail) and self._is_listed(word, found))

    def _has_shape(self, word: WordBefore, tail: str, found: re.Match[str]) -> bool:
        digits, letters = found[1], found[2]
        if digits:
            return False
        begins = tail[: found.start()]
        if begins.endswith(("-", "‑", "/")) and not begins[:-1].endswith("."):
            return False
        is_initial = len(letters) == 1 and letters.lower() != letters.upper()
        if not is_initial and not _LETTERS.fullmatch(letters):
            return bool(self.rules.ordinal_nouns) and bool(_ROMAN.fullmatch(letters)) and not self._is_start(word)
        if len(letters) > 3 and letters.islower() and word.is_before_capital:
            return False
        return not self._is_start(word)

    def _is_start(self, word: WordBefore) -> bool:
        return word.following in self.rules.starters

    def _is_ordinal(self, word: WordBefore, tail: str) -> bool:
        number = _LAST_NUMBER.search(tail)
        if number is None or word.is_covered:
            return False
        # `We want: 1. Speed` is a list.
        if word.following in self.rules.ordinal_nouns or tail[: number.start()].endswith((": ", "：")):
            return True
        previous = _PREVIOUS_WORD.search(tail[: number.start()])
        if previous is None or not word.is_before_capital or self._is_start(word):
            return False
        # `das 2. und 3. Kapitel`
        before = _NUMBER_BEFORE.search(tail[: previous.start()]) if previous[1].islower() else None
        return bool(self.ordinals) and (previous[1].casefold() in self.ordinals or before is not None)

    def _is_listed(self, word: WordBefore, found: re.Match[str]) -> bool:
        """Whether sentencex lists the word. It applies its English list, in which are words of any other language
        (`con`, `may`, `OK`), to every language without a list of its own, and even in English those in small letters or
        capitals may end a sentence."""
        letters = found[2]
        if found[1] or len(letters) > _MAX_LISTED_LENGTH or not _is_listed(letters, self.splitter):
            return False
        if self._has_own_list or not _is_listed(letters, "en"):
            return True
        if not letters.islower() and not letters.isupper():
            return True
        return not word.is_before_capital if self.splitter == "en" else word.text[word.start] in "(["

    @cached_property
    def _has_own_list(self) -> bool:
        return not _is_listed(_ENGLISH_ALONE, self.splitter)


@lru_cache(maxsize=8192)
def _is_listed(word: str, code: str) -> bool:
    return len(sentencex.segment(code, f"A {word}. Tau b.")) == 1


def _any_of(entries: Collection[str]) -> re.Pattern[str]:
    """Finds any of these at the end of a text, with or without spaces behind the periods inside; nothing if none. Small
    letters stand for capitals as well."""
    spelt = []
    for entry in sorted(entries):
        pattern = re.escape(entry.removeprefix("-")).replace(r"\.\ ", r"\.\s?").replace(r"\ ", r"\s")
        if entry.startswith("-"):
            pattern = rf"\w+{pattern}"
        spelt.append(f"(?i:{pattern})" if entry == entry.lower() else pattern)
    return re.compile(rf"{_BEGINS}(?:{'|'.join(spelt)})$") if spelt else re.compile(r"(?!)")
