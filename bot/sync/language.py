"""One language from its repository to its pull requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.book.book_merge import merge_files, prepare_scopes
from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition, SyncOptions, follow_source
from bot.book.loading import LoadedFiles, collect, due_files, is_same, load_files, select_files
from bot.book.state import TranslatedFile
from bot.drafts import announce_corrections
from bot.engines.base import FREE, Quote
from bot.errors import AmtsError, MovedError
from bot.forge.base import Outcome, PullRequest
from bot.forge.trailers import continued_from
from bot.model import Action, FileChange, FileResult, Merge, PullRequestDraft, Request
from bot.parallel_data.push import teach
from bot.quality.summary import Summary, summarize_scores
from bot.report.files import UNWRITTEN, sentence_totals
from bot.report.sync_results import SyncResult
from bot.sync.corrected_terms import propose_terms
from bot.sync.decisions import PAUSED, read_decisions, respect
from bot.sync.deferral import LIMIT_REACHED, count_waiting, declined_result, waiting_files, waiting_result
from bot.sync.draft import SyncProposal, make_draft
from bot.sync.recorded_terms import with_recorded_terms
from bot.sync.selection import OpenedScope, Selection, SyncJob, made_by_people, open_scope, other_texts, select_scopes
from bot.sync.translation import Translated, translate_requests


@dataclass(frozen=True)
class Synced:
    """The outcome of one pull request. `outcome` is None if there was nothing to propose. `quote` is the price of what
    the engine was asked (in a dry run: would be asked). `remarks` say why something waits, and what the forge could not
    do."""

    scope: Scope
    results: tuple[FileResult, ...] = ()
    outcome: Outcome | None = None
    pull_request: PullRequest | None = None
    quote: Quote = FREE
    draft: PullRequestDraft | None = None
    remarks: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        return self.scope.language

    @property
    def is_in_step(self) -> bool:
        """Whether the pull request is open and says all that there is to say."""
        return self.outcome in (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)

    @property
    def failed(self) -> tuple[FileResult, ...]:
        return tuple(result for result in self.results if result.change is FileChange.FAILED)

    @property
    def for_report(self) -> SyncResult:
        sentences, pull = sentence_totals(self.results), self.pull_request
        return SyncResult(
            language=self.scope.label,
            outcome=self.outcome.value if self.outcome else "",
            number=pull.number if pull else 0,
            location=pull.location if pull else "",
            written=sum(result.change not in UNWRITTEN for result in self.results),
            translated=sentences[Action.TRANSLATED.value],
            left=sentences[Action.LEFT.value],
            unwritten=tuple((file.path, file.problem) for file in self.results if file.change in UNWRITTEN),
            cost=self.quote.describe(),
            remarks=self.remarks,
        )


@dataclass(frozen=True)
class _Ready:
    """A scope whose files are read. `work` are the files that are due; `declined` the due files that people declined,
    each with the pull request that they closed."""

    opened: OpenedScope
    work: Sequence[TranslatedFile]
    loaded: LoadedFiles
    declined: Mapping[TranslatedFile, PullRequest]

    @property
    def is_due(self) -> bool:
        return bool(self.loaded.texts) or any(
            result.change is FileChange.REMOVED for result in self.loaded.settled.values()
        )


def sync_language(edition: LanguageEdition, options: SyncOptions) -> tuple[Synced, ...]:
    """Merges what is stale, adds what is missing, removes what is gone, and proposes all of it in one pull request, or
    in one for each chapter (see `select_scopes`). Returns what became of each.

    The translation that is merged into is the branch of the open pull request, reviewers' commits included, with the
    base branch merged in. A pull request that has nothing left to propose is closed. A chapter that fails does not stop
    the others; its error is raised once they are done.
    """
    job = SyncJob(edition, edition.open_forge(dry_run=options.dry_run), options)
    pulls = job.fetch_all_open()
    # Read after the pull requests: no other bot can have brought them in step with newer English than this.
    source = follow_source(edition.project, edition.source)
    if source is not edition.source:
        edition = replace(edition, source=source)
        job = SyncJob(edition, edition.open_forge(dry_run=options.dry_run), options)
    if edition.settings.measure:
        announce_corrections(edition, options.tell, dry_run=options.dry_run)
    selection = _narrow(job, select_scopes(job, pulls))
    synced = _sync_selection(job, selection)
    for scope, pull in selection.superseded.items():
        whole = synced[Scope(edition.name)]
        has_all = not any(scope.holds(file.path) for file in whole.results if file.change in UNWRITTEN)
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
    if options.patterns and not any(one.scope.is_whole for one in selection.opened):
        select_files(job.edition.published_book, options.patterns)
        touched = [
            one.scope
            for one in selection.opened
            if any(selection.holds(one.scope, file) for file in due_files(one.book, options.patterns))
        ]
        selection = selection.only(touched)
    return selection


def _sync_selection(job: SyncJob, selection: Selection) -> dict[Scope, Synced]:
    """If one of several scopes fails, `selection.failures` has its error afterwards."""
    synced: dict[Scope, Synced] = {}
    others: list[OpenedScope] = []
    for one in selection.opened:
        with selection.failing(one.scope):
            finished = _finish(job, selection, one)
            if finished is None:
                others.append(one)
            else:
                synced[one.scope] = finished
    return synced | _sync_together(job, selection, others)


def _finish(job: SyncJob, selection: Selection, one: OpenedScope) -> Synced | None:
    """Presents the last update, if its run was cut short before it wrote the pull request's body: makes the same update
    again from the commit that it started from. None if there is none to finish, or if it can't be made again because
    something moved on since; then the next update presents all."""
    if one.pull is None or one.pull.finished:
        return None
    start = continued_from(job.edition.repository, one.pull.head)
    if start is None:
        return None
    before = open_scope(job, one.scope, replace(one.pull, head=start))
    try:
        synced = _sync_together(job, Selection([before], selection.homes), [before], closes=False)[one.scope]
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
    for one in opened:
        with selection.failing(one.scope):
            if read_decisions(one.continued.snapshot, job.name).paused:
                synced[one.scope] = _deferred(one, PAUSED)
                continue
            read = _read(job, selection, one)
            if read.is_due and (one.pull is None or one.pull.number == 0):
                capacity = (job.forge.fetch_capacity() if capacity is None else capacity) - 1
                if capacity < 0:
                    # Before anything is paid for.
                    synced[one.scope] = _deferred(one, LIMIT_REACHED)
                    continue
            ready[one.scope] = read
    if not ready:
        return synced
    edition = with_recorded_terms(job.edition, *(read.opened.continued.snapshot for read in ready.values()))
    others = [texts for read in ready.values() for texts in other_texts(job, read.opened, read.work)]
    work = {scope: (read.opened.book, read.loaded.texts) for scope, read in ready.items()}
    prepared = prepare_scopes(edition, work, others)
    asked: dict[Scope, dict[TranslatedFile, tuple[Request, ...]]] = {scope: {} for scope in ready}
    for (scope, file), requests in prepared.requests.items():
        asked[scope][file] = requests
    translated = translate_requests(edition, asked, prepared.memory, job.options, lambda: teach(edition))
    answers = {(scope, file): given for scope, part in translated.items() for file, given in part.answers.items()}
    merges = merge_files(edition, prepared, answers)
    for scope, read in ready.items():
        own = {file: merges[scope, file] for file in read.loaded.texts}
        with selection.failing(scope):
            synced[scope] = _propose(job, edition, read, own, translated[scope], closes=closes)
    return synced


def _deferred(one: OpenedScope, reason: str) -> Synced:
    return Synced(one.scope, outcome=Outcome.DEFERRED, pull_request=one.pull, remarks=(reason,))


def _read(job: SyncJob, selection: Selection, one: OpenedScope) -> _Ready:
    """Raises UsageError for a pattern that nothing in the book matches."""
    book, patterns = one.book, job.options.patterns
    if one.scope.is_whole:
        work = select_files(book, patterns)
    else:
        work = [file for file in due_files(book, patterns) if selection.holds(one.scope, file)]
    declined = {} if patterns else job.fetch_declined(book, work)
    open_to_all = [file for file in work if file not in declined]
    decisions = read_decisions(one.continued.snapshot, job.name)
    waiting = waiting_files(job.edition, book, [file for file in open_to_all if file.path not in decisions.files])
    loaded = load_files(book, [file for file in open_to_all if file not in waiting])
    loaded = respect(loaded, decisions, one.continued.snapshot)
    settled = {file: declined_result(file, pull) for file, pull in declined.items()}
    settled |= {file: waiting_result(job.edition, file) for file in waiting}
    return _Ready(one, work, replace(loaded, settled={**loaded.settled, **settled}), declined)


def _propose(
    job: SyncJob,
    edition: LanguageEdition,
    ready: _Ready,
    merges: Mapping[TranslatedFile, Merge | AmtsError],
    translated: Translated,
    *,
    closes: bool,
) -> Synced:
    """Publishes one pull request. The engine of `edition` follows the recorded terms."""
    one, scope, pull = ready.opened, ready.opened.scope, ready.opened.pull
    file_results, contents = collect(ready.loaded, merges)
    results = tuple(file_results[file] for file in ready.work)
    waiting = count_waiting(results)
    remarks = (waiting,) if waiting else ()
    synced = Synced(scope, results, pull_request=pull, quote=translated.quote, remarks=remarks)
    is_presented = pull is None or pull.finished or pull.body
    # Whenever a chapter is merged, the base of all others moves: if git can merge it, that is no news.
    proposes = one.continued.snapshot.entries != job.published.entries
    moved = one.continued.onto and not (one.continued.clean and not scope.is_whole and proposes)
    if not contents and not moved and is_presented:
        if pull is None and ready.declined:
            newest = max(ready.declined.values(), key=lambda pull: pull.number)
            return replace(synced, outcome=Outcome.DECLINED, pull_request=newest)
        return replace(synced, outcome=Outcome.UNCHANGED if pull else None)
    files = one.book.files_to_write(contents)
    if pull is not None and is_same(one.continued.snapshot, files, job.published):
        if not closes:
            return synced
        job.forge.close(pull, f"Nothing is left to propose: {pull.base} has all of it.")
        return replace(synced, outcome=Outcome.CLOSED)
    proposal = SyncProposal(scope, one.book, results, contents, files, translated)
    scores, terms = Summary(), ""
    if edition.settings.measure:
        scores = summarize_scores(edition, pull, contents, job.options)
        terms = propose_terms(edition)
    draft = make_draft(edition, proposal, pull, one.continued, scores, terms)
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
    job.forge.close(pull, f"Superseded by {successor.location}, which proposes all chapters together.")
    remark = f"superseded by {successor.location}"
    return Synced(scope, outcome=Outcome.CLOSED, pull_request=pull, remarks=(remark,))
