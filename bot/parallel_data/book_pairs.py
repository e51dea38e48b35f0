"""The parallel data of a book in one language: all its pairs, with provenance and status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.book.cache import Cache, cache_key
from bot.book.edition import LanguageEdition
from bot.book.loading import read_texts
from bot.book.state import TranslatedFile
from bot.documents import format_of
from bot.errors import AmtsError, InputError
from bot.memory.filters import Rules, decide
from bot.memory.language_detection import detector_version
from bot.memory.pairs import Pair, PairStatus
from bot.model import NO_DRAFTS, Direction, Drafts, Origin, TranslationUnit
from bot.parallel_data import options
from bot.parallel_data.extraction import Extract, extract_file, extract_imported, from_cache, to_cache
from bot.parallel_data.options import Level

# Imported units that are sent to a process at once.
_BATCH_SIZE = 500
_COVERED = frozenset({PairStatus.KEPT, PairStatus.HELD_OUT, PairStatus.DUPLICATE})


@dataclass(frozen=True, slots=True)
class Provenance:
    """The origin of a file's pairs: paths and commits of both texts. `source_commit` is None if no revision of the
    source has exactly this text. An imported memory has only a path."""

    path: str
    source_path: str | None = None
    source_commit: str | None = None
    source_blob: str | None = None
    target_commit: str | None = None
    target_blob: str | None = None


@dataclass(frozen=True, slots=True)
class PairRecord:
    pair: Pair
    status: PairStatus
    provenance: Provenance


@dataclass(frozen=True)
class ParallelData:
    """`records` are all pairs by path and place. Of the source's `sentences`, `paired` are in a pair, `covered` in one
    that was kept or held out. `aligned` files were not in the cache; `unread` files have no pairs, with the reasons."""

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
        return sum(len(record.pair.source_spans) for record in self.records if record.status in _COVERED)

    @property
    def counts(self) -> dict[PairStatus, int]:
        """Pairs by status, zeros included."""
        counts = Counter(record.status for record in self.records)
        return {status: counts[status] for status in PairStatus}

    def units(self, status: PairStatus) -> list[TranslationUnit]:
        return [record.pair.unit for record in self.records if record.status is status]


def default_rules(direction: Direction, held_out: int | None = None) -> Rules:
    """The rules for the pairs that an engine is taught. `held_out`: one source text in so many, 0 for none; left out,
    as many as scores need."""
    ratio, score = direction.target.length_ratio, options.MIN_SCORE
    if held_out is not None:
        return Rules(score, ratio, held_out)
    return Rules(score, ratio, options.HELD_OUT, small=options.SMALL_BOOK_HELD_OUT, wanted=options.HELD_OUT_WANTED)


def build_parallel_data(
    edition: LanguageEdition,
    level: Level,
    rules: Rules,
    imported: Sequence[TranslationUnit] = (),
    drafts: Drafts = NO_DRAFTS,
) -> ParallelData:
    """All pairs, the book's before the imported ones. Only files that the cache does not hold are aligned. A pair with
    one of the `drafts` unchanged is a machine's, and is neither taught nor held out."""
    book = edition.published_book
    unread = {file.path: file.reason for file in book.files if file.exists and file.base is None}
    extracts, aligned = _extract(edition, level)
    pairs: list[tuple[Pair, Provenance]] = []
    for file, extract in extracts.items():
        if isinstance(extract, AmtsError):
            unread[file.path] = str(extract)
        else:
            base, blob = file.base, book.target.entries[file.path].blob
            assert base is not None
            source = base.source_path, base.commit, base.blob
            origin = Provenance(file.path, *source, book.target.commit, blob)
            pairs += ((_with_origin(pair, drafts), origin) for pair in extract.pairs)
    pairs += ((pair, Provenance(pair.unit.path)) for pair in _imported(imported, edition))
    statuses = decide([pair for pair, _ in pairs], rules)
    read = [extract for extract in extracts.values() if isinstance(extract, Extract)]
    return ParallelData(
        tuple(PairRecord(pair, status, origin) for (pair, origin), status in zip(pairs, statuses, strict=True)),
        files=len(read),
        aligned=aligned,
        sentences=sum(extract.sentences for extract in read),
        unread=unread,
    )


def _extract(edition: LanguageEdition, level: Level) -> tuple[dict[TranslatedFile, Extract | AmtsError], int]:
    """The pairs of each file, or the reason why it has none; and the number of files that were aligned."""
    book, detector = edition.published_book, detector_version()
    cache = Cache(edition.project.cache / "alignments")
    extracts: dict[TranslatedFile, Extract | AmtsError] = {}
    work: dict[TranslatedFile, tuple[str, str, str]] = {}
    settings = level, detector, edition.direction
    effective = edition.effective(book.target)
    keys = {
        file: cache_key(
            *(*settings, format_of(file.path), file.base.blob, book.target.entries[file.path].blob),
            *sorted(effective.recorded(file.path)),
        )
        for file in book.files
        if file.exists and file.base is not None
    }
    for file, key in keys.items():
        extract = cache.get(key, partial(from_cache, path=file.path))
        if extract is not None:
            extracts[file] = extract
            continue
        try:
            texts = read_texts(book, file)
        except InputError as error:
            extracts[file] = error
        else:
            work[file] = file.path, texts.base, texts.target
    shared = edition.direction, level, bool(detector)
    results = edition.runner.map("aligning", extract_file, list(work.values()), *shared)
    for file, result in zip(work, results, strict=True):
        extracts[file] = result
        if isinstance(result, Extract):
            cache.put(keys[file], to_cache(result))
    cache.trim()
    return {file: extracts[file] for file in keys}, len(work)


def _imported(units: Sequence[TranslationUnit], edition: LanguageEdition) -> list[Pair]:
    batches = [(units[start : start + _BATCH_SIZE],) for start in range(0, len(units), _BATCH_SIZE)]
    shared = edition.direction, bool(detector_version())
    pairs: list[Pair] = []
    for result in edition.runner.map("reading memories", extract_imported, batches, *shared):
        if isinstance(result, AmtsError):
            raise result
        pairs += result
    return pairs


def _with_origin(pair: Pair, drafts: Drafts) -> Pair:
    """Marks a pair with a sentence that a machine wrote and nobody touched: it would teach a machine its own words."""
    unit = pair.unit
    if not drafts.hold(unit.path, unit.source, pair.sentences or (unit.target,)):
        return pair
    return replace(pair, unit=replace(unit, origin=Origin.MACHINE))
