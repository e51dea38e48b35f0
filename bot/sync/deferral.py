"""Files that are due but not proposed this time: people closed a pull request with the same change, or the pull request
is as large as people and their host can take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.book.baselines import Base, Baselines
from bot.book.edition import LanguageEdition
from bot.book.loading import file_result, proposed_files
from bot.book.state import Book, FileStatus, TranslatedFile
from bot.errors import BaselineError
from bot.forge.base import PullRequest
from bot.forge.git import Snapshot, TreeEntry
from bot.model import FileChange, FileResult
from bot.report.markdown import counted

LIMIT_REACHED = (
    "as many pull requests of the bot are open as the limit allows; merge or close some, and a later run opens this one"
)


@dataclass(frozen=True)
class Refusal:
    """A pull request that people closed: the files of the repository before and after it, and their bases."""

    pull: PullRequest
    before: Mapping[str, TreeEntry]
    after: Mapping[str, TreeEntry]
    old_bases: Mapping[str, Base]
    new_bases: Mapping[str, Base]


def read_refusal(pull: PullRequest, published: Snapshot, read: Callable[[Snapshot], Baselines]) -> Refusal | None:
    """None if its changes are unknown by now: it has no history in common with the published branch, or its recorded
    bases can't be read, which people can't mend in a closed pull request."""
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
    book: Book, work: Sequence[TranslatedFile], refusals: Sequence[Refusal], published: Snapshot
) -> dict[TranslatedFile, PullRequest]:
    """The files of `work` for which people closed a pull request with the change that is due now: from the same old
    English to the same new English. Each with the first such pull request. Without files in an open pull request."""
    unproposed = [file for file in work if book.target.entries.get(file.path) == published.entries.get(file.path)]
    pulls = {
        file: next((refusal.pull for refusal in refusals if _had(book, file, refusal)), None) for file in unproposed
    }
    return {file: pull for file, pull in pulls.items() if pull is not None}


def declined_result(file: TranslatedFile, pull: PullRequest) -> FileResult:
    name = f"`#{pull.number}`"
    reason = f"people closed {name}, which proposed it; it waits until its English changes, or {name} is opened again"
    return file_result(file, FileChange.DECLINED, problem=reason)


def waiting_files(edition: LanguageEdition, book: Book, work: Sequence[TranslatedFile]) -> frozenset[TranslatedFile]:
    """The files of `work`, the last ones by path, that do not fit into the pull request. Files that it already has are
    updated. If the path of a file is not free before another file moves away, both wait."""
    limit = edition.project.host.profile.files_per_pull_request
    candidates = [file for file in work if not file.waits]
    before, after = edition.published.entries, book.target.entries
    changed = sum(before.get(path) != after.get(path) for path in before.keys() | after.keys())
    if limit is None or changed + len(candidates) <= limit:
        return frozenset()
    proposed = {file.path for file in proposed_files(book, edition.published)}
    gone = {file.path for file in edition.published_book.files if file.exists} - after.keys()
    new = sorted((file for file in candidates if file.path not in proposed), key=lambda file: file.new_path)
    waiting = set(new[max(limit - len(proposed | gone), 0) :])
    while blocked := {
        file
        for file in candidates
        if file not in waiting and file.new_path in {other.path for other in waiting if other.moves} - {file.path}
    }:
        waiting |= blocked
    return frozenset(waiting)


def waiting_result(edition: LanguageEdition, file: TranslatedFile) -> FileResult:
    limit = counted(edition.project.host.profile.files_per_pull_request or 0, "file")
    reason = f"a pull request has at most {limit}; a later run adds it once this one is merged"
    return file_result(file, FileChange.WAITING, problem=reason)


def count_waiting(results: Sequence[FileResult]) -> str:
    """A remark, "" if no file waits."""
    number = sum(result.change is FileChange.WAITING for result in results)
    return f"{counted(number, 'file')} more than fit into a pull request: a later run adds them" if number else ""


def _had(book: Book, file: TranslatedFile, refusal: Refusal) -> bool:
    """Whether a closed pull request has the change that is due now."""
    was = refusal.old_bases.get(file.path)
    if file.base is not None and (was is None or was.blob != file.base.blob):
        return False
    if file.status is FileStatus.DELETED:
        # The pull request may have moved the file to a path that the English has left since.
        fresh = (base for path, base in refusal.new_bases.items() if path not in refusal.before)
        moved = file.base is not None and any(base.source_path not in book.source.entries for base in fresh)
        return file.path in refusal.before and file.path not in refusal.after and not moved
    base = refusal.new_bases.get(file.new_path)
    if file.source_path is None or base is None or base.blob != book.source.entries[file.source_path].blob:
        return False
    return file.exists or file.new_path not in refusal.before
