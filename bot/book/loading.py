"""The files of a sync: which ones, their texts, and what is settled before any merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.book.merge_book import Prepared, prepare_files
from bot.book.workers import Runner
from bot.config import matches
from bot.documents import decode
from bot.errors import InputError, UsageError
from bot.forge.book import Book, Status, TranslatedFile
from bot.model import Direction, FileChange, FileResult
from bot.pipeline import Texts


@dataclass(frozen=True)
class Loaded:
    """`settled` needs no merge: removed, or a person must look first. `texts` are those of the others."""

    settled: Mapping[TranslatedFile, FileResult]
    texts: Mapping[TranslatedFile, Texts]


def select_files(book: Book, patterns: Sequence[str]) -> list[TranslatedFile]:
    """The files that are not in step, or those of them that match one of the patterns by any of their paths.

    Raises UsageError for a pattern that nothing in the book matches.
    """
    for pattern in patterns:
        if not any(_matches(file, [pattern]) for file in book.files):
            raise UsageError(f'no file of the book matches "{pattern}"; paths are those in the repositories')
    return due_files(book, patterns)


def due_files(book: Book, patterns: Sequence[str] = ()) -> list[TranslatedFile]:
    """The same, where no file need match."""
    files = [file for file in book.files if file.status is not Status.CURRENT or file.moves]
    return [file for file in files if _matches(file, patterns)] if patterns else files


def load_files(book: Book, work: Sequence[TranslatedFile]) -> Loaded:
    """Reads the files of `work`; one that can't be read is settled as failed, with the reason."""
    settled: dict[TranslatedFile, FileResult] = {}
    texts: dict[TranslatedFile, Texts] = {}
    for file in work:
        if file.status is Status.UNKNOWN:
            settled[file] = file_result(file, FileChange.SKIPPED, problem=file.reason)
        elif file.status is Status.DELETED:
            settled[file] = file_result(file, FileChange.REMOVED)
        else:
            try:
                texts[file] = read_texts(book, file)
            except InputError as error:
                settled[file] = file_result(file, FileChange.FAILED, problem=str(error))
    return Loaded(settled, texts)


def prepare_loaded(
    book: Book, loaded: Loaded, direction: Direction, runner: Runner, others: Sequence[Texts] = ()
) -> Prepared:
    """The first half of the pipeline for all texts, with the memory of the whole book and of `others`."""
    return prepare_together([(book, loaded)], direction, runner, others)


def prepare_together(
    loaded: Sequence[tuple[Book, Loaded]],
    direction: Direction,
    runner: Runner,
    others: Sequence[Texts] = (),
) -> Prepared:
    """The same for texts of several versions of a book, one after the other, with one memory for all of them."""
    rest = [*_others(loaded), *others]
    return prepare_files([texts for _, each in loaded for texts in each.texts.values()], rest, direction, runner)


def read_texts(book: Book, file: TranslatedFile) -> Texts:
    """Raises InputError for what is no text, with its path."""
    loaded = book.load(file)

    def text(data: bytes | None, path: str | None) -> str:
        return "" if data is None else decode(data, path or file.path)

    return Texts(
        path=file.new_path,
        base=text(loaded.base, f"the base English of {file.path}"),
        new=text(loaded.source, file.source_path),
        target=text(loaded.target, file.path),
    )


def file_result(file: TranslatedFile, change: FileChange, *, problem: str = "") -> FileResult:
    return FileResult(
        path=file.new_path,
        source_path=file.source_path,
        change=change,
        problem=problem,
        base=file.base.commit if file.base else None,
        old_path=file.path if file.moves and file.exists else None,
    )


def _others(loaded: Sequence[tuple[Book, Loaded]]) -> list[Texts]:
    """The translated rest of the book, for its memory. A file that can't be read has no translations to give; it is
    reported when its own turn comes."""
    found: list[Texts] = []
    if not any(each.texts for _, each in loaded):
        return found
    ready = {_version(book, file) for book, each in loaded for file in each.texts if file.exists}
    holders: dict[tuple[str, ...], list[tuple[Book, TranslatedFile]]] = {}
    for book, _ in loaded:
        for file in book.files:
            if file.exists and file.base is not None and (version := _version(book, file)) not in ready:
                holders.setdefault(version, []).append((book, file))
    # What only one of several books has is newer than what all have, so it comes first.
    for (book, file), *_ in sorted(holders.values(), key=len):
        try:
            texts = read_texts(book, file)
        except InputError:
            continue
        found.append(replace(texts, new=""))
    return found


def _version(book: Book, file: TranslatedFile) -> tuple[str, ...]:
    """What tells the versions of a file apart: its place, its base, and its text."""
    entry = book.target.entries.get(file.path)
    return file.path, file.base.blob if file.base else "", entry.blob if entry else ""


def _matches(file: TranslatedFile, patterns: Sequence[str]) -> bool:
    paths = (file.path, file.new_path, file.source_path)
    return any(path is not None and matches(path, tuple(patterns)) for path in paths)
