"""Source text that stands untranslated in a translation; names and the like need no translation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from bot.model import Document, Kind, Segment

# A word with its inner marks: `R-CNN`, `d2l.ai`, `don't`, `labels.csv`, `snake_case`, `C++`, `C#`.
_WORD = re.compile(r"[^\W_](?:[\w'’.\-+#@]*[\w+#])?")
_PATH = re.compile(r"(?:(?<![\w/])(?:\.{1,2}|~)?/[\w.\-]+|\b[\w.\-]+/[\w.\-]+(?=/))(?:/[\w.\-]*)*")
_FOLDED = re.compile(r"\w+")
_UNIT = re.compile(r"(?<=\d)\s*[^\W\d_]{1,2}\b")
# What stands in lower case between names, in the languages that many books are written in.
_CONNECTORS = frozenset(
    "al and at by de del della der des di do el en et for in la le of on the und van ve von y".split(" ")  # noqa: SIM905
)
# Where so many of the words within sentences begin with a capital, capitals mark nouns, not names.
_MAX_CAPITALS = 0.2
_MIN_ITEMS, _MIN_NAME = 2, 2
# The authors that an entry in a list of literature begins with: `Lee, A. B.`, `A. B. Lee`, `Lee AB,` or `Lee et al.`
_INITIALS, _SURNAME = r"(?:[A-Z]\.[\s-]*)+", r"[^\W\d_a-z][\w'’\-]+"
_AUTHORS = re.compile(
    rf"\W*(?:\d+\W+)?(?:{_SURNAME},? {_INITIALS}|{_INITIALS}{_SURNAME}[,.]? |{_SURNAME} [A-Z]{{1,3}}[,.] "
    rf"|{_SURNAME},? et al)"
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d[a-z]?\b")
_PLACE = re.compile(r"\b\d{4,6}\b|^\d+\S*\s+\w+|\b\w+\s+\d+\S*\s*,")
_SEPARATOR = re.compile(r"\s*[,;·|&]\s*(?:and\b|&)?\s*|\s+(?:and|und|et|y|ve)\s+")


class Untranslated:
    """Tells which source text stands untranslated in a translation of the document `source`.

    Names, products, numbers, addresses, references to literature and code need no translation. Whether a capitalised
    word is a name, the document itself says: a name is never written in lower case, and has its capital within a
    sentence too. In doubt, a text needs a translation: people can keep it.
    """

    def __init__(self, source: Document) -> None:
        self._source = source

    def needs_translation(self, index: int) -> bool:
        """Whether a segment of the source is prose that a translation says in other words."""
        segment = self._source.segments[index]
        return segment.is_prose and segment.has_words and not self._is_code_like(segment)

    def is_copied(self, indices: Sequence[int], target: Sequence[Segment]) -> bool:
        """Whether `target`, which stands for these segments of the source, is their text, which needs a translation."""
        source = [self._source.segments[i] for i in indices]
        if not target or not all(segment.is_prose for segment in target) or _letters(source) != _letters(target):
            return False
        return any(map(self.needs_translation, indices))

    def has_copy(self, indices: Sequence[int], target: Sequence[Segment]) -> bool:
        """Whether the text of one of these segments stands in `target` where its translation belongs. Beside its
        translation, it is meant to stand there."""
        standing = {_letters([segment]) for segment in target if segment.is_prose}
        copies = [i for i in indices if _letters([self._source.segments[i]]) in standing]
        if copies and any(map(self.needs_translation, copies)):
            return len(target) - len(copies) <= len(indices) - len(copies)
        return self.is_copied(indices, target)

    def _is_code_like(self, segment: Segment) -> bool:
        words = _words(segment)
        plain = [word for word in words if not _is_code(word)]
        if not plain:
            return True
        block = self._source.blocks[segment.block]
        if segment.kind is not Kind.HEADING and _is_reference(self._source.text[block.start : block.end]):
            return True
        named = [word for word in plain if word not in _CONNECTORS]
        if not named:
            return len(plain) < len(words)
        if not all(word[0].isupper() and word.casefold() not in self._common for word in named):
            return False
        if all(word.casefold() in self._names for word in named):
            return True
        if segment.kind in (Kind.HEADING, Kind.CAPTION):
            # Each word of a title may have a capital.
            return False
        is_product = segment.kind is Kind.CELL and len(plain) < len(words)
        return is_product or _is_list_of_names(segment.words()) or _is_address(segment.text)

    @cached_property
    def _common(self) -> frozenset[str]:
        """Words that the document writes in lower case, too."""
        return frozenset(word for segment in self._prose for word in _words(segment) if word[0].islower())

    @cached_property
    def _names(self) -> frozenset[str]:
        """Words that have a capital within sentences, and never none."""
        within = [word for segment in self._prose if segment.kind is not Kind.HEADING for word in _within(segment)]
        capitals = [word for word in within if word[0].isupper() and not _is_code(word)]
        if len(capitals) > len(within) * _MAX_CAPITALS:
            return frozenset()
        return frozenset(word.casefold() for word in capitals) - self._common

    @property
    def _prose(self) -> Iterator[Segment]:
        return (segment for segment in self._source.segments if segment.is_prose)


def _words(segment: Segment) -> list[str]:
    """The words of two signs and more, without paths and the units of numbers."""
    text = _UNIT.sub(" ", _PATH.sub(" ", segment.words(numbers=True)))
    return [word for word in _WORD.findall(text) if len(word) > 1 and any(map(str.isalpha, word))]


def _within(segment: Segment) -> list[str]:
    """The words of a sentence that follow a word in lower case: a capital there is no matter of their place."""
    words = _words(segment)
    return [word for before, word in pairwise(words) if before[0].islower()]


def _is_code(word: str) -> bool:
    """`AlexNet`, `GPU`, `R-CNN`, `K80`, `d2l.ai`, `labels.csv`, `snake_case`, `C++`: no word of any dictionary."""
    if any(map(str.isdigit, word)) or not {"_", ".", "@"}.isdisjoint(word) or word[-1] in "+#":
        return True
    parts = re.split(r"[-'’]", word)
    return any(part not in (part.lower(), part.capitalize()) for part in parts if len(part) > 1)


def _is_reference(text: str) -> bool:
    """Whether a paragraph reads like an entry in a list of literature."""
    return _AUTHORS.match(text) is not None and _YEAR.search(text) is not None


def _is_list_of_names(text: str) -> bool:
    """`Ann Lee, Bob R. Smith and Cem Kaya`: items of several capitalised words each."""
    items = [item for item in _SEPARATOR.split(text.strip(" .")) if item]
    names = [[word for word in item.split() if word[0].isupper()] for item in items]
    return len(items) >= _MIN_ITEMS and all(len(name) >= _MIN_NAME for name in names)


def _is_address(text: str) -> bool:
    """`12 Main Street, Springfield, IL 62701`."""
    return "," in text and _PLACE.search(text) is not None


def _letters(segments: Sequence[Segment]) -> str:
    """What is compared: words and numbers, whatever their case, marks and white space."""
    return " ".join(word for segment in segments for word in _FOLDED.findall(segment.text.casefold()))
