"""The pull requests that a sync of one language works on: one for all of it, or one for each chapter that has work."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.book.chapters import Scope, chapter_of
from bot.book.edition import LanguageEdition, SyncOptions
from bot.book.loading import due_files, matches_any, proposed_files, text_at
from bot.book.state import Book, TranslatedFile
from bot.drafts.reviewing import ReviewedDrafts, read_reviewed
from bot.drafts.states import BookStates, read_states
from bot.errors import AmtsError, InputError, PendingError, TransientError
from bot.forge.base import Forge, PullRequest
from bot.forge.git import Snapshot
from bot.forge.trailers import CONTINUES, read_commits
from bot.model import NO_DRAFTS, Drafts
from bot.pipeline import Texts
from bot.sync.continuation import Continued, continue_branch
from bot.sync.decisions import read_decisions
from bot.sync.deferral import Refusal, declined_files, read_refusal
from bot.sync.untranslated import translatable_files


@dataclass
class SyncJob:
    """A sync of one language. The `fetch` methods ask the forge."""

    edition: LanguageEdition
    forge: Forge
    options: SyncOptions
    _refusals: Sequence[Refusal] | None = field(default=None, init=False)
    _states: dict[str, BookStates] = field(default_factory=dict, init=False)

    @property
    def name(self) -> str:
        return self.edition.name

    @property
    def published(self) -> Snapshot:
        return self.edition.published

    def states(self, book: Book, drafts: Drafts = NO_DRAFTS) -> BookStates:
        """The state of each sentence in a commit of the translation; read once without `drafts`. A dry run of some
        files tells of no others, so it reads no others."""
        commit = book.target.commit
        if drafts or commit not in self._states:
            kept = read_decisions(book.target, self.name)
            only = self.options.patterns if self.options.dry_run else ()
            files = [file for file in book.files if not only or matches_any(file, only)]
            states = read_states(
                self.edition, book, files, lambda path: kept.kept_in(path, book.target.entries), drafts
            )
            if drafts:
                return states
            self._states[commit] = states
        return self._states[commit]

    def translatable(self, book: Book) -> frozenset[TranslatedFile]:
        """The files in step with English that a sync may translate."""
        kept = read_decisions(book.target, self.name).files
        found = translatable_files(self.edition, book, self.states(book))
        return frozenset(file for file in found if file.path not in kept)

    def due_files(
        self, book: Book, patterns: Sequence[str] = (), others: Collection[TranslatedFile] = ()
    ) -> list[TranslatedFile]:
        """The files that a sync has work in, with the `others`; every pattern will do."""
        return due_files(book, patterns, self.translatable(book).union(others))

    def fetch_all_open(self) -> dict[Scope, PullRequest]:
        """The open pull requests of the language, and the branches that were pushed for one."""
        repository, published = self.edition.repository, self.published.commit
        chapters = self.edition.chapter_branches
        # A merged branch has no open pull request.
        open_chapters = [
            scope for scope in chapters if not repository.contains(published, repository.head(scope.branch))
        ]
        scopes, base = [Scope(self.name), *open_chapters], self.edition.settings.branch
        pulls = {scope: self.forge.fetch_open(self.name, scope.branch, base) for scope in scopes}
        return {scope: pull for scope, pull in pulls.items() if pull is not None}

    def fetch_declined(self, book: Book, work: Sequence[TranslatedFile]) -> dict[TranslatedFile, PullRequest]:
        """The files of `work` that people declined, each with the pull request that they closed."""
        return declined_files(book, work, self._fetch_refusals() if work else (), self.published)

    def _fetch_refusals(self) -> Sequence[Refusal]:
        """The closed pull requests of the language and of chapters with due files, newest first. Asks only once."""
        if self._refusals is None:
            scopes = {Scope(self.name): None}
            if self.edition.has_chapters:
                # A file that moves between chapters may have been proposed in either, or in one on its way.
                due = self.due_files(self.edition.published_book)
                scopes |= {chapter_of(self.name, path): None for file in due for path in (file.path, file.new_path)}
                scopes |= dict.fromkeys(self.edition.chapter_branches)
            base = self.edition.settings.branch
            pulls = [pull for scope in scopes for pull in self.forge.fetch_refused(self.name, scope.branch, base)]
            pulls.sort(key=lambda pull: -pull.number)
            refusals = (read_refusal(pull, self.published, self.edition.baselines) for pull in pulls)
            self._refusals = [refusal for refusal in refusals if refusal is not None]
        return self._refusals


@dataclass(frozen=True)
class OpenedScope:
    """A scope with its open pull request, its branch after a merge of the base branch, and the book in that merge; and
    what reviewers made of the drafts there."""

    scope: Scope
    pull: PullRequest | None
    continued: Continued
    book: Book
    reviewed: ReviewedDrafts = field(default_factory=ReviewedDrafts)

    def corrected(self) -> frozenset[TranslatedFile]:
        """The files with drafts that reviewers corrected elsewhere in the pull request."""
        return frozenset(file for file in self.book.files if file.path in self.reviewed.corrections)


@dataclass
class Selection:
    """The scopes to sync. `homes` are the scopes of paths that do not follow their folder: a file that moves between
    chapters stays in the open pull request that has it. `superseded` are open pull requests of chapters whose files are
    in the pull request of the whole language. `failures` say why a scope can't be synced."""

    opened: list[OpenedScope]
    homes: Mapping[str, Scope] = field(default_factory=dict)
    superseded: Mapping[Scope, PullRequest] = field(default_factory=dict)
    failures: dict[Scope, AmtsError] = field(default_factory=dict)

    def holds(self, scope: Scope, file: TranslatedFile) -> bool:
        home = self.homes.get(file.new_path)
        return scope.holds(file.new_path) if home is None or scope.is_whole else home == scope

    def only(self, scopes: Collection[Scope]) -> Selection:
        """These scopes, and a scope that supersedes one of them."""
        superseded = {scope: pull for scope, pull in self.superseded.items() if scope in scopes}
        opened = [opened for opened in self.opened if superseded or opened.scope in scopes]
        failures = {scope: error for scope, error in self.failures.items() if scope in scopes}
        return Selection(opened, self.homes, superseded, failures)

    @contextmanager
    def failing(self, scope: Scope) -> Iterator[None]:
        """Records the error of one of several scopes, so that the others go on."""
        try:
            yield
        except AmtsError as error:
            if len(self.opened) == 1 and not self.failures:
                raise
            self.failures[scope] = error

    def raise_failures(self) -> None:
        """Raises one error for all scopes that failed, if any did. It has the type of the first failure that needs a
        person, or of the first failure if another try may mend them all."""
        if self.failures:
            worst = min(self.failures.values(), key=lambda error: isinstance(error, (PendingError, TransientError)))
            raise type(worst)("\n".join(f"{scope.label}: {error}" for scope, error in sorted(self.failures.items())))


