"""What English words weigh: function words carry little, negations and number words decide the meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import DamerauLevenshtein

_FUNCTION = """
a an the of to in on at for by with from as and so that this these those it its they them their is are was were be been
being will would do does did have has had also then here there which who whom whose what when where how we you your our
us i let let's lets s just very such i.e e.g etc now thus hence
"""
# In the place of each other these change the meaning, however short they are.
_TELLING = """
and or nor but if unless until before after without within above below over under more less most least fewer only never
always can cannot could may might must should shall all any some each every both either neither none same other first
last next previous true false
no not nothing nobody nowhere hardly non
zero one two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty hundred thousand
million billion half twice once double triple third quarter second
"""
FUNCTION_WORDS = frozenset(_FUNCTION.split())
_WEIGHTY = frozenset(_TELLING.split())
_CONTRACTIONS = (
    (re.compile(r"\bcan't\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\bcannot\b"), "can not"),
    (re.compile(r"'(?:s|re|ve|ll|d|m)\b"), ""),
)
_ENDINGS = ("ing", "ies", "ied", "ed", "es", "ly", "s", "d", "e", "y")
_MIN_STEM = 3
_MIN_SLIP = 5
# Shorter words two letters apart are mostly two words: `relation`, `rotation`.
_MIN_DOUBLE_SLIP = 11


def content_words(words: Sequence[str]) -> list[str]:
    """The words in lower case without function words; contractions are written out."""
    text = " ".join(words).lower().replace("’", "'")
    for pattern, full in _CONTRACTIONS:
        text = pattern.sub(full, text)
    return [word for word in text.split() if word not in FUNCTION_WORDS]


def is_content(word: str) -> bool:
    return word.lower() not in FUNCTION_WORDS


def is_weighty(word: str) -> bool:
    """Whether the word may never count as small: negations, number words, words of comparison and the like."""
    word = word.lower()
    return word in _WEIGHTY or any(map(str.isdigit, word))


def same_stem(one: str, other: str) -> bool:
    """Whether two words are forms of one: `bone` and `bones`, `count` and `counting`."""
    return bool({_stem(one, ending) for ending in ("", *_ENDINGS)} & {_stem(other, e) for e in ("", *_ENDINGS)} - {""})


def is_slip(old: str, new: str) -> bool:
    """Whether `new` may be `old` with a slip of the pen mended: `propertly`, `properly`. Its first letter stays."""
    if min(len(old), len(new)) < _MIN_SLIP or old[0] != new[0] or is_weighty(old) or is_weighty(new):
        return False
    return DamerauLevenshtein.distance(old, new) <= (1 if min(len(old), len(new)) < _MIN_DOUBLE_SLIP else 2)


def _stem(word: str, ending: str) -> str:
    bare = word.removesuffix(ending)
    if ending in ("ies", "ied") and bare != word:
        bare += "y"
    if ending in ("ing", "ed") and bare != word and len(bare) > _MIN_STEM and bare[-1] == bare[-2]:
        bare = bare[:-1]
    if ending == "e" or ending == "y":
        return bare if len(bare) >= _MIN_STEM else ""
    return bare if len(bare) >= _MIN_STEM or bare == word else ""
