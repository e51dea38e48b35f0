"""Which pull requests a sync of one language works on: one for all of it, or one for each chapter that has work."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from bot.book.chapters import Scope, chapter_of
from bot.book.loading import due_files
from bot.book.opening import LanguageEdition, SyncOptions
from bot.documents import decode
from bot.errors import AmtsError, InputError, PendingError, TransientError
from bot.forge.base import Forge, PullRequest
from bot.forge.book import Book, FileStatus, TranslatedFile
from bot.forge.git import Snapshot
from bot.forge.trailers import CONTINUES, read_commits
from bot.pipeline import Texts
from bot.sync.continue_branch import Continued, continue_branch
from bot.sync.decisions import read_decisions
from bot.sync.declined import Refusal, declined_files, read_refusal


@dataclass(frozen=True)
class SyncJob:
    """A sync of one language."""

    edition: LanguageEdition
    forge: Forge
    options: SyncOptions

    @property
    def name(self) -> str:
        return self.edition.name

    @property
    def published(self) -> Snapshot:
        return self.edition.published

    @cached_property
    def refused(self) -> Sequence[PullRequest]:
        """Pull requests that people closed, the newest first: those of the language as one, and of chapters that have
        something due. Asks the forge."""
        base = self.edition.settings.branch
        scopes = {Scope(self.name): None}
        if self.edition.has_chapters:
            # A file that moves between chapters may have been proposed in either, or in one on its way.
            due = due_files(self.edition.published_book)
            scopes |= {chapter_of(self.name, path): None for file in due for path in (file.path, file.new_path)}
            scopes |= dict.fromkeys(self.edition.chapter_branches)
        found = [pull for scope in scopes for pull in self.forge.fetch_refused(self.name, scope.branch, base)]
        return sorted(found, key=lambda pull: -pull.number)

    @cached_property
    def refusals(self) -> Sequence[Refusal]:
        """What those did, as far as it can be told."""
        read = (read_refusal(pull, self.published, self.edition.baselines) for pull in self.refused)
        return [one for one in read if one is not None]

    def find(self, scope: Scope) -> PullRequest | None:
        return self.forge.fetch_open(self.name, scope.branch, self.edition.settings.branch)

    def declined(self, book: Book, work: Sequence[TranslatedFile]) -> dict[TranslatedFile, PullRequest]:
        return declined_files(book, work, self.refusals if work else (), self.published)


@dataclass(frozen=True)
class Opened:
    """A scope as it stands: its open pull request, that with the base branch merged into it, and the book there."""

    scope: Scope
    pull: PullRequest | None
    continued: Continued
    book: Book


@dataclass
class Chosen:
    """The scopes to sync, and who keeps what in which. `homes` are places of files that an open pull request of another
    chapter has: a file that moves between chapters stays in it. `superseded` are the open pull requests whose files
    another one has; `failures` say why a scope can't be synced."""

    opened: list[Opened]
    homes: Mapping[str, Scope] = field(default_factory=dict)
    superseded: Mapping[Scope, PullRequest] = field(default_factory=dict)
    failures: dict[Scope, AmtsError] = field(default_factory=dict)

    def holds(self, scope: Scope, file: TranslatedFile) -> bool:
        home = self.homes.get(file.new_path)
        return scope.holds(file.new_path) if home is None or scope.is_whole else home == scope

    def only(self, scopes: Collection[Scope]) -> Chosen:
        """Without all others, but for the one that supersedes one of them."""
        superseded = {scope: pull for scope, pull in self.superseded.items() if scope in scopes}
        opened = [one for one in self.opened if superseded or one.scope in scopes]
        failures = {scope: error for scope, error in self.failures.items() if scope in scopes}
        return Chosen(opened, self.homes, superseded, failures)

    @contextmanager
    def failing(self, scope: Scope) -> Iterator[None]:
        """What goes wrong with one of several scopes is noted, so that the others go on."""
        try:
            yield
        except AmtsError as error:
            if len(self.opened) == 1 and not self.failures:
                raise
            self.failures[scope] = error

    def raise_failures(self) -> None:
        """Raises what went wrong, if anything did; what another try may mend comes last."""
        if self.failures:
            worst = min(self.failures.values(), key=lambda one: isinstance(one, (PendingError, TransientError)))
            raise type(worst)("\n".join(f"{scope.label}: {error}" for scope, error in sorted(self.failures.items())))


