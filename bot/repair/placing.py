"""Finds the words of a translation that correspond to a part of the English sentence, to put a mark around them.

A log-linear model of all runs of words (conditional logit). Its features: whether the words inside translate those of
the mark, how many they are, where they begin and end, and the order of the words in the language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.model import Language, Span, Tag
from bot.repair.draft import Side
from bot.repair.lexis import Lexis
from bot.repair.tokens import Token, TokenKind
from bot.repair.weights import WEIGHTS
from bot.repair.words import is_content

# The chance of a pair of words that says nothing, and the highest log-odds of one word.
_SMOOTHING, _MOST = 2e-3, 6.0
# What an English function word counts for in them.
_FUNCTION_SHARE = 0.4
_TOLD = (TokenKind.WORD, TokenKind.PLACEABLE)
_COMMA = re.compile(r"[,;:，；：、（(]|[.–—-]\s")
_COMMA_AFTER = re.compile(r"[,;:，；：、（()）]|\s[–—-]\s")
_WORDS_BEFORE_MAIN_VERB = "we us you i can will let's should must could may might would"
# Words that are often not translated by words of their own.
_SILENT_WORDS = f"{_WORDS_BEFORE_MAIN_VERB} let the a an is are be to of do as it that have need shall"
_ARTICLES = ("a", "an", "one")
_DETERMINERS = "a an the this these that those its our their your some each every all several any two three both"
_PREPOSITIONS = "in on at for by with from using to of as"
_BRACKETS = re.compile(r"[()（）]")
# Between two words without white space these make them one: `X`'i, `run_all`, `1.2`.
_JOINTS = ("'", "’", "_", ".")
_ENGLISH_COMMA = re.compile(r"[,;:]\s")


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
    return Placement(*candidates.span(int(first), int(last)), float(chances[first, last]))


@dataclass
class Candidates:
    """All runs of words of `target` that the mark `tag` of `new` may be put around: matrices by the first and the last
    word. `taken` says where other marks of `new` were just put, `going` are tags of the target that lose theirs."""

    new: Side
    tag: Tag
    target: Side
    language: Language
    lexis: Lexis
    taken: Mapping[Tag, Span] = field(default_factory=dict)
    going: Sequence[Tag] = ()

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
        for start, end in (*self._brackets, *((tag.start, tag.end) for tag in self._standing)):
            a, b = self._run(start, end)
            allowed &= ~((first < a) & (a <= last) & (last < b) | (a < first) & (first <= b) & (b < last))
        for other, span in self.taken.items():
            a, b = self._run(*span)
            if _encloses(other, self.tag):
                allowed &= (a <= first) & (last <= b)
            elif _encloses(self.tag, other):
                allowed &= (first <= a) & (b <= last)
            else:
                allowed &= (last < a) | (b < first)
        if not self._is_nested:
            for tag in self._standing:
                a, b = self._run(tag.start, tag.end)
                allowed &= (last < a) | (b < first) | ((first <= a) & (b <= last))
        for k in range(1, count):
            if self._gaps[k] in _JOINTS:
                allowed &= (first != k) & (last != k - 1)
        anchored = allowed.copy()
        english = {token.text for part in self._english for token in part}
        for k, word in enumerate(self.words):
            # What the English has no more is not marked by it.
            if word.kind is TokenKind.PLACEABLE and word.text not in english:
                anchored &= (last < k) | (k < first)
        for a, b in self._anchors(inside=True):
            anchored &= (first <= a) & (b <= last)
        for a, b in self._anchors(inside=False):
            anchored &= (b < first) | (last < a)
        return anchored if anchored.any() else allowed

    def span(self, first: int, last: int) -> Span:
        """The characters of a run, with the brackets and the tags whose words it holds; brackets around just its words
        stay outside, unless the English mark holds them too."""
        start, end = self.words[first].start, self.words[last].end
        opens = self.new.inner(self.tag).startswith(("(", "["))
        pairs = [pair for pair in self._brackets if opens or self._run(*pair) != (first, last)]
        pairs += [(tag.start, tag.end) for tag in self._standing if not self._is_nested]
        for pair in sorted(pairs, key=lambda pair: pair[0] - pair[1], reverse=True):
            a, b = self._run(*pair)
            if first <= a <= b <= last:
                start, end = min(start, pair[0]), max(end, pair[1])
        return start, end

    @cached_property
    def _standing(self) -> list[Tag]:
        return [tag for tag in self.target.tags if tag not in self.going]

    @cached_property
    def _is_nested(self) -> bool:
        """Whether the English mark stands inside another tag."""
        return any(_encloses(tag, self.tag) for tag in self.new.tags)

    def _run(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last word in a part of the document."""
        return sum(word.end <= start for word in self.words), sum(word.start < end for word in self.words) - 1

    @cached_property
    def _brackets(self) -> list[Span]:
        pairs, open_at = [], []
        for found in _BRACKETS.finditer(self.target.document.text, self.target.start, self.target.end):
            if found[0] in "(（":
                open_at.append(found.start())
            elif open_at:
                pairs.append((open_at.pop(), found.end()))
        return pairs

    def _anchors(self, *, inside: bool) -> list[tuple[int, int]]:
        """The runs of words that are placeables or tags, of which all, or none, stand inside the English mark."""
        left, inner, right = (
            Counter[str](token.text for token in part if token.kind is TokenKind.PLACEABLE) for part in self._english
        )
        own: list[tuple[tuple[int, int], str]] = [
            ((k, k), word.text) for k, word in enumerate(self.words) if word.kind is TokenKind.PLACEABLE
        ]
        others = [tag for tag in self.new.tags if tag is not self.tag and not _encloses(tag, self.tag)]
        within = Counter[str](tag.kind for tag in others if _encloses(self.tag, tag))
        own += [(self._run(tag.start, tag.end), tag.kind) for tag in self._standing]
        english, inner = left + inner + right + Counter[str](tag.kind for tag in others), inner + within
        counts = Counter(name for _, name in own)
        return [
            run
            for run, name in own
            if counts[name] == english[name] and inner[name] == (english[name] if inside else 0) and run[0] <= run[1]
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
        cuts = np.array([0.0, *(self.lexis.cohesion(*pair) for pair in pairwise(self.words)), 0.0])
        inner_commas = len(_ENGLISH_COMMA.findall(self.new.inner(self.tag)))
        comma_before = text[self.new.start : self.tag.start].rstrip().endswith((",", ":", ";", "("))
        comma_after = text[self.tag.end : self.new.end].lstrip().startswith((",", ":", ";", "(", ")"))
        is_silent = bool(left) and all(word.text.lower() in _SILENT_WORDS.split() for word in left)
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
            "starts sentence after silent words": (first == 0) * is_silent,
            "starts after comma": commas[:, None] * (not comma_before),
            "starts after comma as in English": commas[:, None] * comma_before,
            "ends sentence": (last == count - 1) * (not right),
            "ends sentence, more in English": (last == count - 1) * any(map(_is_content, right)),
            "ends before comma": ends[None, :] * (not comma_after),
            "ends before comma as in English": ends[None, :] * comma_after,
            "ends clause, main verb": clause_end * (verb_last and role == "main verb"),
            "ends clause, infinitive": clause_end * (verb_last and role == "infinitive"),
            "ends before the last word, noun": (last == count - 2)
            * (verb_last and role == "noun" and bool(left) and not right),
            "commas": -np.maximum(0, passed[None, :] - passed[:, None] - inner_commas),
            "cut words": -cuts[:-1][:, None] - cuts[1:][None, :],
            "start, verb not last": starts * (not verb_last),
            "end, verb not last": -np.abs((count - 1 - last) / count - len(right) / total) * (not verb_last),
            "start, verb last": starts * verb_last,
            "parted article": -np.append(0.0, self._articles()[:-1])[:, None],
        }
        return {name: np.broadcast_to(value, (count, count)) for name, value in values.items()}

    def _articles(self) -> NDArray[np.float64]:
        """For each word of the translation how probable it translates an article of the mark that the rest has not."""
        left, inner, right = self._english
        inside, outside = ([w for w in part if w.text.lower() in _ARTICLES] for part in (inner, [*left, *right]))
        if not inside or outside:
            return np.zeros(len(self.words))
        chances: NDArray[np.float64] = self.lexis.probabilities(inside, self.words).max(axis=0)
        return chances

    def _log_odds(self) -> NDArray[np.float64]:
        """For each word of the translation: whether it translates words inside rather than outside the mark."""
        left, inner, right = self._english
        inside, outside = (
            weights @ self.lexis.probabilities(part, self.words) + _SMOOTHING * weights.sum()
            for part in (inner, [*left, *right])
            for weights in (np.array([1.0 if _is_content(word) else _FUNCTION_SHARE for word in part]),)
        )
        if not left and not right:
            return np.zeros(len(self.words))
        odds: NDArray[np.float64] = np.log(inside / outside)
        return odds.clip(-_MOST, _MOST)

    def _role(self) -> str:
        """What the English mark holds, to judge by the words at its beginning."""
        left, inner, _ = self._english
        before, word = left[-1].text.lower() if left else "", inner[0].text.lower()
        if not inner[0].is_word or word in _DETERMINERS.split() or word.endswith("ing"):
            return "noun"
        if before in _WORDS_BEFORE_MAIN_VERB.split():
            return "main verb"
        if not left or (len(left) == 1 and not _is_content(left[0])):
            is_verb = word not in _PREPOSITIONS.split() and (bool(left) or inner[0].text[0].isupper())
            return "main verb" if is_verb else ""
        return "infinitive" if before == "to" else ""


def _encloses(outer: Tag, inner: Tag) -> bool:
    return outer.inner_start <= inner.start and inner.end <= outer.inner_end


def _told(side: Side) -> list[Token]:
    return [token for token in side.tokens if token.kind in _TOLD]


def _is_content(token: Token) -> bool:
    return token.kind is TokenKind.PLACEABLE or is_content(token.text)
