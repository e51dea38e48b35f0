"""Which terms of a sentence its translation did not follow."""

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
from bot.model import Direction, Language

# In these, I is the capital of ı and İ that of i.
_DOTLESS = frozenset({"tr", "az"})
_DOTS = str.maketrans({"I": "ı", "İ": "i"})
_MARKUP = re.compile(r"[*`]|(?<!\w)_+|_+(?!\w)")
# No terms, though their nouns may be: 22 of 164 doubts about twenty chapters that people translated into Chinese.
_IDIOM = re.compile(r"\b(?:for|as an?) (?:example|instance)\b", re.IGNORECASE)
_LONG = 5
# A Turkish suffix softens these consonants (kitap, kitabı); a hard one and its soft partner are the same stem.
_SOFTENED = {"k": "kğg", "ç": "çc", "p": "pb", "t": "td"}
_INFINITIVE = re.compile(r"m[ae]k$")
_POSSESSIVE = re.compile(r"s?[ıiuü]$")
_VOWEL = re.compile(r"[^\W\d_bcdfghjklmnpqrstvwxz]$")


def unfollowed(
    terms: Sequence[Term], source_text: str, translation_text: str, direction: Direction
) -> tuple[Term, ...]:
    """The terms of a sentence (Markdown) whose translation has none of their allowed targets, in the sentence's order.

    Of terms inside one another the longest counts. A term is found as whole words, in the singular or the plural, in
    any case unless it is all capitals; code, formulas and links' addresses are not looked at. A target is found
    whatever suffixes its words have: it is a hint for a person, not a proof.
    """
    pattern = _finder(tuple(terms))
    if pattern is None:
        return ()
    found = dict.fromkeys(
        int(match.lastgroup[1:]) for match in pattern.finditer(_prose(source_text, direction.source)) if match.lastgroup
    )
    if not found:
        return ()
    translation = _folded(_MARKUP.sub("", translation_text), direction.target)
    dense = "".join(translation.split())
    return tuple(
        terms[number]
        for number in found
        if not any(_holds(translation, dense, target, direction.target) for target in terms[number].targets)
    )


@dataclass(frozen=True, slots=True)
class TermDoubt:
    """A pair of sentences whose translation did not follow some terms. `line` is the line of the translation, from
    1."""

    line: int
    source: str
    target: str
    terms: tuple[Term, ...]


def term_doubts(terms: Sequence[Term], source: str, target: str, direction: Direction) -> Iterator[TermDoubt]:
    """The doubts about a document and its translation, see `unfollowed`."""
    documents = parse(source, direction.source), parse(target, direction.target)
    for bead in align(*documents, direction):
        left, right = (
            [document.segments[i] for i in side if document.segments[i].is_prose]
            for document, side in zip(documents, (bead.source, bead.target), strict=True)
        )
        if left and right:
            sentence = direction.source.joiner.join(segment.text for segment in left)
            translation = direction.target.joiner.join(segment.text for segment in right)
            if missed := unfollowed(terms, sentence, translation, direction):
                yield TermDoubt(target.count("\n", 0, right[0].start) + 1, sentence, translation, missed)


def unfollowed_warnings(
    terms: Sequence[Term], source_text: str, translation_text: str, direction: Direction
) -> list[str]:
    """What to tell a person of each term that the translation did not follow, see `unfollowed`."""
    found = unfollowed(terms, source_text, translation_text, direction)
    return [f"the glossary has “{' / '.join(term.targets)}” for “{term.source}”" for term in found]


def _prose(text: str, language: Language) -> str:
    """The words of a sentence, its placeables blanked, without markup; straight apostrophes."""
    parts: list[str] = []
    for segment in parse(text, language).segments:
        if not segment.is_prose:
            continue
        words = segment.text
        for placeable in segment.placeables:
            words = words.replace(placeable.text, "\0", 1)
        parts.append(words)
    return _IDIOM.sub("\0", _normal(_MARKUP.sub("", "\n".join(parts))))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("’", "'")


@lru_cache(maxsize=8)
def _finder(terms: tuple[Term, ...]) -> re.Pattern[str] | None:
    """All terms as one pattern, longer ones first; the group's name tells the number of the term."""
    if not terms:
        return None
    order = sorted(range(len(terms)), key=lambda number: -len(terms[number].source))
    spaced, unspaced = list[str](), list[str]()
    for number in order:
        words = _source_pattern(terms[number].source)
        edges = terms[number].source[:1], terms[number].source[-1:]
        (unspaced if any(map(is_unspaced, "".join(edges))) else spaced).append(f"(?P<t{number}>{words})")
    # One test of the word's start for all terms: most places of a sentence fail it.
    patterns = [rf"(?<![\w-])(?:{'|'.join(spaced)})(?![\w-])"] if spaced else []
    return re.compile("|".join(patterns + unspaced), re.IGNORECASE)


def _source_pattern(term: str) -> str:
    words = [re.escape(word) for word in re.split(r"[\s-]+", _normal(term)) if word]
    if not words:
        return r"(?!)"
    words[-1] = _numbered(words[-1])
    pattern = r"[\s-]+".join(words)
    return f"(?-i:{pattern})" if term.isupper() else pattern


def _numbered(word: str) -> str:
    """An English noun in the singular or the plural; harmless for what is none."""
    if re.search(r"[a-z][^s\W]s$|[^aiou]es$", word, re.IGNORECASE):
        return f"{word[:-1]}s?"
    if re.search(r"[^aeiou\W]y$", word, re.IGNORECASE):
        return f"{word[:-1]}(?:y|ies)"
    return f"{word}(?:e?s)?"


def _folded(text: str, language: Language) -> str:
    if language.code.casefold().partition("-")[0] in _DOTLESS:
        text = text.translate(_DOTS)
    return _normal(text.casefold())


def _holds(translation: str, dense: str, target: str, language: Language) -> bool:
    """`dense` is the translation without white space, for scripts that need none."""
    wanted = _folded(target, language)
    if any(map(is_unspaced, wanted)):
        return "".join(wanted.split()) in dense
    return bool(_target_pattern(wanted, language.code.casefold().partition("-")[0]).search(translation))


@lru_cache(maxsize=4096)
def _target_pattern(target: str, code: str) -> re.Pattern[str]:
    words = [_stem(word, code) for word in re.findall(r"\w+", target)]
    return re.compile(r"(?<!\w)" + r"\W+".join(words) if words else r"(?!)")


def _stem(word: str, code: str) -> str:
    """A pattern for a word with other suffixes. Short words only get more, long ones may also lose their last vowel."""
    if code not in _DOTLESS:
        return re.escape(_VOWEL.sub("", word) if len(word) >= _LONG else word) + r"\w*"
    if len(word) >= _LONG:
        word = _POSSESSIVE.sub("", _INFINITIVE.sub("", word))
    last = _SOFTENED.get(word[-1], "")
    return (re.escape(word[:-1]) + f"[{last}]" if last else re.escape(word)) + r"\w*"