def choose(job: SyncJob, found: Mapping[Scope, PullRequest]) -> Chosen:
    """An open pull request of the whole language is continued as one. Otherwise each chapter has its own if one is open
    or more files are due than `chapters_above`. Told from git and the forge alone; `found` are all that are open."""
    whole = Scope(job.name)
    pull = found.get(whole)
    found = {scope: one for scope, one in found.items() if scope != whole}
    ours = {scope: one for scope, one in found.items() if made_by_bot(job, one.head)}
    if pull is not None or (not ours and not _is_large(job)):
        # A branch without a body has no pull request yet.
        shown = {scope: one for scope, one in ours.items() if one.number and one.body}
        return Chosen([open_scope(job, whole, pull)], superseded=shown)
    chosen = Chosen([])
    for scope, one in found.items():
        try:
            chosen.opened.append(open_scope(job, scope, one))
        except AmtsError as error:
            chosen.failures[scope] = error
    chosen.homes = _tied(job) | dict(_claims(job, [one for one in chosen.opened if one.scope in ours]))
    work = due_files(job.edition.published_book)
    due = {chosen.homes.get(file.new_path) or chapter_of(job.name, file.new_path) for file in work}
    chosen.opened = [one for one in chosen.opened if one.scope in due or one.scope in ours]
    for scope in sorted(due - found.keys()):
        chosen.opened.append(open_scope(job, scope, None))
    chosen.opened.sort(key=lambda one: one.scope)
    return chosen


def find_open(job: SyncJob) -> dict[Scope, PullRequest]:
    """All pull requests of the language that are open, and branches that were pushed for one."""
    whole = Scope(job.name)
    found = {whole: job.find(whole)} | {scope: _find_chapter(job, scope) for scope in job.edition.chapter_branches}
    return {scope: pull for scope, pull in found.items() if pull is not None}


def open_scope(job: SyncJob, scope: Scope, pull: PullRequest | None) -> Opened:
    """Raises AmtsError where the branch, or what is recorded in it, can't be used."""
    if pull is None:
        return Opened(scope, None, Continued(job.published), job.edition.published_book)
    message = f"Merge {pull.base} into {pull.branch}\n\n{CONTINUES}: {pull.head}\n"
    continued = continue_branch(job.edition, pull.head, message)
    return Opened(scope, pull, continued, job.edition.read_book(continued.snapshot))


def other_texts(job: SyncJob, one: Opened, work: Sequence[TranslatedFile]) -> Iterator[Texts]:
    """More for the memory: words that gave way when the base branch was merged in, and the published versions of files
    that the pull request has otherwise. A sentence that an earlier update of it took out, and whose English is back,
    has its translation there."""
    yield from one.continued.others
    if one.pull is None or not work:
        return
    snapshot, baselines = one.continued.snapshot, job.edition.baselines(job.published)
    for path, base in baselines.bases.items():
        if job.published.entries[path] == snapshot.entries.get(path):
            continue
        try:
            english = decode(baselines.repository.read(base.blob), base.source_path)
            yield Texts(path, english, "", decode(job.published.read(path), path))
        except InputError:  # reported when its own turn comes
            continue


def proposed_files(job: SyncJob, book: Book) -> Iterator[TranslatedFile]:
    """The files that the book has otherwise than what is published."""
    for file in book.files:
        entry = book.target.entries.get(file.path) if file.exists else None
        if entry is not None and entry != job.published.entries.get(file.path):
            yield file


def made_by_bot(job: SyncJob, head: str) -> bool:
    """Whether the bot made a commit of what is proposed."""
    return any(commit.continues for commit in read_commits(job.edition.repository, head, [job.published.commit]))


def made_by_people(job: SyncJob, head: str, others: Sequence[str]) -> bool:
    """Whether `head` has a commit, by a person or on a person's command, that none of `others` contains."""
    commits = read_commits(job.edition.repository, head, [job.published.commit, *others])
    return not all(commit.by_sync for commit in commits)


def _find_chapter(job: SyncJob, scope: Scope) -> PullRequest | None:
    """None without asking for a branch that was merged."""
    tip = job.edition.repository.head(scope.branch)
    return None if job.edition.repository.contains(job.published.commit, tip) else job.find(scope)


def _is_large(job: SyncJob) -> bool:
    limit = job.edition.settings.chapters_above
    if limit is None:
        return False
    kept = read_decisions(job.published, job.name).files
    book = job.edition.published_book
    due = [file for file in due_files(book) if file.status is not FileStatus.UNKNOWN and file.path not in kept]
    # The forge is not asked where it can't matter.
    return len(due) > limit and len(due) - len(job.declined(book, due)) > limit


def _tied(job: SyncJob) -> dict[str, Scope]:
    """The homes of files that come to where others move away from: such a chain, or ring, moves as one."""
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
            # That of its end; of a ring, whichever member one begins with, the same.
            end = min(chain) if chain[-1] in movers else chain[-1]
            homes[file.new_path] = chapter_of(job.name, end)
    return homes


def _claims(job: SyncJob, opened: Sequence[Opened]) -> Iterator[tuple[str, Scope]]:
    for one in opened:
        for file in proposed_files(job, one.book):
            yield file.new_path, one.scope
