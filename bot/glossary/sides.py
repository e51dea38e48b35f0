"""Which side of a glossary is which language: by a label (code or name), or by scripts and accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from bot.errors import InputError
from bot.model import Direction, Language

# Chinese in traditional characters counts as another language.
_TRADITIONAL = re.compile(r"zh-(hant|tw|hk|mo)\b")
# The languages of a script, which is named by the first word of its letters' Unicode names. Others use Latin letters.
_SCRIPTS = {
    "CJK": "zh cmn ja ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CYRILLIC": "ru uk be bg mk sr mn kk",
    "GREEK": "el",
    "ARABIC": "ar fa ur",
    "HEBREW": "he",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "ETHIOPIC": "am",
    "DEVANAGARI": "hi mr ne",
    "BENGALI": "bn",
    "GURMUKHI": "pa",
    "GUJARATI": "gu",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "THAI": "th",
    "LAO": "lo",
    "MYANMAR": "my",
    "KHMER": "km",
}
_UNSPACED_SCRIPTS = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "MYANMAR", "KHMER"})


def side_of(direction: Direction, label: str) -> int | None:
    """Whether a code (`en-US`, `zh_CN`) or an English name means the source (0) or the translation (1). An exact code
    is preferred to a code of another region."""
    wanted = label.strip().casefold().replace("_", "-")
    for side, language in enumerate(direction):
        if wanted in {code.casefold() for code in (language.code.replace("_", "-"), *language.engine_codes.values())}:
            return side
        if wanted in {language.name.casefold(), language.name.partition(" (")[0].casefold()}:
            return side
    families = [_family(language.code) for language in direction]
    return families.index(_family(wanted)) if _family(wanted) in families and families[0] != families[1] else None


def is_unspaced(letter: str) -> bool:
    """Whether the script of this letter has no spaces between words."""
    return _script(letter) in _UNSPACED_SCRIPTS


def source_first(pairs: Sequence[tuple[str, str]], direction: Direction, name: str) -> tuple[bool, str]:
    """Whether the first text of most pairs is the source, and the reason for this decision.

    Different scripts decide it; of two languages in Latin letters, English is the side with fewer accents. Raises
    InputError if no side is in the script of one of the languages.
    """
    if _scripts(direction.source) != _scripts(direction.target):
        forward = sum(fits(pair, direction) for pair in pairs)
        backward = sum(fits(pair[::-1], direction) for pair in pairs)
        if not forward and not backward:
            names = f"{direction.source.name} and {direction.target.name}"
            raise InputError(f"{name}: has no line with a text in the script of {names} on either side")
        return forward >= backward, f"by their scripts ({max(forward, backward):,} of {len(pairs):,} lines)"
    for side, language in enumerate(direction):
        if _family(language.code) == "en":
            accents = [sum(not text.isascii() for text in column) for column in zip(*pairs, strict=True)]
            if pairs and accents[0] != accents[1]:
                first_is_english = accents[0] < accents[1]
                found = f"{max(accents):,} against {min(accents):,} lines"
                return first_is_english == (side == 0), f"English is the side with fewer accents ({found})"
    return True, "nothing tells the languages apart, so the usual order is assumed; a header of two codes says more"


def fits(pair: tuple[str, str], direction: Direction) -> bool:
    """Whether most letters of the first text, and some of the second, are in the scripts of the two languages."""
    shares = [_share(text, language) for text, language in zip(pair, direction, strict=True)]
    backward = [_share(text, language) for text, language in zip(pair[::-1], direction, strict=True)]
    return min(shares) > 0 and sum(shares) > sum(backward)


def _share(text: str, language: Language) -> float:
    letters = [letter for letter in text if letter.isalpha()]
    scripts = _scripts(language)
    return sum(_script(letter) in scripts for letter in letters) / len(letters) if letters else 0.0


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ", 1)[0].split("-", 1)[0]


def _scripts(language: Language) -> frozenset[str]:
    primary = language.code.casefold().partition("-")[0]
    return frozenset(script for script, codes in _SCRIPTS.items() if primary in codes.split()) or frozenset({"LATIN"})


def _family(code: str) -> str:
    normal = code.casefold().replace("_", "-")
    return "zh-hant" if _TRADITIONAL.match(normal) else normal.partition("-")[0]
