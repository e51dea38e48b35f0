"""Merges many files of a book: the two halves of the pipeline over all of them, with one memory of the whole book."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

from bot import pipeline
from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition
from bot.book.loading import read_texts
from bot.book.state import Book, TranslatedFile
from bot.errors import AmtsError, InputError
from bot.memory import TranslationMemory, without_addresses
from bot.model import Direction, Merge, Request, Translation
from bot.pipeline import Alignment, PlannedTexts, Texts
from bot.repair import RepairPolicy

Key = TypeVar("Key", bound=Hashable)
Work = Mapping[TranslatedFile, Texts]
"""The files of one version of a book that are to be merged."""

# In characters. Shorter sentences ("Summary") stand in every chapter; their translation is found in the file itself.
_MIN_SHARED_SENTENCE = 20


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


def prepare_files(
    edition: LanguageEdition, book: Book, work: Work, policy: RepairPolicy | None = None
) -> Prepared[TranslatedFile]:
    """The first half for the files of one version of a book, with the memory of its other files; `policy` is the
    edition's own if left out."""
    policy = policy or (edition.repair_policy if work else RepairPolicy())
    return _prepare(edition, work, _other_files([(book, work)]), policy)


def prepare_scopes(
    edition: LanguageEdition, work: Mapping[Scope, tuple[Book, Work]], others: Sequence[Texts]
) -> Prepared[tuple[Scope, TranslatedFile]]:
    """The first half for several versions of a book, with one memory for all of them and for `others`."""
    texts = {(scope, file): text for scope, (_, files) in work.items() for file, text in files.items()}
    # Habits are learned only if there is work that they matter to.
    policy = edition.repair_policy if texts else RepairPolicy()
    more = [_Other(other.base, partial(replace, other)) for other in others]
    return _prepare(edition, texts, [*_other_files(list(work.values())), *more], policy)


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
    edition: LanguageEdition, work: Mapping[Key, Texts], others: Sequence[_Other], policy: RepairPolicy
) -> Prepared[Key]:
    """`others` are only aligned if they hold a sentence that is new in `work`: its human
    translation is reused. So a change in one file costs little more than that file."""
    direction, runner = edition.direction, edition.runner
    aligned = runner.map("aligning", pipeline.align_texts, [(texts,) for texts in work.values()], direction)
    known = [result for result in aligned if isinstance(result, Alignment)]
    fresh = {_fold(text) for result in known for text in result.fresh if len(text) >= _MIN_SHARED_SENTENCE}
    items = [(texts,) for texts in (_with_sentences(others, fresh) if others else ())]
    more = runner.map("aligning", pipeline.align_texts, items, direction)
    known += (result for result in more if isinstance(result, Alignment))
    memory = TranslationMemory(unit for result in known for unit in result.units)
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
    without the English of stale sentences, takes longer to read."""

    base: str
    read: Callable[[], Texts]

    def texts_with(self, sentence: str) -> Texts | None:
        """The texts without new English, if its translation was made from this sentence. A file that can't be read has
        no translations to give; it is reported when its own turn comes."""
        try:
            texts = self.read()
        except InputError:
            return None
        return replace(texts, new="") if _holds(_fold(texts.base), sentence) else None


def _other_files(versions: Sequence[tuple[Book, Work]]) -> list[_Other]:
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
            others.append(_Other(book.baselines.english(file.base), partial(read_texts, book, file)))
    return others


def _version(book: Book, file: TranslatedFile) -> tuple[str, ...]:
    """Equal for the same text of a file with the same base."""
    entry = book.target.entries.get(file.path)
    return file.path, file.base.blob if file.base else "", entry.blob if entry else ""


def _with_sentences(others: Sequence[_Other], sentences: Iterable[str]) -> list[Texts]:
    """For each sentence, the first file that was made from it, unless such a file is chosen already."""
    folded = [_fold(other.base) for other in others]
    bare: list[str] = []
    chosen: dict[int, Texts] = {}
    for sentence in sorted(sentences):
        holders = [number for number, base in enumerate(folded) if sentence in base]
        if not holders and (words := without_addresses(sentence)):
            bare = bare or [without_addresses(base) for base in folded]
            holders = [number for number, base in enumerate(bare) if words in base]
        if any(number in chosen and _holds(_fold(chosen[number].base), sentence) for number in holders):
            continue
        for number in holders:
            texts = others[number].texts_with(sentence)
            if texts is not None:
                chosen[number] = texts
                break
    return [chosen[number] for number in sorted(chosen)]


def _holds(base: str, sentence: str) -> bool:
    """Whether a folded base has the sentence, be it with other addresses in its links."""
    words = without_addresses(sentence)
    return sentence in base or bool(words and words in without_addresses(base))


def _fold(text: str) -> str:
    return " ".join(text.split())