def select_scopes(job: SyncJob, pulls: Mapping[Scope, PullRequest]) -> Selection:
    """The whole language if its pull request is open. Otherwise each chapter has its own pull request if one of them is
    open or more files are due than `chapters_above`. `pulls` are all open ones. May ask the forge for declined ones."""
    whole = Scope(job.name)
    pull = pulls.get(whole)
    chapters = {scope: pull for scope, pull in pulls.items() if scope != whole}
    # Branches with a commit of the bot, even if people amended it.
    own = {
        scope: pull
        for scope, pull in chapters.items()
        if any(commit.continues for commit in read_commits(job.edition.repository, pull.head, [job.published.commit]))
    }
    if pull is not None or (not own and not _is_large(job)):
        # A branch without a body has no pull request yet.
        superseded = {scope: pull for scope, pull in own.items() if pull.number and pull.body}
        return Selection([open_scope(job, whole, pull)], superseded=superseded)
    opened: dict[Scope, OpenedScope] = {}
    failures: dict[Scope, AmtsError] = {}
    for scope, pull in chapters.items():
        try:
            opened[scope] = open_scope(job, scope, pull)
        except AmtsError as error:
            failures[scope] = error
    homes = _homes_of_moves(job) | {
        file.new_path: scope
        for scope, chapter in opened.items()
        if scope in own
        for file in proposed_files(chapter.book, job.published)
    }
    book = job.edition.published_book
    # A new file is due only if it is asked for.
    work = [*job.due_files(book), *job.due_files(book, job.options.patterns)]
    due = {homes.get(file.new_path) or chapter_of(job.name, file.new_path) for file in work}
    opened = {scope: chapter for scope, chapter in opened.items() if scope in due or scope in own}
    opened |= {scope: open_scope(job, scope, None) for scope in due - chapters.keys()}
    return Selection([opened[scope] for scope in sorted(opened)], homes, failures=failures)


