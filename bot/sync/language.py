"""One language from its repository to its pull requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.book.book_merge import merge_files, prepare_scopes
from bot.book.chapters import Scope
from bot.book.loading import LoadedFiles, collect, due_files, is_same, load_files, select_files
from bot.book.opening import LanguageEdition, SyncOptions, follow_source
from bot.drafts import tell_corrections
from bot.engines.base import FREE, Quote
from bot.errors import AmtsError, MovedError
from bot.forge.base import Outcome, PullRequest
from bot.forge.book import TranslatedFile
from bot.forge.trailers import continued_from
from bot.model import FileChange, FileResult, Merge, PullRequestDraft, Request
from bot.parallel_data.push import teach
from bot.quality.summary import Summary, summarize_scores
from bot.report.files import UNWRITTEN
from bot.sync.choose import Chosen, Opened, SyncJob, choose, find_open, made_by_people, open_scope, other_texts
from bot.sync.corrected_terms import propose_terms
from bot.sync.decisions import PAUSED, read_decisions, respect, with_recorded_terms
from bot.sync.declined import declined_result
from bot.sync.draft import Proposal, make_draft
from bot.sync.limiting import LIMIT_REACHED, count_waiting, waiting_files, waiting_result
from bot.sync.translate import Translated, translate_requests


@dataclass(frozen=True)
class Synced:
    """What became of one pull request. `outcome` is None where there was nothing to propose; `quote` is what the engine
    was asked to do (in a dry run: would be). `remarks` are what is to be said besides: why something waits, what the
    forge could not do."""

    scope: Scope
    results: tuple[FileResult, ...]
    outcome: Outcome | None
    pull_request: PullRequest | None
    quote: Quote
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


@dataclass(frozen=True)
class _Ready:
    """A scope whose files are read. `work` are those that are due, `declined` the pull requests that had some of them
    and that people closed."""

    opened: Opened
    work: Sequence[TranslatedFile]
    loaded: LoadedFiles
    declined: Mapping[TranslatedFile, PullRequest]

    @property
    def is_due(self) -> bool:
        return bool(self.loaded.texts) or any(
            result.change is FileChange.REMOVED for result in self.loaded.settled.values()
        )


def sync_language(edition: LanguageEdition, options: SyncOptions) -> tuple[Synced, ...]:
    """Merge what is stale, add what is missing, remove what is gone, and publish it: as one pull request, or as one for
    each chapter (see `choose`). What became of each of them.

    An open pull request is continued: its branch, reviewers' commits included and the base branch merged into it, is
    the translation that is merged into. One that proposes nothing any more is closed. A chapter that fails does not
    stop the others; what is wrong with it is raised once they are done.
    """
    job = SyncJob(edition, edition.open_forge(dry_run=options.dry_run), options)
    found = find_open(job)
    # After all that other bots may have done: none of it can be in step with newer English than this.
    source = follow_source(edition.project, edition.source)
    if source is not edition.source:
        edition = replace(edition, source=source)
        job = SyncJob(edition, edition.open_forge(dry_run=options.dry_run), options)
    if edition.settings.measure:
        tell_corrections(edition, options.tell, dry_run=options.dry_run)
    chosen = _narrow(job, choose(job, found))
    done = _sync(job, chosen)
    for scope, pull in chosen.superseded.items():
        whole = done[Scope(edition.name)]
        has_all = not any(scope.holds(one.path) for one in whole.results if one.change in UNWRITTEN)
        if whole.pull_request is not None and whole.is_in_step and has_all and not options.patterns:
            done[scope] = _supersede(job, scope, pull, whole.pull_request)
    chosen.raise_failures()
    nothing = Synced(next(iter(options.scopes), Scope(edition.name)), (), None, None, FREE)
    return tuple(done[scope] for scope in sorted(done)) or (nothing,)


def _narrow(job: SyncJob, chosen: Chosen) -> Chosen:
    """Only the pull requests and, where each chapter has its own, the files that are asked for. Raises UsageError for a
    pattern that nothing in the book matches."""
    options = job.options
    if options.scopes:
        chosen = chosen.only(options.scopes)
    if options.patterns and not any(one.scope.is_whole for one in chosen.opened):
        select_files(job.edition.published_book, options.patterns)
        touched = [
            one.scope
            for one in chosen.opened
            if any(chosen.holds(one.scope, file) for file in due_files(one.book, options.patterns))
        ]
        chosen = chosen.only(touched)
    return chosen


def _sync(job: SyncJob, chosen: Chosen) -> dict[Scope, Synced]:
    """What is wrong with one of several scopes is among `chosen.failures` afterwards."""
    done: dict[Scope, Synced] = {}
    rest: list[Opened] = []
    for one in chosen.opened:
        with chosen.failing(one.scope):
            finished = _finish(job, chosen, one)
            if finished is None:
                rest.append(one)
            else:
                done[one.scope] = finished
    return done | _sync_together(job, chosen, rest)


def _finish(job: SyncJob, chosen: Chosen, one: Opened) -> Synced | None:
    """Makes the last update again, from the commit that it went on from, so that what a run that was cut short did not
    present is presented; None where that can't be: the world moved on, and an update that follows tells of it."""
    if one.pull is None or one.pull.finished:
        return None
    start = continued_from(job.edition.repository, one.pull.head)
    if start is None:
        return None
    before = open_scope(job, one.scope, replace(one.pull, head=start))
    try:
        synced = _sync_together(job, Chosen([before], chosen.homes), [before], closes=False)[one.scope]
    except MovedError:
        return None
    return synced if synced.draft is not None else None


