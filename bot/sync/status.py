"""The state of each file's translation, the size of the next sync, and the open pull requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.book.book_merge import PreparedFile, prepare_files
from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition, SyncOptions
from bot.book.loading import load_files, select_files
from bot.book.stale_record import EffectiveBases
from bot.book.state import Book, FileStatus, TranslatedFile
from bot.errors import AmtsError, InputError
from bot.forge.base import PullRequest
from bot.sync.selection import SyncJob
from bot.sync.stale import list_stale


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """`sentences` are those of the file that an engine would translate, `characters` the text that it would be sent:
    these sentences, and phrases of people's that changed. `stale_sentences` are those that stand although their English
    changed."""

    path: str
    source_path: str | None
    status: str
    base: str | None
    sentences: int
    characters: int
    note: str
    stale_sentences: int = 0


@dataclass(frozen=True, slots=True)
class LanguageStatus:
    files: tuple[StatusEntry, ...]
    pull_requests: Mapping[Scope, PullRequest]


def language_status(edition: LanguageEdition) -> LanguageStatus:
    """Asks the forge which pull requests are open. Raises InputError for a broken stale record."""
    job = SyncJob(edition, edition.open_forge(dry_run=True), SyncOptions(dry_run=True))
    book, effective = edition.published_book, edition.effective(edition.published)
    effective.check()
    loaded = load_files(book, select_files(book, ()))
    prepared = prepare_files(edition, book, loaded.texts).files
    entries = []
    for file in book.files:
        merge, settled = prepared.get(file), loaded.settled.get(file)
        asked = merge.requests if isinstance(merge, PreparedFile) else ()
        problem = str(merge) if isinstance(merge, AmtsError) else settled.problem if settled else ""
        entry = StatusEntry(
            path=file.path,
            source_path=file.source_path,
            status=file.status.value,
            base=file.base.commit if file.base else None,
            sentences=sum(not request.repairs for request in asked),
            characters=sum(len(request.text) for request in asked),
            note=problem or (file.reason if file.status is not FileStatus.MISSING else ""),
            stale_sentences=_count_stale(effective, book, file),
        )
        entries.append(entry)
    return LanguageStatus(tuple(entries), job.fetch_all_open())


def _count_stale(effective: EffectiveBases, book: Book, file: TranslatedFile) -> int:
    try:
        return len(list_stale(effective, book, file))
    except InputError:  # the note says so
        return 0
