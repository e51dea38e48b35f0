"""The state of each file's translation and its sentences, the size of the next sync, and the open pull requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.book.book_merge import PreparedFile, prepare_files
from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition, SyncOptions
from bot.book.loading import load_files, select_files
from bot.book.stale_record import EffectiveBases
from bot.book.state import Book, FileStatus, TranslatedFile
from bot.drafts.machine_drafts import known_drafts
from bot.drafts.states import State
from bot.errors import AmtsError, InputError
from bot.forge.base import PullRequest
from bot.report.markdown import counted
from bot.sync.selection import SyncJob
from bot.sync.stale import list_stale
from bot.sync.untranslated import with_refused


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """`sentences` are those of the file that an engine would translate, `characters` the text that it would be sent:
    these sentences, and phrases of people's that changed. `stale_sentences` are those that stand although their English
    changed. `states` counts the sentences that need a translation by state; `untranslated` are those that stand in
    English, without what a missing file would hold."""

    path: str
    source_path: str | None
    status: str
    base: str | None
    sentences: int
    characters: int
    note: str
    stale_sentences: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    untranslated: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class LanguageStatus:
    files: tuple[StatusEntry, ...]
    pull_requests: Mapping[Scope, PullRequest]
    states: Mapping[str, int] = field(default_factory=dict)

    def describe(self) -> str:
        """The sentences by state, for a person; "" for none. Only people's count as translated."""
        total = sum(self.states.values())
        if not total:
            return ""
        people, machine, stale, untranslated = (self.states.get(state.value, 0) for state in State)
        # Rounded down: a book with one sentence to go is not done.
        return (
            f"{people * 100 // total} % translated: of {counted(total, 'sentence')}, {people:,} people's, {machine:,} "
            f"the machine's and not touched since, {stale:,} stale, {untranslated:,} not translated"
        )


def language_status(edition: LanguageEdition) -> LanguageStatus:
    """Asks the forge which pull requests are open. Raises InputError for a broken stale record."""
    job = SyncJob(edition, edition.open_forge(dry_run=True), SyncOptions(dry_run=True))
    book, effective = edition.published_book, edition.effective(edition.published)
    effective.check()
    loaded = load_files(book, select_files(book, (), job.translatable(book)))
    loaded = with_refused(edition, book, job.states(book), loaded)
    prepared = prepare_files(edition, book, loaded.texts).files
    states = job.states(book, known_drafts(edition))
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
            states=_by_name(states.files[file].counts) if file in states.files else {},
            untranslated=tuple(
                {"line": row.line, "source": row.source}
                for row in (states.files[file].untranslated if file in states.files else ())
                if row.line
            ),
        )
        entries.append(entry)
    return LanguageStatus(tuple(entries), job.fetch_all_open(), _by_name(states.counts))


def _by_name(counts: Mapping[State, int]) -> dict[str, int]:
    return {state.value: counts.get(state, 0) for state in State}


def _count_stale(effective: EffectiveBases, book: Book, file: TranslatedFile) -> int:
    try:
        return len(list_stale(effective, book, file))
    except InputError:  # the note says so
        return 0
