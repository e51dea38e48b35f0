"""Finds the words of a translation that correspond to a part of the English sentence, to put a mark around them."""

from __future__ import annotations

import re
from math import log

from bot.model import Tag
from bot.repair.draft import Side
from bot.repair.lexis import Lexis
from bot.repair.tokens import TokenKind
from bot.repair.words import is_content

_W = {"lex": 0.7, "start": 1.0, "end": 2.2, "comma": 2.4, "share": 2.8, "func": 0.8}
_SEPARATORS = re.compile(r"[,;:(，；：、（]")
_CLOSERS = re.compile(r"[,;:)，；：、）]")
_NOUN = re.compile(r"(a|an|the|this|these|its|our|their|some|each|all|several|\W)\b", re.I)


def place(new: Side, tag: Tag, target: Side, lexis: Lexis) -> tuple[int, int] | None:
    """The span of the translation that corresponds to the words inside `tag`, by a log-linear choice among all runs of
    words: how likely its words translate those inside rather than those outside, how long it is, and where it lies."""
    told = (TokenKind.WORD, TokenKind.PLACEABLE)
    english = [t for t in new.tokens if t.kind in told]
    left = [t for t in english if t.end <= tag.start]
    inner = [t for t in english if tag.inner_start <= t.start and t.end <= tag.inner_end]
    right = [t for t in english if t.start >= tag.end]
    words = [t for t in target.tokens if t.kind in told]
    if not words or not inner:
        return None
    text, n = target.document.text, len(words)
    gains = [0.0]
    for word in words:
        inside = sum(lexis.probability(t, word) for t in inner) + 2e-3 * len(inner)
        outside = sum(lexis.probability(t, word) for t in (*left, *right)) + 2e-3 * (len(left) + len(right))
        gains.append(gains[-1] + _W["lex"] * max(-4.0, min(4.0, log(inside / outside))))

    def gap(at: int) -> str:
        return text[words[at - 1].end : words[at].start] if 0 < at < n else ""

    left_content = [t for t in left if t.kind is TokenKind.PLACEABLE or is_content(t.text)]
    english_text = new.document.text
    comma_before = english_text[new.start : tag.start].rstrip().endswith((",", ":", ";"))
    comma_after = english_text[tag.end : new.end].lstrip()[:1] in tuple(",;:(")
    share = len(inner) / len(english)
    noun = bool(_NOUN.match(english_text[tag.inner_start : tag.inner_end]))
    best: tuple[float, int, int] | None = None
    for first in range(n):
        for last in range(first + 1, n + 1):
            score = gains[last] - gains[first] - _W["share"] * abs((last - first) / n - share)
            if first == 0:
                score += _W["start"] if not left else _W["func"] if not left_content else 0
            elif _SEPARATORS.search(gap(first)):
                score += _W["comma"] * (2 if comma_before else 1)
            if last == n:
                score += (_W["end"] if not right else 0) - (1.5 if not right and noun and left_content else 0)
            elif _CLOSERS.search(gap(last)):
                score += _W["comma"] * (2 if comma_after else 1)
            if best is None or score > best[0]:
                best = score, first, last
    assert best is not None
    _, first, last = best
    return words[first].start, words[last - 1].end
