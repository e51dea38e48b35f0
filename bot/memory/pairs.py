"""Beads to pairs for parallel data: all linked prose with its spans, and the faults of its texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.documents import Untranslated, fold, parse
from bot.model import Bead, Direction, Document, Language, Segment, Span, TranslationUnit

Detector = Callable[[str, Language], bool]
"""Whether a text (without its markup) is certainly in another language."""


class PairStatus(StrEnum):
    """Whether a pair is in the parallel data (`KEPT`), in the held-out set (`HELD_OUT`), or why it is in neither."""

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
    """A unit with the spans of its segments in the two documents (characters of the decoded texts; none if imported).
    `fault` is one of NO_WORDS, IDENTICAL, WRONG_LANGUAGE, or None. `sentences` are the target's, one line each, if it
    has several."""

    unit: TranslationUnit
    source_spans: tuple[Span, ...] = ()
    target_spans: tuple[Span, ...] = ()
    fault: PairStatus | None = None
    sentences: tuple[str, ...] = ()


def trust_all(_words: str, _language: Language) -> bool:
    """A Detector that trusts every text."""
    return False


def collect_pairs(
    documents: tuple[Document, Document],
    beads: Sequence[Bead],
    direction: Direction,
    path: str,
    detect: Detector = trust_all,
) -> Iterator[Pair]:
    """A pair for each bead of prose with both sides, whatever its score. Texts are folded to one line and joined with
    the language's joiner. `path` is the translation's."""
    source, target = documents
    untranslated = Untranslated(source)
    for bead in beads:
        left = [source.segments[i] for i in bead.source if source.segments[i].is_prose]
        right = [target.segments[i] for i in bead.target if target.segments[i].is_prose]
        if left and right:
            before = source.segments[bead.source[0] - 1].text if bead.source[0] else ""
            source_text = direction.source.joiner.join(segment.text for segment in left)
            target_text = direction.target.joiner.join(segment.text for segment in right)
            unit = TranslationUnit(source_text, target_text, path, left[0].kind, before, bead.score)
            is_copied = untranslated.has_copy(bead.source, right)
            fault = PairStatus.IDENTICAL if is_copied else _fault(left, right, direction, detect)
            sentences = tuple(fold(segment.text) for segment in right) if len(right) > 1 else ()
            yield Pair(unit, _spans(left), _spans(right), fault, sentences)


def imported_pair(unit: TranslationUnit, direction: Direction, detect: Detector = trust_all) -> Pair:
    """The pair of a unit from another memory. Its texts are parsed as Markdown to separate words from markup."""
    left, right = (
        [segment for segment in parse(text, language).segments if segment.is_prose]
        for text, language in zip((unit.source, unit.target), direction, strict=True)
    )
    return Pair(unit, fault=_fault(left, right, direction, detect))


def _spans(segments: Sequence[Segment]) -> tuple[Span, ...]:
    return tuple((segment.start, segment.end) for segment in segments)


def _fault(
    left: Sequence[Segment], right: Sequence[Segment], direction: Direction, detect: Detector
) -> PairStatus | None:
    words = [" ".join(" ".join(segment.words() for segment in side).split()) for side in (left, right)]
    if not all(any(map(str.isalpha, text)) for text in words):
        return PairStatus.NO_WORDS
    if words[0] == words[1]:
        return PairStatus.IDENTICAL
    if any(detect(text, language) for text, language in zip(words, direction, strict=True)):
        return PairStatus.WRONG_LANGUAGE
    return None
