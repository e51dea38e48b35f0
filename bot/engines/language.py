"""Whether an answer is in the language that was asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.documents import parse
from bot.memory.language_detection import load_detector
from bot.memory.pairs import Detector, trust_all
from bot.model import Direction, Language

_FEW_WORDS = 2
_MIN_JUDGED = 30
"""Characters of which a language is told."""
_WORD = re.compile(r"[^\W\d_]+")


def detector() -> Detector:
    """Whether words are certainly in another language; trusts all of them without py3langid."""
    try:
        return load_detector()
    except ImportError:
        return trust_all


def words_of(text: str, language: Language) -> str:
    """The text without formulas, code and addresses."""
    return " ".join(" ".join(segment.words() for segment in parse(text, language).segments).split())


def left_in_source(source_words: str, words: str) -> bool:
    """Whether the words are those of the source, and more than names."""
    return len(_small(source_words)) > _FEW_WORDS and _same(source_words, words)


def has_no_words_of_its_own(source_words: str, words: str) -> bool:
    """Whether all words of an answer to more than names stand in the source too: it is cut out of it."""
    known = _known(source_words)
    return len(_small(source_words)) > _FEW_WORDS and all(word.casefold() in known for word in _WORD.findall(words))


def in_another_language(source_words: str, words: str, language: Language, detect: Detector) -> bool:
    """Whether the words are certainly not in this language. Names are in every language, and words that stand in the
    source too say little where there are others."""
    if not detect(words, language) or _is_names(words, source_words):
        return False
    others = " ".join(word for word in _WORD.findall(words) if word.casefold() not in _known(source_words))
    return len(others) < _MIN_JUDGED or detect(others, language)


def language_fault(source: str, answer: str, direction: Direction, detect: Detector) -> str:
    """What is wrong with the language of an answer to the text `source`, both Markdown; "" for nothing."""
    if direction.source.code == direction.target.code:
        return ""
    before, words = words_of(source, direction.source), words_of(answer, direction.target)
    if left_in_source(before, words):
        return f"the machine left it in {direction.source.name}"
    if in_another_language(before, words, direction.target, detect):
        return f"the machine's answer is not in {direction.target.name}"
    return ""


def _known(words: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(words))


def _small(words: str) -> Sequence[str]:
    """Words that are no names."""
    return [word for word in _WORD.findall(words) if word.islower()]


def _same(source_words: str, words: str) -> bool:
    return [w.casefold() for w in _WORD.findall(source_words)] == [w.casefold() for w in _WORD.findall(words)]


def _is_names(words: str, source_words: str) -> bool:
    """Whether all Latin words of a translation stand in the source too, with names alone among them: nothing there
    could be in another language."""
    known = _known(source_words)
    return all(word.casefold() in known and not word.islower() for word in _WORD.findall(words))
