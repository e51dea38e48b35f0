"""Merges many files of a book: the two halves of the pipeline over all of them, with one memory of the whole book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice
from typing import Generic, TypeVar

from bot import pipeline
from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition
from bot.book.loading import read_texts
from bot.book.past_translations import PastTranslations, fold_line
from bot.book.state import Book, TranslatedFile
from bot.errors import AmtsError, InputError
from bot.memory import TranslationMemory, without_addresses
from bot.model import Direction, Drafts, Merge, Origin, Request, Translation, TranslationUnit
from bot.pipeline import Alignment, PlannedTexts, Texts
from bot.repair import RepairPolicy

Key = TypeVar("Key", bound=Hashable)
_Past = Callable[[Mapping[Key, frozenset[str]]], list[TranslationUnit]]
Work = Mapping[TranslatedFile, Texts]
"""The files of one version of a book that are to be merged."""

# As many files with a translation of one sentence tell whether people and the machine agree on it.
_MAX_HOLDERS = 3


@dataclass(frozen=True)
class PreparedFile:
    texts: Texts
    planned: PlannedTexts

    @property
    def requests(self) -> tuple[Request, ...]:
        return self.planned.requests


@dataclass(frozen=True)
class Prepared(Generic[Key]):
    """A book between the two halves of the pipeline: each file, or why it can't be merged."""

    files: Mapping[Key, PreparedFile | AmtsError]
    memory: TranslationMemory

    @property
    def requests(self) -> dict[Key, tuple[Request, ...]]:
        """The requests for the engine, by file; files that can't be merged have no entry."""
        return {key: file.requests for key, file in self.files.items() if isinstance(file, PreparedFile)}

    def without(self, keys: Container[Key]) -> Prepared[Key]:
        """Without these files; the memory keeps what they gave it."""
        return replace(self, files={key: file for key, file in self.files.items() if key not in keys})


def prepare_files(
    edition: LanguageEdition, book: Book, work: Work, policy: RepairPolicy | None = None
) -> Prepared[TranslatedFile]:
    """The first half for the files of one version of a book, with the memory of its other files; `policy` is the
    edition's own if left out."""
    policy = policy or (edition.repair_policy if work else RepairPolicy())
    past = PastTranslations(edition, book).find
    return _prepare(edition, work, _other_files([(book, work)], edition.direction), policy, past)


def prepare_scopes(
    edition: LanguageEdition,
    work: Mapping[Scope, tuple[Book, Work]],
    others: Sequence[Texts],
    drafts: Callable[[], Drafts] = Drafts,
) -> Prepared[tuple[Scope, TranslatedFile]]:
    """The first half for several versions of a book, with one memory for all of them and for `others`. `drafts` says
    which translations are a machine's; it is asked only where translations of one sentence differ."""
    texts = {(scope, file): text for scope, (_, files) in work.items() for file, text in files.items()}
    # Habits are learned only if there is work that they matter to.
    policy = edition.repair_policy if texts else RepairPolicy()
    more = [_Other(other.base, partial(replace, other), edition.direction) for other in others]
    others_of_books = _other_files([*work.values()], edition.direction)

    def past(missing: Mapping[tuple[Scope, TranslatedFile], frozenset[str]]) -> list[TranslationUnit]:
        return [
            unit
            for scope, (book, _) in work.items()
            for unit in PastTranslations(edition, book).find(
                {file: sentences for (place, file), sentences in missing.items() if place == scope}
            )
        ]

    return _prepare(edition, texts, [*others_of_books, *more], policy, past, drafts)


def merge_files(
    edition: LanguageEdition, prepared: Prepared[Key], answers: Mapping[Key, Sequence[Translation]]
) -> dict[Key, Merge | AmtsError]:
    """The second half: the merge of each file, or why it can't be merged. `answers` are those to `prepared.requests`;
    a file without requests needs none."""
    ready = {key: file for key, file in prepared.files.items() if isinstance(file, PreparedFile)}
    items = [(file, answers.get(key, ())) for key, file in ready.items()]
    merges = edition.runner.map("merging", _complete, items, edition.direction)
    merged = dict(zip(ready, merges, strict=True))
    return {key: file if isinstance(file, AmtsError) else merged[key] for key, file in prepared.files.items()}


def _prepare(
    edition: LanguageEdition,
    work: Mapping[Key, Texts],
    others: Sequence[_Other],
    policy: RepairPolicy,
    past: _Past[Key],
    drafts: Callable[[], Drafts] = Drafts,
) -> Prepared[Key]:
    """`others` are only aligned if they hold a sentence that is new in `work`, or untranslated there: its human
    translation is reused. So a change in one file costs little more than that file. `past` finds the translations that
    new sentences had, if no file has one; where English stands, people may have put it in the place of one."""
    direction, runner = edition.direction, edition.runner
    aligned = runner.map("aligning", pipeline.align_texts, [(texts,) for texts in work.values()], direction)
    known = [result for result in aligned if isinstance(result, Alignment)]
    fresh = {fold_line(text) for result in known for text in result.fresh}
    items = [(texts,) for texts in (_with_sentences(others, fresh) if others else ())]
    more = runner.map("aligning", pipeline.align_texts, items, direction)
    known += (result for result in more if isinstance(result, Alignment))
    units = [unit for result in known for unit in result.units]
    translated = {fold_line(unit.source) for unit in units}
    missing = {
        key: frozenset(map(fold_line, result.fresh - result.untranslated)) - translated
        for key, result in zip(work, aligned, strict=True)
        if isinstance(result, Alignment)
    }
    units += past({key: sentences for key, sentences in missing.items() if sentences})
    memory = TranslationMemory(_with_origins(units, fresh, drafts))
    pairs = list(zip(work.values(), aligned, strict=True))
    files = runner.map("planning", _prepare_file, pairs, direction, memory, policy)
    return Prepared(dict(zip(work, files, strict=True)), memory)


