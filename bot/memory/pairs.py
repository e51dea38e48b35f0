"""Beads to pairs: every linked piece of prose with its spans, and what its texts alone say against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.documents import parse
from bot.model import Bead, Direction, Document, Language, Segment, Span, TranslationUnit

Detector = Callable[[str, Language], bool]
"""Whether a text (without its markup) is certainly of another language."""


class PairStatus(StrEnum):
    """What becomes of a pair. All but the first two are reasons to leave it out; each pair has exactly one."""

    KEPT = "kept"
    HELD_OUT = "held out"
    MACHINE = "machine translation"
    LOW_SCORE = "low score"
    NO_WORDS = "no words"
    IDENTICAL = "identical"
    WRONG_LANGUAGE = "wrong language"
    LENGTH_RATIO = "length ratio"
    TOO_LONG = "too long"
    LEADING_SIGN = "leading sign"
    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"
    NEAR_HELD_OUT = "near a held-out one"


@dataclass(frozen=True, slots=True)
class Pair:
    """A unit with the spans of its segments in the two documents (characters of the decoded texts; none for an imported
    one). `fault` is one of NO_WORDS, IDENTICAL, WRONG_LANGUAGE, or None. `drafted` says that a machine drafted this
    very translation for a pull request that was merged: people left it as it was, read or unread."""

    unit: TranslationUnit
    source_spans: tuple[Span, ...] = ()
    target_spans: tuple[Span, ...] = ()
    fault: PairStatus | None = None
    drafted: bool = False


def trust_all(_words: str, _language: Language) -> bool:
    """A Detector that finds nothing."""
    return False


def collect_pairs(
    documents: tuple[Document, Document],
    beads: Sequence[Bead],
    direction: Direction,
    path: str,
    detect: Detector = trust_all,
) -> Iterator[Pair]:
    """Each bead of prose with both sides, whatever its score. Texts are folded to one line and joined as their language
    asks; `path` is the translation's."""
    source, target = documents
    for bead in beads:
        left = [source.segments[i] for i in bead.source if source.segments[i].is_prose]
        right = [target.segments[i] for i in bead.target if target.segments[i].is_prose]
        if not left or not right:
            continue
        before = source.segments[bead.source[0] - 1].text if bead.source[0] else ""
        texts = _text(left, direction.source), _text(right, direction.target)
        unit = TranslationUnit(*texts, path, left[0].kind, before, bead.score)
        yield Pair(unit, _spans(left), _spans(right), _fault((_words(left), _words(right)), direction, detect))


def imported_pair(unit: TranslationUnit, direction: Direction, detect: Detector = trust_all) -> Pair:
    """The pair of a unit from another memory. Its texts are read as Markdown to tell words from markup."""
    left, right = (
        [segment for segment in parse(text, language).segments if segment.is_prose]
        for text, language in zip((unit.source, unit.target), direction, strict=True)
    )
    return Pair(unit, fault=_fault((_words(left), _words(right)), direction, detect))


def _text(segments: Sequence[Segment], language: Language) -> str:
    return language.joiner.join(segment.text for segment in segments)


def _spans(segments: Sequence[Segment]) -> tuple[Span, ...]:
    return tuple((segment.start, segment.end) for segment in segments)


def _words(segments: Sequence[Segment]) -> str:
    """What is left for a translator: the text without placeables."""
    parts: list[str] = []
    for segment in segments:
        text = segment.text
        for placeable in segment.placeables:
            text = text.replace(placeable.text, " ", 1)
        parts += text.split()
    return " ".join(parts)


def _fault(words: tuple[str, str], direction: Direction, detect: Detector) -> PairStatus | None:
    if not all(any(letter.isalpha() for letter in text) for text in words):
        return PairStatus.NO_WORDS
    if words[0] == words[1]:
        return PairStatus.IDENTICAL
    if any(detect(text, language) for text, language in zip(words, direction, strict=True)):
        return PairStatus.WRONG_LANGUAGE
    return None