def _sync_together(
    job: SyncJob, chosen: Chosen, opened: Sequence[Opened], *, closes: bool = True
) -> dict[Scope, Synced]:
    """All files in one go, with one memory and one job of the engine, so that a sentence that moves from one chapter to
    another keeps its translation; then each pull request by itself."""
    done: dict[Scope, Synced] = {}
    ready: list[_Ready] = []
    room: int | None = None
    for one in opened:
        with chosen.failing(one.scope):
            if read_decisions(one.continued.snapshot, job.name).paused:
                done[one.scope] = Synced(one.scope, (), Outcome.DEFERRED, one.pull, FREE, remarks=(PAUSED,))
                continue
            each = _read(job, chosen, one)
            if each.is_due and (one.pull is None or one.pull.number == 0):
                room = job.forge.fetch_capacity() if room is None else room
                room -= 1
                if room < 0:
                    # Before anything is paid for.
                    done[one.scope] = Synced(one.scope, (), Outcome.DEFERRED, one.pull, FREE, remarks=(LIMIT_REACHED,))
                    continue
            ready.append(each)
    if not ready:
        return done
    edition = with_recorded_terms(job.edition, *(each.opened.continued.snapshot for each in ready))
    others = [texts for each in ready for texts in other_texts(job, each.opened, each.work)]
    work = {each.opened.scope: (each.opened.book, each.loaded.texts) for each in ready}
    prepared = prepare_scopes(edition, work, others)
    asked: dict[Scope, dict[TranslatedFile, tuple[Request, ...]]] = {scope: {} for scope in work}
    for (scope, file), requests in prepared.requests.items():
        asked[scope][file] = requests
    translated = translate_requests(edition, asked, prepared.memory, job.options, lambda: teach(edition))
    answers = {(scope, file): given for scope, each in translated.items() for file, given in each.answers.items()}
    merges = merge_files(edition, prepared, answers)
    for each in ready:
        scope = each.opened.scope
        own = {file: merges[scope, file] for file in each.loaded.texts}
        with chosen.failing(scope):
            done[scope] = _propose(job, edition, each, own, translated[scope], closes=closes)
    return done


def _read(job: SyncJob, chosen: Chosen, one: Opened) -> _Ready:
    """Raises UsageError for a pattern that nothing in the book matches."""
    name, book, patterns = job.name, one.book, job.options.patterns
    if one.scope.is_whole:
        work = select_files(book, patterns)
    else:
        work = [file for file in due_files(book, patterns) if chosen.holds(one.scope, file)]
    declined = {} if patterns else job.declined(book, work)
    open_to_all = [file for file in work if file not in declined]
    decisions = read_decisions(one.continued.snapshot, name)
    waiting = waiting_files(job, book, [file for file in open_to_all if file.path not in decisions.files])
    loaded = load_files(book, [file for file in open_to_all if file not in waiting])
    loaded = respect(loaded, decisions, one.continued.snapshot)
    settled = {file: declined_result(file, pull) for file, pull in declined.items()}
    settled |= {file: waiting_result(job, file) for file in waiting}
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
    results, contents = collect(ready.loaded, merges)
    synced = Synced(scope, tuple(results[file] for file in ready.work), None, pull, translated.quote)
    waiting = count_waiting(synced.results)
    synced = replace(synced, remarks=(waiting,) if waiting else ())
    is_presented = pull is None or pull.finished or pull.body
    # Whenever a chapter is merged, the base of all others moves: where git can merge it, that is no news.
    moved = one.continued.onto and not (one.continued.clean and not scope.is_whole and _proposes(job, one))
    if not contents and not moved and is_presented:
        if pull is None and ready.declined:
            newest = max(ready.declined.values(), key=lambda one: one.number)
            return replace(synced, outcome=Outcome.DECLINED, pull_request=newest)
        return replace(synced, outcome=Outcome.UNCHANGED if pull else None)
    files = one.book.files_to_write(contents)
    if pull is not None and is_same(one.continued.snapshot, files, job.published):
        if not closes:
            return synced
        job.forge.close(pull, f"Nothing is left to propose: {pull.base} has all of it.")
        return replace(synced, outcome=Outcome.CLOSED)
    proposal = Proposal(scope, one.book, synced.results, contents, files, translated)
    scores, terms = Summary(), ""
    if edition.settings.measure:
        scores = summarize_scores(edition, pull, contents, job.options)
        terms = propose_terms(edition)
    draft = make_draft(edition, proposal, pull, one.continued, scores, terms)
    done = job.forge.publish(draft)
    remarks = tuple(remark for remark in (*synced.remarks, done.reason, *done.warnings) if remark)
    return replace(synced, outcome=done.outcome, pull_request=done.pull_request, draft=draft, remarks=remarks)


def _proposes(job: SyncJob, one: Opened) -> bool:
    """Whether something is left in it that is not published."""
    return one.continued.snapshot.entries != job.published.entries


def _supersede(job: SyncJob, scope: Scope, pull: PullRequest, successor: PullRequest) -> Synced:
    """Closes the pull request of a chapter that another one has the files of, unless people's commits would be lost."""
    if made_by_people(job, pull.head, [successor.head]):
        remark = (
            f"{successor.location} has this chapter as well, but people made commits here: merge it, or close it"
            " once what they wrote is there too"
        )
        return Synced(scope, (), Outcome.DEFERRED, pull, FREE, remarks=(remark,))
    job.forge.close(pull, f"Superseded by {successor.location}, which proposes all chapters together.")
    return Synced(scope, (), Outcome.CLOSED, pull, FREE, remarks=(f"superseded by {successor.location}",))
