"""The data of an experiment: the articles to translate, and the pairs of the whole book that can be taught."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.book.edition import LanguageEdition
from bot.book.loading import read_texts
from bot.book.state import Book, TranslatedFile
from bot.config import matches
from bot.documents import parse
from bot.drafts.machine_drafts import known_drafts
from bot.errors import UsageError
from bot.memory.pairs import PairStatus
from bot.model import Language, TranslationUnit
from bot.parallel_data.book_pairs import PairRecord, build_parallel_data, default_rules
from bot.parallel_data.options import Level
from bot.quality.design import Design

# The translation of such a segment is no reliable reference. Other faults only make a pair not worth teaching.
_UNUSABLE = frozenset(
    {
        PairStatus.MACHINE,
        PairStatus.LOW_SCORE,
        PairStatus.NO_WORDS,
        PairStatus.IDENTICAL,
        PairStatus.WRONG_LANGUAGE,
        PairStatus.LENGTH_RATIO,
    }
)


@dataclass(frozen=True)
class Article:
    """An article under test. `segments` are its pairs by unit; `skipped` counts pairs without a usable reference by
    reason. `sentences` are all sentences of both texts: none of them may be taught."""

    path: str
    segments: Mapping[Level, tuple[TranslationUnit, ...]]
    skipped: Mapping[Level, Mapping[str, int]]
    sentences: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class EvaluationData:
    """`pairs` are the whole book's pairs that are worth teaching, by level."""

    articles: tuple[Article, ...]
    pairs: Mapping[Level, tuple[TranslationUnit, ...]]

    def skipped(self, unit: Level) -> Counter[str]:
        """The number of segments of all articles without a usable reference, by the reason."""
        return sum((Counter(article.skipped[unit]) for article in self.articles), Counter())


def read_evaluation_data(edition: LanguageEdition, patterns: Sequence[str], design: Design) -> EvaluationData:
    """Raises UsageError for a pattern that no translated file matches, or if no article has a segment left."""
    files = _select(edition.published_book, patterns)
    drafts, rules = known_drafts(edition), default_rules(edition.direction, held_out=0)
    records = {
        level: build_parallel_data(edition, level, rules, drafts=drafts).records
        for level in Level
        if level in (*design.units, *design.taught)
    }
    articles = [_article(edition, file, {unit: records[unit] for unit in design.units}) for file in files]
    usable = tuple(article for article in articles if all(article.segments.values()))
    if not usable:
        raise UsageError(
            f"{edition.name}: no article has a sentence with a usable human translation; choose others with --path"
        )
    pairs = {
        level: tuple(record.pair.unit for record in records[level] if record.status is PairStatus.KEPT)
        for level in design.taught
    }
    return EvaluationData(usable, pairs)


def _select(book: Book, patterns: Sequence[str]) -> list[TranslatedFile]:
    files = [file for file in book.files if file.exists and file.base is not None]
    for pattern in patterns:
        if not any(_matches(file, (pattern,)) for file in files):
            raise UsageError(f'no translated file matches "{pattern}"; paths are those in the repositories')
    return [file for file in files if not patterns or _matches(file, tuple(patterns))]


def _matches(file: TranslatedFile, patterns: tuple[str, ...]) -> bool:
    return any(path is not None and matches(path, patterns) for path in (file.path, file.source_path))


def _article(edition: LanguageEdition, file: TranslatedFile, records: Mapping[Level, Sequence[PairRecord]]) -> Article:
    segments: dict[Level, tuple[TranslationUnit, ...]] = {}
    skipped: dict[Level, Mapping[str, int]] = {}
    for unit, pairs in records.items():
        own = [record for record in pairs if record.provenance.path == file.path]
        segments[unit] = tuple(record.pair.unit for record in own if record.status not in _UNUSABLE)
        skipped[unit] = Counter(record.status.value for record in own if record.status in _UNUSABLE)
    texts, direction = read_texts(edition.published_book, file), edition.direction
    english = prose_sentences(texts.base, direction.source, file.path)
    translation = prose_sentences(texts.target, direction.target, file.path)
    return Article(file.path, segments, skipped, (english, translation))


def prose_sentences(text: str, language: Language, path: str = "") -> tuple[str, ...]:
    """The sentences of a text; `path` says its format."""
    return tuple(segment.text for segment in parse(text, language, path).segments if segment.is_prose)
