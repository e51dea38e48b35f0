"""One language from its repository to its pull requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from bot.book.belongings import Carriage, carry_belongings
from bot.book.book_merge import merge_files, prepare_scopes
from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition, SyncOptions, open_source
from bot.book.loading import (
    LoadedFiles,
    collect,
    is_same,
    load_files,
    removed_texts,
    select_files,
    without_unchanged,
)
from bot.book.state import TranslatedFile
from bot.drafts.announcements import announce_corrections
from bot.drafts.machine_drafts import known_drafts
from bot.engines.base import FREE
from bot.errors import MovedError
from bot.forge.base import Outcome, PullRequest
from bot.forge.trailers import continued_from
from bot.model import FileChange
from bot.pipeline import Texts
from bot.quality.summary import summarize_scores
from bot.report.markdown import pull_link
from bot.sync.corrected_terms import propose_terms
from bot.sync.decisions import PAUSED, read_decisions, respect
from bot.sync.deferral import LIMIT_REACHED, count_waiting, declined_result, waiting_files, waiting_result
from bot.sync.draft import SyncProposal, make_draft
from bot.sync.recorded_terms import with_recorded_style, with_recorded_terms
from bot.sync.results import Synced
from bot.sync.reviewed import count_divided, with_corrections
from bot.sync.selection import OpenedScope, Selection, SyncJob, made_by_people, open_scope, other_texts, select_scopes
from bot.sync.stale import record_stale
from bot.sync.translation import ScopedFile, Translated, translate_requests
from bot.sync.untranslated import count_held, count_standing, list_standing, with_refused, within_cap


@dataclass(frozen=True)
class _Ready:
    """A scope with its files read. `work` are the due files; `declined` has the pull requests that people closed. Files
    `held` are due as well, but wait because of their price."""

    opened: OpenedScope
    work: Sequence[TranslatedFile]
    loaded: LoadedFiles
    declined: Mapping[TranslatedFile, PullRequest]
    held: frozenset[TranslatedFile] = frozenset()

    def without(self, held: Collection[TranslatedFile]) -> _Ready:
        """Without the files `held`, which wait."""
        texts = {file: text for file, text in self.loaded.texts.items() if file not in held}
        work = [file for file in self.work if file not in held]
        return replace(self, work=work, loaded=replace(self.loaded, texts=texts), held=frozenset(held))

    @property
    def is_due(self) -> bool:
        return bool(self.loaded.texts) or any(
            result.change is FileChange.REMOVED for result in self.loaded.settled.values()
        )


def sync_language(edition: LanguageEdition, options: SyncOptions) -> tuple[Synced, ...]:
    """Merges stale files, adds missing ones, removes files without a source, and proposes all changes in one pull
    request, or in one for each chapter (see `select_scopes`).

    The changes are merged into the branch of the open pull request, reviewers' commits included, after the base branch.
    A pull request that has nothing left to propose is closed. A chapter that fails does not stop the others; its error
    is raised once they are done.
    """
    job = SyncJob(edition, edition.open_forge(dry_run=options.dry_run), options)
    pulls = job.fetch_all_open()
    # Read after the pull requests: no other bot can have brought them in step with newer English than this.
    source = open_source(edition.project, edition.source)
    if source is not edition.source:
        edition = replace(edition, source=source)
        job = SyncJob(edition, edition.open_forge(dry_run=options.dry_run), options)
    if edition.settings.measure:
        announce_corrections(edition, options.tell, dry_run=options.dry_run)
    selection = _narrow(job, select_scopes(job, pulls))
    synced: dict[Scope, Synced] = {}
    others: list[OpenedScope] = []
    for opened in selection.opened:
        with selection.failing(opened.scope):
            finished = _finish(job, selection, opened)
            if finished is None:
                others.append(opened)
            else:
                synced[opened.scope] = finished
    synced |= _sync_together(job, selection, others)
    for scope, pull in selection.superseded.items():
        whole = synced[Scope(edition.name)]
        has_all = not any(scope.holds(file.path) for file in whole.unsettled)
        if whole.pull_request is not None and whole.is_in_step and has_all and not options.patterns:
            synced[scope] = _supersede(job, scope, pull, whole.pull_request)
    selection.raise_failures()
    nothing = Synced(next(iter(options.scopes), Scope(edition.name)))
    return tuple(synced[scope] for scope in sorted(synced)) or (nothing,)


def _narrow(job: SyncJob, selection: Selection) -> Selection:
    """Only the scopes that the options ask for. If chapters have pull requests of their own, only scopes with files
    that the options ask for. Raises UsageError for a pattern that nothing in the book matches."""
    options = job.options
    if options.scopes:
        selection = selection.only(options.scopes)
    if options.patterns and not any(opened.scope.is_whole for opened in selection.opened):
        select_files(job.edition.published_book, options.patterns)
        due = {opened.scope: job.due_files(opened.book, options.patterns) for opened in selection.opened}
        selection = selection.only(
            [scope for scope, files in due.items() if any(selection.holds(scope, file) for file in files)]
        )
    return selection


def _finish(job: SyncJob, selection: Selection, opened: OpenedScope) -> Synced | None:
    """Finishes an update whose run stopped before it wrote the pull request's body: makes the same update again from
    the commit that it started from. None if there is no such update, or if it can't be made again because something
    moved on since; then the body of the next update covers it."""
    scope, pull = opened.scope, opened.pull
    start = continued_from(job.edition.repository, pull.head) if pull and not pull.finished else None
    if pull is None or start is None:
        return None
    before = open_scope(job, scope, replace(pull, head=start))
    try:
        synced = _sync_together(job, Selection([before], selection.homes), [before], closes=False)[scope]
    except MovedError:
        return None
    return synced if synced.draft is not None else None


def _sync_together(
    job: SyncJob, selection: Selection, opened: Sequence[OpenedScope], *, closes: bool = True
) -> dict[Scope, Synced]:
    """Merges all files with one memory and one job of the engine, so that a sentence that moves from one chapter to
    another keeps its translation; then publishes each pull request by itself."""
    synced: dict[Scope, Synced] = {}
    ready: dict[Scope, _Ready] = {}
    capacity: int | None = None
    for part in opened:
        deferred = Synced(part.scope, outcome=Outcome.DEFERRED, pull_request=part.pull)
        with selection.failing(part.scope):
            if read_decisions(part.continued.snapshot, job.name).paused:
                synced[part.scope] = replace(deferred, remarks=(PAUSED,))
                continue
            # Both before anything is paid for.
            job.edition.repository.refuse_blocked(part.scope.branch)
            job.edition.effective(part.continued.snapshot).check()
            read = _read(job, selection, part)
            if read.is_due and (part.pull is None or part.pull.number == 0):
                capacity = (job.forge.fetch_capacity() if capacity is None else capacity) - 1
                if capacity < 0:
                    # Before anything is paid for.
                    synced[part.scope] = replace(deferred, remarks=(LIMIT_REACHED,))
                    continue
            ready[part.scope] = read
    if not ready:
        return synced
    snapshots = [read.opened.continued.snapshot for read in ready.values()]
    edition = with_recorded_style(with_recorded_terms(job.edition, *snapshots), *snapshots)
    job = replace(job, edition=edition)
    others = [texts for read in ready.values() for texts in other_texts(job, read.opened, read.work)]
    work = {scope: (read.opened.book, read.loaded.texts) for scope, read in ready.items()}
    prepared = prepare_scopes(edition, work, others, partial(known_drafts, edition))
    held = within_cap(edition, prepared)
    if held:
        prepared = prepared.without(held)
        ready = {scope: read.without({file for place, file in held if place == scope}) for scope, read in ready.items()}
    translated = translate_requests(edition, prepared, job.options)
    merges = merge_files(edition, prepared, translated.answers)
    removed: dict[str, Texts] = {}
    for read in ready.values():
        removed |= removed_texts(read.opened.book, read.loaded)
    texts = {(scope, file): text for scope, (_, files) in work.items() for file, text in files.items()}
    carried = carry_belongings(removed, texts, merges, edition.direction)
    for scope, read in ready.items():
        with selection.failing(scope):
            synced[scope] = _propose(job, read, carried, translated, closes=closes)
    return synced


def _read(job: SyncJob, selection: Selection, opened: OpenedScope) -> _Ready:
    """Raises UsageError for a pattern that nothing in the book matches."""
    book, patterns, snapshot = opened.book, job.options.patterns, opened.continued.snapshot
    if opened.scope.is_whole:
        work = select_files(book, patterns, job.translatable(book) | opened.corrected())
    else:
        due = job.due_files(book, patterns, opened.corrected())
        work = [file for file in due if selection.holds(opened.scope, file)]
    declined = {} if patterns else job.fetch_declined(book, work)
    open_to_all = [file for file in work if file not in declined]
    decisions = read_decisions(snapshot, job.name)
    waiting = waiting_files(job.edition, book, [file for file in open_to_all if file.path not in decisions.files])
    loaded = respect(load_files(book, [file for file in open_to_all if file not in waiting]), decisions, snapshot)
    loaded = with_refused(job.edition, book, job.states(book), loaded)
    loaded = with_corrections(loaded, opened.reviewed)
    settled = {file: declined_result(file, pull) for file, pull in declined.items()}
    settled |= {file: waiting_result(job.edition, file) for file in waiting}
    return _Ready(opened, work, replace(loaded, settled={**loaded.settled, **settled}), declined)


def _propose(
    job: SyncJob, ready: _Ready, carried: Carriage[ScopedFile], translated: Translated, *, closes: bool
) -> Synced:
    """Publishes one pull request. The engine of the job follows the recorded terms."""
    edition = job.edition
    opened, scope, pull = ready.opened, ready.opened.scope, ready.opened.pull
    file_results, contents = collect(ready.loaded, {file: carried.merges[scope, file] for file in ready.loaded.texts})
    file_results, contents = without_unchanged(file_results, contents)
    stranded = carried.stranded
    results = tuple(
        replace(file_results[file], stranded=stranded.get(file.path, ())) for file in ready.work if file in file_results
    )
    waiting = count_waiting(results), count_held(ready.held), count_divided(opened.reviewed)
    remarks = tuple(filter(None, waiting))
    quote = translated.quotes.get(scope, FREE)
    synced = Synced(scope, results, pull_request=pull, quote=quote, remarks=remarks)
    is_presented = pull is None or pull.finished or pull.body
    # Whenever a chapter is merged, the base of all others moves: if git can merge it, that is no news.
    proposes = opened.continued.snapshot.entries != job.published.entries
    moved = opened.continued.onto and not (opened.continued.clean and not scope.is_whole and proposes)
    if not contents and not moved and is_presented:
        if pull is None and ready.declined:
            newest = max(ready.declined.values(), key=lambda pull: pull.number)
            return replace(synced, outcome=Outcome.DECLINED, pull_request=newest)
        remarks = tuple(filter(None, [*remarks, count_standing(job.states(opened.book), scope)]))
        return replace(synced, outcome=Outcome.UNCHANGED if pull else None, remarks=remarks)
    merged = {file: result.merge for file, result in file_results.items() if result.merge is not None}
    effective = edition.effective(opened.book.target)
    stale = record_stale(effective, opened.book, contents, merged, scope.holds)
    files = opened.book.files_to_write(contents) | stale
    if pull is not None and is_same(opened.continued.snapshot, files, job.published):
        if not closes:
            return synced
        job.forge.close(pull, f"Nothing is left to propose: {pull.base} has all of it.")
        return replace(synced, outcome=Outcome.CLOSED)
    written = {file.new_path for file in contents}
    states, before = job.states(opened.book), job.states(edition.published_book)
    standing = tuple(list_standing(states, before, written, scope))
    engine, sent = translated.engine, translated.sent
    proposal = SyncProposal(opened, results, contents, files, quote, engine, sent, standing)
    spent = sum((quote.dollars for quote in translated.quotes.values()), Decimal(0))
    scores = summarize_scores(edition, pull, contents, job.options, spent)
    terms = propose_terms(edition) if edition.settings.measure else ""
    draft = make_draft(edition, proposal, scores, terms)
    published = job.forge.publish(draft)
    remarks = tuple(remark for remark in (*remarks, published.reason, *published.warnings) if remark)
    return replace(synced, outcome=published.outcome, pull_request=published.pull_request, draft=draft, remarks=remarks)


def _supersede(job: SyncJob, scope: Scope, pull: PullRequest, successor: PullRequest) -> Synced:
    """Closes the pull request of a chapter whose files `successor` has, unless people's commits would be lost."""
    if made_by_people(job, pull.head, [successor.head]):
        remark = (
            f"{successor.location} has this chapter as well, but people made commits here: merge it, or close it"
            " once what they wrote is there too"
        )
        return Synced(scope, outcome=Outcome.DEFERRED, pull_request=pull, remarks=(remark,))
    job.forge.close(
        pull, f"Superseded by {pull_link(successor.number, successor.location)}, which proposes all chapters together."
    )
    remark = f"superseded by {successor.location}"
    return Synced(scope, outcome=Outcome.CLOSED, pull_request=pull, remarks=(remark,))
