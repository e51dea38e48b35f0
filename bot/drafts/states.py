"""The state of each sentence of a book's translation, worked out from the repositories: one truth for whoever asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from bot import pipeline
from bot.book.cache import Cache, cache_key
from bot.book.edition import LanguageEdition
from bot.book.loading import read_texts
from bot.book.state import Book, FileStatus, TranslatedFile
from bot.documents import Untranslated, decode, fold, format_of, parse
from bot.errors import AmtsError, InputError
from bot.model import NO_DRAFTS, Direction, Drafts
from bot.pipeline import Texts


class State(StrEnum):
    """`people`: written or touched by people, from English that stands. `machine`: a draft that was merged, and that
    nobody touched since. `stale`: people's, but the English moved on. `untranslated`: the English itself stands there,
    or nothing yet."""

    PEOPLE = "people"
    MACHINE = "machine"
    STALE = "stale"
    UNTRANSLATED = "untranslated"


class SentenceRow(NamedTuple):
    """English that was translated as one, `number` sentences that need a translation, and what stands for it. Both
    texts are as an engine has them; `targets` are the single sentences, from the `line` of the file (0: nothing
    stands). `whole`: nothing but the English stands there."""

    state: State
    source: str
    target: str
    targets: tuple[str, ...]
    line: int
    number: int
    whole: bool = True


@dataclass(frozen=True)
class FileStates:
    """The rows of a translation at `path`, in the order of the English."""

    path: str
    rows: tuple[SentenceRow, ...] = ()

    @property
    def untranslated(self) -> tuple[SentenceRow, ...]:
        return tuple(row for row in self.rows if row.state is State.UNTRANSLATED)

    @property
    def counts(self) -> Counter[State]:
        counts: Counter[State] = Counter()
        for row in self.rows:
            counts[row.state] += row.number
        return counts


@dataclass(frozen=True)
class BookStates:
    """The states of all files that could be read. Sentences that need no translation (names, say), that translators
    left out, or that people keep in English have none."""

    files: Mapping[TranslatedFile, FileStates] = field(default_factory=dict)

    @property
    def counts(self) -> Counter[State]:
        return sum((states.counts for states in self.files.values()), Counter[State]())

    @property
    def people(self) -> frozenset[str]:
        """The English that people have translated somewhere."""
        rows = (row for states in self.files.values() for row in states.rows)
        return frozenset(row.source for row in rows if row.state is State.PEOPLE)


def read_states(
    edition: LanguageEdition,
    book: Book,
    files: Sequence[TranslatedFile],
    kept: Callable[[str], Collection[str]] = lambda _: (),
    drafts: Drafts = NO_DRAFTS,
) -> BookStates:
    """The states of `files` in one version of the book. `kept` are the sentences of a translation that people keep as
    they are; `drafts` are those of merged pull requests. Files that the cache holds are neither read nor aligned."""
    cache = Cache(edition.project.cache / "states")
    effective = edition.effective(book.target)
    found: dict[TranslatedFile, Sequence[SentenceRow]] = {}
    keys: dict[TranslatedFile, str] = {}
    work: dict[TranslatedFile, tuple[Texts, tuple[tuple[str, ...], ...]]] = {}
    for file in files:
        try:
            blobs = _blobs(book, file)
            stale = tuple(sorted(entry.translation for entry in effective.recorded(file.path)))
            key = cache_key("states", edition.direction, format_of(file.path), *blobs, stale)
            known = cache.get(key, _rows)
            if not blobs:
                continue
            if known is not None:
                found[file] = known
                continue
            work[file], keys[file] = (_texts(book, file), stale), key
        except InputError:  # reported when the file's own turn comes
            continue
    results = edition.runner.map("aligning", read_rows, list(work.values()), edition.direction)
    for file, result in zip(work, results, strict=True):
        if not isinstance(result, AmtsError):
            found[file] = result
            cache.put(keys[file], result)
    if work:
        cache.trim()
    return BookStates(
        {
            file: FileStates(file.path, tuple(_judged(file.path, found[file], kept(file.path), drafts)))
            for file in files
            if file in found
        }
    )


def read_rows(texts: Texts, stale: Collection[Sequence[str]], direction: Direction) -> list[SentenceRow]:
    """The rows of one file; `people` stands for whoever translated. `stale` are the translations that are recorded as
    such. The texts have no new English; without a translation, all of the base is untranslated."""
    base = parse(texts.base, direction.source, texts.path)
    target = parse(texts.target, direction.target, texts.path)
    untranslated = Untranslated(base)
    rows = []
    if not target.segments:
        needed = [i for i in range(len(base.segments)) if untranslated.needs_translation(i)]
        return [SentenceRow(State.UNTRANSLATED, base.segments[i].text, "", (), 0, 1) for i in needed]
    joiner = direction.target.joiner
    recorded = {text for texts in stale for text in texts}
    for bead in pipeline.align_texts(texts, direction).beads:
        number = sum(map(untranslated.needs_translation, bead.source))
        if not number or not bead.target:
            continue
        segments = [target.segments[t] for t in bead.target]
        state = State.PEOPLE
        if untranslated.has_copy(bead.source, segments):
            state = State.UNTRANSLATED
        elif any(segment.text in recorded for segment in segments):
            state = State.STALE
        targets = tuple(segment.text for segment in segments)
        line = target.text.count("\n", 0, segments[0].start) + 1
        whole = untranslated.is_copied(bead.source, segments)
        rows.append(SentenceRow(state, base.joined(bead.source), joiner.join(targets), targets, line, number, whole))
    return rows


def _judged(path: str, rows: Sequence[SentenceRow], kept: Collection[str], drafts: Drafts) -> Iterator[SentenceRow]:
    """The rows without English that people keep, and with the machine's drafts."""
    for row in rows:
        if row.state is State.UNTRANSLATED and not set(row.targets).isdisjoint(kept):
            continue
        is_draft = row.state is State.PEOPLE and drafts.hold(path, row.source, map(fold, row.targets))
        yield row._replace(state=State.MACHINE) if is_draft else row


def _blobs(book: Book, file: TranslatedFile) -> tuple[str, ...]:
    """What the rows of a file depend on; nothing for a file without any."""
    if file.status is FileStatus.MISSING and file.source_path is not None:
        return (book.source.entries[file.source_path].blob,)
    if file.status in (FileStatus.CURRENT, FileStatus.STALE) and file.exists and file.base is not None:
        return file.base.blob, book.target.entries[file.path].blob
    return ()


def _texts(book: Book, file: TranslatedFile) -> Texts:
    """Raises InputError."""
    if file.status is FileStatus.MISSING and file.source_path is not None:
        return Texts(file.path, decode(book.source.read(file.source_path), file.source_path), "", "")
    texts = read_texts(book, file)
    return Texts(texts.path, texts.base, "", texts.target)


def _rows(rows: Sequence[Sequence[Any]]) -> list[SentenceRow]:
    return [_row(*fields) for fields in rows]


def _row(
    state: str, source: str, target: str, targets: Sequence[str], line: int, number: int, whole: bool
) -> SentenceRow:
    return SentenceRow(State(state), source, target, tuple(targets), line, number, whole)
