"""The parallel data of a book in one language: all its pairs with where they come from and what becomes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from bot.book.cache import Cache, cache_key
from bot.book.loading import read_texts
from bot.book.opening import LanguageEdition
from bot.book.workers import Runner
from bot.errors import AmtsError, InputError
from bot.forge.book import Book, TranslatedFile
from bot.memory.filters import Rules, decide
from bot.memory.pairs import Pair, PairStatus
from bot.model import Direction, Draft, TranslationUnit
from bot.parallel_data.extraction import (
    Extract,
    extract_file,
    extract_imported,
    from_cache,
    to_cache,
)
from bot.parallel_data.language_detection import detector_version
from bot.parallel_data.options import Level

# Imported units that travel to a process at once.
_BATCH = 500
_IN_DATA = frozenset({PairStatus.KEPT, PairStatus.HELD_OUT, PairStatus.DUPLICATE})


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the pairs of a file come from: paths and commits of both texts. `source_commit` is None where no revision
    of the source is exactly this text. An imported memory has only a path."""

    path: str
    source_path: str | None = None
    source_commit: str | None = None
    source_blob: str | None = None
    target_commit: str | None = None
    target_blob: str | None = None


@dataclass(frozen=True, slots=True)
class PairRecord:
    pair: Pair
    fate: PairStatus
    provenance: Provenance


@dataclass(frozen=True)
class ParallelData:
    """`records` are all pairs, in the order of the paths and the text. `sentences` are those of the source texts;
    `paired` of them are in a pair, `covered` in one whose text was kept or held out. `aligned` files were not in the
    cache. `unread` says of each file that has no pairs here why."""

    records: tuple[PairRecord, ...]
    files: int
    aligned: int
    sentences: int
    unread: Mapping[str, str]

    @property
    def paired(self) -> int:
        return sum(len(record.pair.source_spans) for record in self.records)

    @property
    def covered(self) -> int:
        return sum(len(record.pair.source_spans) for record in self.records if record.fate in _IN_DATA)

    @property
    def counts(self) -> dict[PairStatus, int]:
        """Every fate, zeros included; they add up to the number of records."""
        found = Counter(record.fate for record in self.records)
        return {fate: found[fate] for fate in PairStatus}

    def units(self, fate: PairStatus) -> list[TranslationUnit]:
        return [record.pair.unit for record in self.records if record.fate is fate]


def build_parallel_data(
    edition: LanguageEdition,
    level: Level,
    rules: Rules,
    imported: Sequence[TranslationUnit],
    cache: Cache,
    drafts: AbstractSet[Draft] = frozenset(),
) -> ParallelData:
    """Aligns what the cache does not hold and decides on all pairs: the book's, then the imported ones. What stands in
    the book as one of the `drafts` gives way to what people made of the same source."""
    book, direction, runner = edition.published_book, edition.direction, edition.runner
    files = [file for file in book.files if file.exists and file.base is not None]
    unread = {file.path: file.reason for file in book.files if file.exists and file.base is None}
    extracts, aligned = _extract(book, files, direction, level, cache, runner)
    pairs: list[tuple[Pair, Provenance]] = []
    for file, extract in zip(files, extracts, strict=True):
        if isinstance(extract, AmtsError):
            unread[file.path] = str(extract)
        else:
            pairs += ((_compared(pair, drafts), _provenance(book, file)) for pair in extract.pairs)
    pairs += ((pair, Provenance(pair.unit.path)) for pair in _imported(imported, direction, runner))
    fates = decide([pair for pair, _ in pairs], rules)
    return ParallelData(
        tuple(PairRecord(pair, fate, origin) for (pair, origin), fate in zip(pairs, fates, strict=True)),
        files=sum(isinstance(extract, Extract) for extract in extracts),
        aligned=aligned,
        sentences=sum(extract.sentences for extract in extracts if isinstance(extract, Extract)),
        unread=unread,
    )


def _extract(
    book: Book, files: Sequence[TranslatedFile], direction: Direction, level: Level, cache: Cache, runner: Runner
) -> tuple[list[Extract | AmtsError], int]:
    """The pairs of each file, or why it has none; and how many files were aligned for it."""
    detects = detector_version()
    keys = [cache_key(level, detects, direction, *_blobs(book, file)) for file in files]
    found: dict[TranslatedFile, Extract | AmtsError] = {}
    work: list[tuple[str, str, str]] = []
    missed: list[tuple[TranslatedFile, str]] = []
    for file, key in zip(files, keys, strict=True):
        value = cache.get(key)
        if value is not None:
            found[file] = from_cache(value, file.path)
            continue
        try:
            texts = read_texts(book, file)
        except InputError as error:
            found[file] = error
            continue
        work.append((file.path, texts.base, texts.target))
        missed.append((file, key))
    results = runner.map("aligning", extract_file, work, direction, level, bool(detects))
    for (file, key), result in zip(missed, results, strict=True):
        found[file] = result
        if isinstance(result, Extract):
            cache.put(key, to_cache(result))
    return [found[file] for file in files], len(work)


def _imported(units: Sequence[TranslationUnit], direction: Direction, runner: Runner) -> list[Pair]:
    batches = [(units[start : start + _BATCH],) for start in range(0, len(units), _BATCH)]
    pairs: list[Pair] = []
    for result in runner.map("reading memories", extract_imported, batches, direction, bool(detector_version())):
        if isinstance(result, AmtsError):
            raise result
        pairs += result
    return pairs


def _compared(pair: Pair, drafts: AbstractSet[Draft]) -> Pair:
    """By its file as well: a machine that was taught a person's sentence writes it elsewhere, and that stays theirs."""
    unit = pair.unit
    draft = unit.path, " ".join(unit.source.split()), " ".join(unit.target.split())
    return replace(pair, drafted=True) if draft in drafts else pair


def _blobs(book: Book, file: TranslatedFile) -> tuple[str, str]:
    assert file.base is not None
    return file.base.blob, book.target.entries[file.path].blob


def _provenance(book: Book, file: TranslatedFile) -> Provenance:
    assert file.base is not None
    source_blob, target_blob = _blobs(book, file)
    base = file.base
    return Provenance(file.path, base.source_path, base.commit, source_blob, book.target.commit, target_blob)
