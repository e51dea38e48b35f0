"""Finds the words of a translation that correspond to a part of the English sentence, to put a mark around them.

A log-linear model of all runs of words (conditional logit). Its features: whether the words inside translate those of
the mark, how many they are, where they begin and end, and the order of the words in the language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.model import Language, Span, Tag
from bot.repair.draft import Side
from bot.repair.lexis import Lexis
from bot.repair.tokens import Token, TokenKind
from bot.repair.words import is_content

# Fitted by `python -m benchmarks.marks --fit` (maximum likelihood, L2) on marks of Turkish and Vietnamese sentences.
WEIGHTS: Mapping[str, float] = {
    # The sum of the log-odds of the words inside, and those on both sides of both borders once more.
    "words": 0.26,
    "borders": 0.32,
    # How far the length is from that of the English mark, as a logarithm.
    "length": 2.1,
    # Borders at the beginning, where nothing or only function words stand before the English mark; after a comma,
    # and after a comma as in English.
    "starts sentence": 3.73,
    "starts sentence after function words": 1.15,
    "starts after comma": 1.38,
    "starts after comma as in English": 3.18,
    # The same at the end. Where the verb is last, the end is no sign that nothing follows in English.
    "ends sentence": 2.43,
    "ends sentence, verb last, before more": 2.54,
    "ends sentence, verb not last, before more": 1.0,
    "ends before comma": 1.13,
    "ends before comma as in English": 2.62,
    # Where the verb is last, only the main verb (`we can [**…**]`) ends a clause, not a noun, or `to [**…**]`.
    "ends clause, main verb": 1.1,
    "ends clause, infinitive": -0.7,
    # Commas inside beyond those of the English mark.
    "commas": 0.64,
    # How far the borders are from their places in English, as shares of the sentence.
    "start, verb not last": 3.26,
    "end, verb not last": 3.58,
    "start, verb last": 0.95,
}
# The chance of a pair of words that says nothing, and the highest log-odds of one word.
_SMOOTHING, _MOST = 2e-3, 4.0
_TOLD = (TokenKind.WORD, TokenKind.PLACEABLE)
_COMMA = re.compile(r"[,;:，；：、（(]|[.–—-]\s")
_COMMA_AFTER = re.compile(r"[,;:，；：、（()）]|\s[–—-]\s")
_BRACKETS = re.compile(r"[()（）]")
# Between two words without white space these make them one: `X`'i, `run_all`, `1.2`.
_JOINTS = ("'", "’", "_", ".")
_ENGLISH_COMMA = re.compile(r"[,;:]\s")
_BEFORE_MAIN_VERB = "we us you i can will let's now should must could may might would and then next"
_DETERMINERS = "a an the this these that those its our their your some each every all several any two three both"


@dataclass(frozen=True, slots=True)
class Placement:
    """The characters `[start, end)` of a document, and how probable it is that they are the right ones; `is_certain` if
    nothing was guessed."""

    start: int
    end: int
    chance: float
    is_certain: bool = False


def place(candidates: Candidates) -> Placement | None:
    """The best run of words; None if nothing is allowed."""
    if not candidates.allowed.any():
        return None
    score = sum(WEIGHTS[name] * values for name, values in candidates.features().items())
    score = np.where(candidates.allowed, score, -np.inf)
    chances = np.exp(score - score.max())
    chances /= chances.sum()
    first, last = np.unravel_index(int(score.argmax()), score.shape)
    words = candidates.words
    return Placement(words[first].start, words[last].end, float(chances[first, last]))


@dataclass
class Candidates:
    """All runs of words of `target` that the mark `tag` of `new` may be put around: matrices by the first and the last
    word. `taken` are parts of the target document that have just got a mark."""

    new: Side
    tag: Tag
    target: Side
    language: Language
    lexis: Lexis
    taken: Sequence[Span] = ()

    @cached_property
    def words(self) -> list[Token]:
        return _told(self.target)

    @cached_property
    def _english(self) -> tuple[list[Token], list[Token], list[Token]]:
        """The words before, inside and after the mark."""
        words, tag = _told(self.new), self.tag
        return (
            [word for word in words if word.end <= tag.start],
            [word for word in words if tag.inner_start <= word.start and word.end <= tag.inner_end],
            [word for word in words if word.start >= tag.end],
        )

    @cached_property
    def _gaps(self) -> list[str]:
        """What stands before each word, and after the last one."""
        text, words = self.target.document.text, self.words
        borders = [self.target.start, *(place for word in words for place in (word.start, word.end)), self.target.end]
        return [text[start:end] for start, end in zip(borders[::2], borders[1::2], strict=True)]

    @cached_property
    def allowed(self) -> NDArray[np.bool_]:
        """Runs that tear no tag, bracket, name, or word with its suffix, and hold the placeables of the mark only."""
        count = len(self.words)
        first, last = np.arange(count)[:, None], np.arange(count)[None, :]
        allowed: NDArray[np.bool_] = first <= last
        if not self._english[1]:
            return allowed & False
        is_nested = any(tag.inner_start <= self.tag.start and self.tag.end <= tag.inner_end for tag in self.new.tags)
        for start, end in (*self.taken, *self._brackets(), *((tag.start, tag.end) for tag in self.target.tags)):
            a, b = self._run(start, end)
            if a > b:
                continue
            allowed &= ~((first < a) & (a <= last) & (last < b) | (a < first) & (first <= b) & (b < last))
            if (start, end) in self.taken:
                allowed &= (last < a) | (b < first)
        if not is_nested:
            for tag in self.target.tags:
                a, b = self._run(tag.start, tag.end)
                allowed &= (last < a) | (b < first) | ((first <= a) & (b <= last))
        for k in range(1, count):
            if self._gaps[k] in _JOINTS:
                allowed &= (first != k) & (last != k - 1)
        with_placeables = allowed.copy()
        for k in self._foreign_placeables(inside=True):
            with_placeables &= (first <= k) & (k <= last)
        for k in self._foreign_placeables(inside=False):
            with_placeables &= (k < first) | (last < k)
        return with_placeables if with_placeables.any() else allowed

    def _run(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last word in a part of the document."""
        return sum(word.end <= start for word in self.words), sum(word.start < end for word in self.words) - 1

    def _brackets(self) -> list[Span]:
        pairs, open_at = [], []
        for found in _BRACKETS.finditer(self.target.document.text, self.target.start, self.target.end):
            if found[0] in "(（":
                open_at.append(found.start())
            elif open_at:
                pairs.append((open_at.pop(), found.end()))
        return pairs

    def _foreign_placeables(self, *, inside: bool) -> list[int]:
        """The words that are placeables which stand only inside, or only outside, the English mark."""
        left, inner, right = (
            Counter(token.text for token in part if token.kind is TokenKind.PLACEABLE) for part in self._english
        )
        english = left + inner + right
        own = Counter(word.text for word in self.words if word.kind is TokenKind.PLACEABLE)
        expected = english if inside else Counter[str]()
        return [
            k
            for k, word in enumerate(self.words)
            if own[word.text] == english[word.text] > 0 and inner[word.text] == expected[word.text]
        ]

    def features(self) -> dict[str, NDArray[np.float64]]:
        """By the names of `WEIGHTS`: a value for each pair of a first and a last word."""
        (left, inner, right), text = self._english, self.new.document.text
        count, total = len(self.words), len(left) + len(inner) + len(right)
        first, last = np.arange(count)[:, None], np.arange(count)[None, :]
        odds = self._log_odds()
        before, after = np.append(0, odds[:-1]), np.append(odds[1:], 0)
        sums = np.append(0, np.cumsum(odds))
        commas = np.array([k > 0 and bool(_COMMA.search(gap)) for k, gap in enumerate(self._gaps[:-1])])
        ends = np.array([k < count - 1 and bool(_COMMA_AFTER.search(g)) for k, g in enumerate(self._gaps[1:])])
        passed = np.cumsum(commas)
        inner_commas = len(_ENGLISH_COMMA.findall(self.new.inner(self.tag)))
        comma_before = text[self.new.start : self.tag.start].rstrip().endswith((",", ":", ";", "("))
        comma_after = text[self.tag.end : self.new.end].lstrip().startswith((",", ":", ";", "(", ")"))
        more = any(map(_is_content, right))
        verb_last = self.language.verb_last
        clause_end = (last == count - 1) | ends[None, :]
        role = self._role()
        with np.errstate(divide="ignore", invalid="ignore"):
            length = -np.abs(np.log((last - first + 1) / count * total / len(inner)))
        starts = -np.abs(first / count - len(left) / total)
        values: dict[str, NDArray[np.float64]] = {
            "words": sums[1:][None, :] - sums[:-1][:, None],
            "borders": (odds - before)[:, None] + (odds - after)[None, :],
            "length": length,
            "starts sentence": (first == 0) * (not left),
            "starts sentence after function words": (first == 0) * (bool(left) and not any(map(_is_content, left))),
            "starts after comma": commas[:, None] * (not comma_before),
            "starts after comma as in English": commas[:, None] * comma_before,
            "ends sentence": (last == count - 1) * (not right),
            "ends sentence, verb last, before more": (last == count - 1) * (more and verb_last),
            "ends sentence, verb not last, before more": (last == count - 1) * (more and not verb_last),
            "ends before comma": ends[None, :] * (not comma_after),
            "ends before comma as in English": ends[None, :] * comma_after,
            "ends clause, main verb": clause_end * (verb_last and role == "main verb"),
            "ends clause, infinitive": clause_end * (verb_last and role == "infinitive"),
            "commas": -np.maximum(0, passed[None, :] - passed[:, None] - inner_commas),
            "start, verb not last": starts * (not verb_last),
            "end, verb not last": -np.abs((count - 1 - last) / count - len(right) / total) * (not verb_last),
            "start, verb last": starts * verb_last,
        }
        return {name: np.broadcast_to(value, (count, count)) for name, value in values.items()}

    def _log_odds(self) -> NDArray[np.float64]:
        """For each word of the translation: whether it translates words inside rather than outside the mark."""
        left, inner, right = self._english
        inside, outside = (
            self.lexis.probabilities(part, self.words).sum(axis=0) + _SMOOTHING * len(part)
            for part in (inner, [*left, *right])
        )
        if not left and not right:
            return np.zeros(len(self.words))
        odds: NDArray[np.float64] = np.log(inside / outside)
        return odds.clip(-_MOST, _MOST)

    def _role(self) -> str:
        """What the English mark holds, to judge by the words at its beginning."""
        left, inner, _ = self._english
        word = left[-1].text.lower() if left else ""
        if inner[0].kind is TokenKind.PLACEABLE or inner[0].text.lower() in _DETERMINERS.split():
            return "noun"
        return "infinitive" if word == "to" else "main verb" if word in _BEFORE_MAIN_VERB.split() else ""


def _told(side: Side) -> list[Token]:
    return [token for token in side.tokens if token.kind in _TOLD]


def _is_content(token: Token) -> bool:
    return token.kind is TokenKind.PLACEABLE or is_content(token.text)
