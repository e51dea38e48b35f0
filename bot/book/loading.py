"""The files of a sync: the selection, their texts, and their results."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.book.state import Book, FileStatus, TranslatedFile
from bot.config import matches
from bot.documents import decode
from bot.errors import AmtsError, InputError, UsageError
from bot.forge.git import Snapshot
from bot.model import FileChange, FileResult, Merge
from bot.pipeline import Texts

Contents = Mapping[TranslatedFile, bytes | None]
"""The new bytes of each file that can be written; None deletes it."""


@dataclass(frozen=True)
class LoadedFiles:
    """`settled` are the results of files that need no merge: they are removed, or a person must check them first.
    `texts` are the texts of the other files."""

    settled: Mapping[TranslatedFile, FileResult]
    texts: Mapping[TranslatedFile, Texts]


def select_files(book: Book, patterns: Sequence[str], others: Collection[TranslatedFile] = ()) -> list[TranslatedFile]:
    """The files that are not in step, and the `others`; if there are patterns only those with a path that matches one.
    Raises UsageError for a pattern that nothing in the book matches."""
    for pattern in patterns:
        if not any(matches_any(file, [pattern]) for file in (*book.files, *book.ignored)):
            raise UsageError(f'no file of the book matches "{pattern}"; paths are those in the repositories')
    return due_files(book, patterns, others)


def due_files(
    book: Book, patterns: Sequence[str] = (), others: Collection[TranslatedFile] = ()
) -> list[TranslatedFile]:
    """As `select_files`, but every pattern will do."""
    others = [file for file in book.files if file.status is not FileStatus.CURRENT or file.moves or file in others]
    if not patterns:
        return others
    asked = [
        replace(file, status=FileStatus.MISSING)
        for file in (*others, *book.ignored)
        if file.status is FileStatus.NEW and _is_asked_for(file, book, patterns)
    ]
    taken = {file.path for file in asked}
    matching = [file for file in others if file.path not in taken and matches_any(file, patterns)]
    return sorted([*matching, *asked], key=lambda file: file.path)


def text_at(snapshot: Snapshot, path: str) -> str:
    """The text of a file in a commit, "" if it does not exist there. Raises InputError."""
    return decode(snapshot.read(path), path) if path in snapshot.entries else ""


def load_files(book: Book, work: Sequence[TranslatedFile]) -> LoadedFiles:
    """Reads the files of `work`. A file that can't be read has failed, with the reason."""
    settled: dict[TranslatedFile, FileResult] = {}
    texts: dict[TranslatedFile, Texts] = {}
    for file in work:
        if file.status is FileStatus.UNKNOWN:
            settled[file] = file_result(file, FileChange.SKIPPED, problem=file.reason)
        elif file.status is FileStatus.NEW:
            settled[file] = file_result(file, FileChange.LISTED, problem=file.reason)
        elif file.status is FileStatus.DELETED:
            settled[file] = file_result(file, FileChange.REMOVED)
        else:
            try:
                texts[file] = read_texts(book, file)
            except InputError as error:
                settled[file] = file_result(file, FileChange.FAILED, problem=str(error))
    return LoadedFiles(settled, texts)


def read_texts(book: Book, file: TranslatedFile) -> Texts:
    """The base is the effective one, see `Baselines.made_from`. Raises InputError, with the path, for a file that is no
    text."""
    loaded = book.load(file)
    base = decode(loaded.base or b"", f"the base English of {file.path}")
    target = decode(loaded.target or b"", file.path)
    return Texts(
        path=file.new_path,
        base=book.baselines.effective(file.path, base, target) if target else base,
        new=decode(loaded.new or b"", file.source_path or file.path),
        target=target,
    )


def removed_texts(book: Book, loaded: LoadedFiles) -> dict[str, Texts]:
    """The texts, without new English, of the files that are removed, by path. What can't be read as a text holds no
    translators' words to look after."""
    removed = {}
    for file, result in loaded.settled.items():
        if result.change is FileChange.REMOVED:
            with suppress(InputError):
                removed[file.path] = read_texts(book, file)
    return removed


def file_result(file: TranslatedFile, change: FileChange, *, problem: str = "") -> FileResult:
    return FileResult(
        path=file.new_path,
        source_path=file.source_path,
        change=change,
        problem=problem,
        base=file.base.commit if file.base else None,
        old_path=file.path if file.moves and file.exists else None,
    )


def collect(
    loaded: LoadedFiles, merges: Mapping[TranslatedFile, Merge | AmtsError]
) -> tuple[dict[TranslatedFile, FileResult], Contents]:
    """The result of each file, and what is to be written. `merges` has, for each of the texts, its merge or why it has
    none."""
    results = dict(loaded.settled)
    contents: dict[TranslatedFile, bytes | None] = {
        file: None for file, result in results.items() if result.change is FileChange.REMOVED
    }
    for file, texts in loaded.texts.items():
        merge = merges[file]
        if isinstance(merge, AmtsError):
            results[file] = file_result(file, FileChange.FAILED, problem=str(merge))
        else:
            if file.status is FileStatus.MISSING:
                change = FileChange.ADDED
            elif file.moves:
                change = FileChange.RENAMED
            else:
                change = FileChange.UPDATED if merge.text != texts.target else FileChange.RECORDED
            results[file] = replace(file_result(file, change), merge=merge, size=len(texts.new))
            contents[file] = merge.text.encode("utf-8")
    return results, contents


def without_unchanged(
    results: Mapping[TranslatedFile, FileResult], contents: Contents
) -> tuple[dict[TranslatedFile, FileResult], Contents]:
    """Without files in step that stay as they are: nobody has to hear that their English could not be translated."""
    same = {
        file
        for file, result in results.items()
        if file.status is FileStatus.CURRENT and not file.moves and result.change is FileChange.RECORDED
    }
    kept = {file: result for file, result in results.items() if file not in same}
    return kept, {file: data for file, data in contents.items() if file not in same}


def proposed_files(book: Book, published: Snapshot) -> Iterator[TranslatedFile]:
    """The files of a pull request's book that differ from what is published."""
    for file in book.files:
        entry = book.target.entries.get(file.path) if file.exists else None
        if entry is not None and entry != published.entries.get(file.path):
            yield file


def is_same(snapshot: Snapshot, files: Mapping[str, bytes | None], published: Snapshot) -> bool:
    """Whether the snapshot with these files written is the same as what is published."""
    kept = {path: entry for path, entry in snapshot.entries.items() if path not in files}
    written = {path: data for path, data in files.items() if data is not None}
    same_paths = kept.keys() | written.keys() == published.entries.keys()
    return (
        same_paths and kept.items() <= published.entries.items() and written == {p: published.read(p) for p in written}
    )


def _is_asked_for(file: TranslatedFile, book: Book, patterns: Sequence[str]) -> bool:
    """Whether a pattern names this new file: its very path, or what holds nothing but new files. A pattern that
    translated files match as well narrows a sync down, and asks for no more."""
    for pattern in patterns:
        is_path = re.sub(r"\\(.)", r"\1", pattern).lstrip("/") in (file.path, file.source_path)
        narrows = any(matches_any(other, [pattern]) for other in book.files if other.status is not FileStatus.NEW)
        if matches_any(file, [pattern]) and (is_path or not narrows):
            return True
    return False


def matches_any(file: TranslatedFile, patterns: Sequence[str]) -> bool:
    """Whether one of the file's paths matches one of the patterns."""
    paths = (file.path, file.new_path, file.source_path)
    return any(path is not None and matches(path, tuple(patterns)) for path in paths)
