"""Keeps pull requests at a size that people, and their host, can take: what goes beyond waits for the next one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.book.loading import file_result
from bot.forge.book import Book, FileStatus, TranslatedFile
from bot.model import FileChange, FileResult
from bot.report.markdown import counted
from bot.sync.choose import SyncJob, proposed_files

LIMIT_REACHED = (
    "as many pull requests of the bot are open as the limit allows; merge or close some, and a later run opens this one"
)


def waiting_files(job: SyncJob, book: Book, work: Sequence[TranslatedFile]) -> frozenset[TranslatedFile]:
    """Those of `work` for which the pull request has no room, by the path of the translation. What it has already is
    kept up to date; a file whose place is not free before another one moves away waits with that one."""
    limit = _limit(job)
    candidates = [file for file in work if file.status is not FileStatus.UNKNOWN]
    if limit is None or len(_changed_paths(job, book)) + len(candidates) <= limit:
        return frozenset()
    proposed = {file.path for file in proposed_files(job, book)}
    gone = {file.path for file in job.edition.published_book.files if file.exists} - book.target.entries.keys()
    new = sorted((file for file in candidates if file.path not in proposed), key=lambda file: file.new_path)
    waiting = set(new[max(limit - len(proposed | gone), 0) :])
    while blocked := {
        file
        for file in candidates
        if file not in waiting and file.new_path in {other.path for other in waiting if other.moves} - {file.path}
    }:
        waiting |= blocked
    return frozenset(waiting)


def waiting_result(job: SyncJob, file: TranslatedFile) -> FileResult:
    reason = f"a pull request has at most {counted(_limit(job) or 0, 'file')}; a later run adds it once this one"
    return file_result(file, FileChange.WAITING, problem=f"{reason} is merged")


def count_waiting(results: Sequence[FileResult]) -> str:
    """For a remark; empty where nothing waits."""
    number = sum(result.change is FileChange.WAITING for result in results)
    return f"{counted(number, 'file')} more than fit into a pull request: a later run adds them" if number else ""


def _limit(job: SyncJob) -> int | None:
    return job.edition.project.host.profile.files_per_pull_request


def _changed_paths(job: SyncJob, book: Book) -> set[str]:
    before, after = job.published.entries, book.target.entries
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
