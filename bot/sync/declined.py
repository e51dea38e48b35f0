"""What people declined: files of pull requests that they closed without merging them, until their English changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.book.loading import file_result
from bot.errors import BaselineError
from bot.forge.base import PullRequest
from bot.forge.baseline import Base, Baselines
from bot.forge.book import Book, FileStatus, TranslatedFile
from bot.forge.git import Snapshot, TreeEntry
from bot.model import FileChange, FileResult


@dataclass(frozen=True)
class Refusal:
    """What a pull request that people closed did: the files and their bases where it began, and where it ended."""

    pull: PullRequest
    before: Mapping[str, TreeEntry]
    after: Mapping[str, TreeEntry]
    old: Mapping[str, Base]
    new: Mapping[str, Base]


def read_refusal(pull: PullRequest, published: Snapshot, read: Callable[[Snapshot], Baselines]) -> Refusal | None:
    """None where nobody can tell any more what it proposed: it has no history in common with what is published, or
    records bases that can't be read. It is closed, so people could not mend that."""
    repository = published.repository
    ancestor = repository.common_ancestor(published.commit, pull.head)
    if ancestor is None:
        return None
    start, end = repository.snapshot(ancestor), repository.snapshot(pull.head)
    try:
        return Refusal(pull, start.entries, end.entries, read(start).bases, read(end).bases)
    except BaselineError:
        return None


def declined_files(
    book: Book,
    work: Sequence[TranslatedFile],
    refused: Iterable[Refusal],
    published: Snapshot,
) -> dict[TranslatedFile, PullRequest]:
    """The files of `work` that one of the `refused` pull requests brought from the English that they are made from to
    the English that they have now, and that one. A file that an open pull request proposes already is none of them."""
    open_for = [file for file in work if book.target.entries.get(file.path) == published.entries.get(file.path)]
    found: dict[TranslatedFile, PullRequest] = {}
    for refusal in refused:
        rest = [file for file in open_for if file not in found]
        if not rest:
            break
        found |= {file: refusal.pull for file in rest if _had(book, file, refusal)}
    return found


def declined_result(file: TranslatedFile, pull: PullRequest) -> FileResult:
    name = f"`#{pull.number}`"
    reason = f"people closed {name}, which proposed it; it waits until its English changes, or {name} is opened again"
    return file_result(file, FileChange.DECLINED, problem=reason)


def _had(book: Book, file: TranslatedFile, refusal: Refusal) -> bool:
    """Whether a pull request did with the file what is due now."""
    was = refusal.old.get(file.path)
    if file.base is not None and (was is None or was.blob != file.base.blob):
        return False
    if file.status is FileStatus.DELETED:
        return file.path in refusal.before and file.path not in refusal.after and not _moved(book, file, refusal)
    base = refusal.new.get(file.new_path)
    if file.source_path is None or base is None or base.blob != book.source.entries[file.source_path].blob:
        return False
    return file.exists or file.new_path not in refusal.before


def _moved(book: Book, file: TranslatedFile, refusal: Refusal) -> bool:
    """Whether it moved the file, to a place that the English has left since."""
    fresh = (base for path, base in refusal.new.items() if path not in refusal.before)
    return file.base is not None and any(base.source_path not in book.source.entries for base in fresh)
