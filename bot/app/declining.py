"""What people declined: files of pull requests that they closed without merging them, until their English changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.app.loading import file_result
from bot.forge.base import PullRequest
from bot.forge.baseline import Baselines
from bot.forge.book import Book, Status, TranslatedFile
from bot.forge.git import Entry, Snapshot
from bot.model import FileChange, FileResult


def declined_files(
    book: Book,
    work: Sequence[TranslatedFile],
    refused: Iterable[PullRequest],
    published: Snapshot,
    read: Callable[[Snapshot], Baselines],
) -> dict[TranslatedFile, PullRequest]:
    """The files of `work` that one of the `refused` pull requests brought in step with the English that they have now,
    and that one. A file that an open pull request proposes already is none of them."""
    open_for = [file for file in work if book.target.entries.get(file.path) == published.entries.get(file.path)]
    found: dict[TranslatedFile, PullRequest] = {}
    for pull in refused:
        rest = [file for file in open_for if file not in found]
        if not rest:
            break
        repository = published.repository
        before = repository.files(repository.merge_base(published.commit, pull.head))
        after = repository.snapshot(pull.head)
        bases = read(after)
        found |= {file: pull for file in rest if _had(book, file, before, after, bases)}
    return found


def declined_result(file: TranslatedFile, pull: PullRequest) -> FileResult:
    name = f"`#{pull.number}`"
    reason = f"people closed {name}, which proposed it; it waits until its English changes, or {name} is opened again"
    return file_result(file, FileChange.DECLINED, problem=reason)


def _had(book: Book, file: TranslatedFile, before: Mapping[str, Entry], after: Snapshot, bases: Baselines) -> bool:
    """Whether a pull request, from `before` to `after`, did with the file what is due now."""
    if file.status is Status.DELETED:
        return file.path in before and file.path not in after.entries
    base = bases.bases.get(file.new_path)
    if file.source_path is None or base is None or base.blob != book.source.entries[file.source_path].blob:
        return False
    return file.exists or file.new_path not in before