def open_scope(job: SyncJob, scope: Scope, pull: PullRequest | None) -> OpenedScope:
    """Raises AmtsError if the branch, or what is recorded in it, can't be used."""
    if pull is None:
        return OpenedScope(scope, None, Continued(job.published), job.edition.published_book)
    message = f"Merge {pull.base} into {pull.branch}\n\n{CONTINUES}: {pull.head}\n"
    continued = continue_branch(job.edition, pull.head, message)
    reviewed = read_reviewed(job.edition, pull.head, continued.snapshot)
    return OpenedScope(scope, pull, continued, job.edition.read_book(continued.snapshot), reviewed)


def other_texts(job: SyncJob, opened: OpenedScope, work: Sequence[TranslatedFile]) -> Iterator[Texts]:
    """More texts for the memory: versions that were replaced when the base branch was merged in, and the published
    versions of files that the pull request changes. They hold the translation of a sentence that an earlier update of
    the pull request removed, and whose English is back."""
    yield from opened.continued.others
    if opened.pull is None or not work:
        return
    snapshot, baselines = opened.continued.snapshot, job.edition.baselines(job.published)
    for path in baselines.bases:
        if job.published.entries[path] == snapshot.entries.get(path):
            continue
        try:
            text = text_at(job.published, path)
            yield Texts(path, baselines.made_from(path, text), "", text)
        except InputError:  # reported when the file itself is synced
            continue


def made_by_people(job: SyncJob, head: str, others: Sequence[str]) -> bool:
    """Whether `head` has a commit, by a person or on a person's command, that none of `others` contains."""
    commits = read_commits(job.edition.repository, head, [job.published.commit, *others])
    return not all(commit.by_sync for commit in commits)


def _is_large(job: SyncJob) -> bool:
    """Whether more files are due than one pull request takes."""
    limit = job.edition.settings.chapters_above
    if limit is None:
        return False
    book, kept = job.edition.published_book, read_decisions(job.published, job.name).files
    due = [file for file in job.due_files(book) if not file.waits and file.path not in kept]
    # The forge is not asked if its answer can't matter.
    return len(due) > limit and len(due) - len(job.fetch_declined(book, due)) > limit


def _homes_of_moves(job: SyncJob) -> dict[str, Scope]:
    """The scopes of files that move to a path that another file leaves. A chain, or ring, of moves stays together."""
    files = job.edition.published_book.files
    movers = {file.path: file for file in files if file.moves and file.exists}
    homes = {}
    for file in files:
        if not file.moves and file.exists:
            continue
        chain = [file.new_path]
        while (following := movers.get(chain[-1])) is not None and following.new_path not in chain:
            chain.append(following.new_path)
        if len(chain) > 1:
            # A ring has no end; the least of its paths is the same wherever it is entered.
            end = min(chain) if chain[-1] in movers else chain[-1]
            homes[file.new_path] = chapter_of(job.name, end)
    return homes
