"""The articles that an engine is examined on, and the pairs of the whole book that it could be taught."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.book.loading import read_texts
from bot.book.opening import LanguageEdition
from bot.config import matches
from bot.documents import parse
from bot.errors import UsageError
from bot.forge.book import Book, TranslatedFile
from bot.memory.pairs import PairStatus
from bot.model import Direction, Language, TranslationUnit
from bot.parallel_data.book_pairs import PairRecord, build_parallel_data, default_rules
from bot.parallel_data.options import Level

# What says that the translation of a segment is not known well enough to be a reference. Other fates say only that a
# pair is not worth teaching.
UNUSABLE = frozenset(
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
    """`segments` are the pairs it is examined on, for each unit; `skipped` counts those without a usable reference, by
    the reason. `sentences` are all of its two texts, usable or not: none of them may be taught."""

    path: str
    segments: Mapping[Level, tuple[TranslationUnit, ...]]
    skipped: Mapping[Level, Mapping[str, int]]
    sentences: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class EvaluationData:
    """`pairs` are those of the whole book that are worth teaching, by level."""

    direction: Direction
    articles: tuple[Article, ...]
    pairs: Mapping[Level, tuple[TranslationUnit, ...]]


def read_evaluation_data(
    edition: LanguageEdition,
    patterns: Sequence[str],
    units: Sequence[Level],
    taught: Sequence[Level],
) -> EvaluationData:
    """Raises UsageError for a pattern that no translated file matches, or where no article has a segment left."""
    direction, book = edition.direction, edition.published_book
    files = _select(book, patterns)
    records = {
        level: build_parallel_data(edition, level, default_rules(direction, held_out=0)).records
        for level in Level
        if level in units or level in taught
    }
    articles = [_article(book, file, direction, {unit: records[unit] for unit in units}) for file in files]
    usable = tuple(article for article in articles if all(article.segments.values()))
    if not usable:
        raise UsageError(
            f"{edition.name}: no article has a sentence with a usable human translation; choose others with --path"
        )
    pairs = {
        level: tuple(record.pair.unit for record in records[level] if record.fate is PairStatus.KEPT)
        for level in taught
    }
    return EvaluationData(direction, usable, pairs)


def _select(book: Book, patterns: Sequence[str]) -> list[TranslatedFile]:
    files = [file for file in book.files if file.exists and file.base is not None]
    for pattern in patterns:
        if not any(_matches(file, (pattern,)) for file in files):
            raise UsageError(f'no translated file matches "{pattern}"; paths are those in the repositories')
    return [file for file in files if not patterns or _matches(file, tuple(patterns))]


def _matches(file: TranslatedFile, patterns: tuple[str, ...]) -> bool:
    return any(path is not None and matches(path, patterns) for path in (file.path, file.source_path))


def _article(
    book: Book, file: TranslatedFile, direction: Direction, records: Mapping[Level, Sequence[PairRecord]]
) -> Article:
    texts = read_texts(book, file)
    own = {unit: [record for record in records[unit] if record.provenance.path == file.path] for unit in records}
    return Article(
        file.path,
        {unit: tuple(r.pair.unit for r in found if r.fate not in UNUSABLE) for unit, found in own.items()},
        {unit: Counter(r.fate.value for r in found if r.fate in UNUSABLE) for unit, found in own.items()},
        (_sentences(texts.base, direction.source), _sentences(texts.target, direction.target)),
    )


def _sentences(text: str, language: Language) -> tuple[str, ...]:
    return tuple(segment.text for segment in parse(text, language).segments if segment.is_prose)