def _prepare_file(
    texts: Texts,
    alignment: Alignment | AmtsError,
    direction: Direction,
    memory: TranslationMemory,
    policy: RepairPolicy,
) -> PreparedFile:
    if isinstance(alignment, AmtsError):
        raise alignment
    return PreparedFile(texts, pipeline.plan_texts(texts, alignment.beads, direction, memory, policy))


def _complete(file: PreparedFile, translations: Sequence[Translation], direction: Direction) -> Merge:
    return pipeline.complete(file.texts, file.planned, direction, translations)


@dataclass(frozen=True)
class _Other:
    """A file that may have translations to give: its recorded `base`, and how to read its texts. The effective base,
    without the English of stale sentences, takes longer to read. `direction` is the book's."""

    base: str
    read: Callable[[], Texts]
    direction: Direction

    @cached_property
    def english(self) -> str:
        return fold_line(self.base)

    @cached_property
    def texts(self) -> Texts | None:
        """The texts without new English. None if the file can't be read: it then has no translations to give, and is
        reported when its own turn comes."""
        try:
            return replace(self.read(), new="")
        except InputError:
            return None

    @cached_property
    def words(self) -> str:
        """The English without the addresses of its links."""
        return without_addresses(self.english)

    @cached_property
    def sentences(self) -> tuple[frozenset[str], frozenset[str]]:
        """Those of the English and of the translation."""
        if self.texts is None:
            return frozenset(), frozenset()
        sides = zip((self.texts.base, self.texts.target), self.direction, strict=True)
        base, target = (pipeline.parse(text, language, self.texts.path).segments for text, language in sides)
        return frozenset(fold_line(segment.text) for segment in base), frozenset(
            fold_line(segment.text) for segment in target
        )

    def has_translated(self, sentence: str) -> bool:
        """Whether its translation was made from this sentence, and has something else in its place."""
        if sentence not in self.english:
            return False
        base, target = self.sentences
        return sentence in base and sentence not in target


def _other_files(versions: Sequence[tuple[Book, Work]], direction: Direction) -> list[_Other]:
    """The translated files that are not among the work."""
    if not any(work for _, work in versions):
        return []
    ready = {_version(book, file) for book, work in versions for file in work if file.exists}
    holders: dict[tuple[str, ...], list[tuple[Book, TranslatedFile]]] = {}
    for book, _ in versions:
        for file in book.files:
            if file.exists and file.base is not None and (version := _version(book, file)) not in ready:
                holders.setdefault(version, []).append((book, file))
    others: list[_Other] = []
    # A text that only one of several books has is newer than a text that all have, so it comes first.
    for (book, file), *_ in sorted(holders.values(), key=len):
        with suppress(InputError):
            assert file.base is not None
            others.append(_Other(book.baselines.english(file.base), partial(read_texts, book, file), direction))
    return others


def _version(book: Book, file: TranslatedFile) -> tuple[str, ...]:
    """Equal for the same text of a file with the same base."""
    entry = book.target.entries.get(file.path)
    return file.path, file.base.blob if file.base else "", entry.blob if entry else ""


def _with_origins(
    units: Sequence[TranslationUnit], sentences: Container[str], drafts: Callable[[], Drafts]
) -> Iterator[TranslationUnit]:
    """The units; where the translations of one of the `sentences` differ, a machine's are marked."""
    targets: defaultdict[str, set[str]] = defaultdict(set)
    for unit in units:
        if unit.kind.is_prose and fold_line(unit.source) in sentences:
            targets[unit.source].add(unit.target)
    divided = {source for source, found in targets.items() if len(found) > 1}
    made = drafts() if divided else Drafts()
    for unit in units:
        is_draft = unit.source in divided and made.hold(unit.path, unit.source, [unit.target])
        yield replace(unit, origin=Origin.MACHINE) if is_draft else unit


def _with_sentences(others: Sequence[_Other], sentences: Iterable[str]) -> list[Texts]:
    """For each sentence, the first files that have translated it: their translations may differ. If there is none, the
    first file that has it with other addresses in its links."""
    chosen: set[int] = set()
    for sentence in sorted(sentences):
        holders = [*islice((n for n, other in enumerate(others) if other.has_translated(sentence)), _MAX_HOLDERS)]
        if not holders and (words := without_addresses(sentence)):
            holders = [*islice((n for n, other in enumerate(others) if words in other.words), 1)]
        chosen.update(holders)
    return [texts for number in sorted(chosen) if (texts := others[number].texts) is not None]
