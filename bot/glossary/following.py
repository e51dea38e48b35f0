"""Finds the terms of a sentence that its translation does not follow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.alignment import align
from bot.documents import parse
from bot.glossary.sides import is_unspaced
from bot.glossary.terms import Term
from bot.memory.pairs import collect_pairs
from bot.model import Direction, Document, Language

# In these languages, I is the capital of ı, and İ is the capital of i.
_DOTLESS_I_CODES = frozenset({"tr", "az"})
_LOWER_I = str.maketrans({"I": "ı", "İ": "i"})
MARKUP = re.compile(r"[*`]|(?<!\w)_+|_+(?!\w)")
# Idioms whose nouns may be terms elsewhere: 22 of 164 doubts about twenty chapters that people translated into Chinese.
_IDIOM = re.compile(r"\b(?:for|as an?) (?:example|instance)\b", re.IGNORECASE)
# From this length a word may lose its last vowel.
_MIN_LONG_WORD = 5
# A Turkish suffix softens these consonants (kitap, kitabı), so the hard and the soft one mean the same stem.
_SOFTENED = {"k": "kğg", "ç": "çc", "p": "pb", "t": "td"}
_INFINITIVE = re.compile(r"m[ae]k$")
_POSSESSIVE = re.compile(r"s?[ıiuü]$")
_VOWEL = re.compile(r"[^\W\d_bcdfghjklmnpqrstvwxz]$")


def unfollowed(
    terms: Sequence[Term], source_text: str, translation_text: str, direction: Direction
) -> tuple[Term, ...]:
    """The terms of a sentence (Markdown) with no allowed target in its translation, in the order of the sentence.

    Of nested terms the longest counts. A term is found as whole words, in the singular or the plural, in any case
    unless it is all capitals, but not in code, formulas and addresses. A target is found with any suffixes. The result
    is a hint for a person, not a proof.
    """
    pattern = _finder(tuple(terms))
    if pattern is None:
        return ()
    prose = _IDIOM.sub("\0", "\n".join(read_prose(source_text, direction.source)))
    numbers = dict.fromkeys(int(match.lastgroup[1:]) for match in pattern.finditer(prose) if match.lastgroup)
    if not numbers:
        return ()
    translation = _folded(MARKUP.sub("", translation_text), direction.target)
    return tuple(
        terms[number]
        for number in numbers
        if not any(_target_pattern(target, direction.target).search(translation) for target in terms[number].targets)
    )


@dataclass(frozen=True, slots=True)
class TermDoubt:
    """A pair of sentences whose translation misses terms. `line` is the translation's, from 1."""

    line: int
    source: str
    target: str
    terms: tuple[Term, ...]


def term_doubts(
    terms: Sequence[Term], documents: tuple[Document, Document], direction: Direction
) -> Iterator[TermDoubt]:
    """The doubts about all sentences of a document and its translation, see `unfollowed`."""
    for pair in collect_pairs(documents, align(*documents, direction), direction, ""):
        sentence, translation = pair.unit.source, pair.unit.target
        if missed := unfollowed(terms, sentence, translation, direction):
            line = documents[1].text.count("\n", 0, pair.target_spans[0][0]) + 1
            yield TermDoubt(line, sentence, translation, missed)


def unfollowed_warnings(
    terms: Sequence[Term], source_text: str, translation_text: str, direction: Direction
) -> list[str]:
    """A warning for each term that the translation does not follow, see `unfollowed`."""
    missed = unfollowed(terms, source_text, translation_text, direction)
    return [f"the glossary has “{' / '.join(term.targets)}” for “{term.source}”" for term in missed]


def read_prose(text: str, language: Language) -> Iterator[str]:
    """The words of each sentence of a Markdown text, normalised: without markup, NUL for each placeable."""
    segments = (segment for segment in parse(text, language).segments if segment.is_prose)
    return (_normal(MARKUP.sub("", segment.words("\0"))) for segment in segments)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("’", "'")


@lru_cache(maxsize=8)
def _finder(terms: tuple[Term, ...]) -> re.Pattern[str] | None:
    """One pattern for all terms, longer ones first; the name of the matching group holds the term's number."""
    if not terms:
        return None
    order = sorted(range(len(terms)), key=lambda number: -len(terms[number].source))
    spaced, unspaced = list[str](), list[str]()
    for number in order:
        words = _source_pattern(terms[number].source)
        edges = terms[number].source[:1], terms[number].source[-1:]
        (unspaced if any(map(is_unspaced, "".join(edges))) else spaced).append(f"(?P<t{number}>{words})")
    # All terms share one test for the start of a word, which fails at most places of a sentence.
    patterns = [rf"(?<![\w-])(?:{'|'.join(spaced)})(?![\w-])"] if spaced else []
    return re.compile("|".join(patterns + unspaced), re.IGNORECASE)


def _source_pattern(term: str) -> str:
    words = [re.escape(word) for word in re.split(r"[\s-]+", _normal(term)) if word]
    if not words:
        return r"(?!)"
    # An English noun in the singular or the plural; harmless for other words.
    if re.search(r"[a-z][^s\W]s$|[^aiou]es$", words[-1], re.IGNORECASE):
        words[-1] = f"{words[-1][:-1]}s?"
    elif re.search(r"[^aeiou\W]y$", words[-1], re.IGNORECASE):
        words[-1] = f"{words[-1][:-1]}(?:y|ies)"
    else:
        words[-1] += "(?:e?s)?"
    pattern = r"[\s-]+".join(words)
    return f"(?-i:{pattern})" if term.isupper() else pattern


def _folded(text: str, language: Language) -> str:
    return _normal((text.translate(_LOWER_I) if _has_dotless_i(language) else text).casefold())


def _has_dotless_i(language: Language) -> bool:
    return language.code.casefold().partition("-")[0] in _DOTLESS_I_CODES


@lru_cache(maxsize=4096)
def _target_pattern(target: str, language: Language) -> re.Pattern[str]:
    """A target with any suffixes, or, in a script without spaces, with any white space between its characters."""
    folded = _folded(target, language)
    if any(map(is_unspaced, folded)):
        return re.compile(r"\s*".join(map(re.escape, "".join(folded.split()))))
    words = [_stem(word, language) for word in re.findall(r"\w+", folded)]
    return re.compile(r"(?<!\w)" + r"\W+".join(words) if words else r"(?!)")


def _stem(word: str, language: Language) -> str:
    """A pattern for a word with other suffixes. Any word may gain a suffix; a long one may also lose its last vowel."""
    if not _has_dotless_i(language):
        return re.escape(_VOWEL.sub("", word) if len(word) >= _MIN_LONG_WORD else word) + r"\w*"
    if len(word) >= _MIN_LONG_WORD:
        word = _POSSESSIVE.sub("", _INFINITIVE.sub("", word))
    last = _SOFTENED.get(word[-1], "")
    return (re.escape(word[:-1]) + f"[{last}]" if last else re.escape(word)) + r"\w*"
