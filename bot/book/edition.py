"""A book's edition in one language, opened beside the English: what every job on a language starts from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.book.baselines import Baselines, BaselineStrategy
from bot.book.cache import Cache
from bot.book.chapters import Scope, scope_of
from bot.book.history import History, read_history
from bot.book.inference import Infer
from bot.book.lock_file import LockFile
from bot.book.origin_file import OriginFile, origin_path
from bot.book.past_revisions import PastRevisions, learned_habits
from bot.book.project import Project, commit_signature
from bot.book.stale_record import EffectiveBases, WithEffectiveBases
from bot.book.state import Book, read_book
from bot.book.workers import Runner
from bot.config import target_paths
from bot.config.schema import Baseline, LanguageSettings
from bot.engines.policy import repair_policy
from bot.errors import ConfigError
from bot.forge.base import Forge, MergedPullRequest
from bot.forge.git import Repository, Snapshot
from bot.model import Direction, Signature
from bot.repair import Habits, RepairPolicy

_KEPT_BOOKS = 2


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How to sync a language. `patterns` choose the files and `scopes` the pull requests; empty means all. A dry run
    writes and spends nothing. Without `wait`, a batch job that takes time raises PendingError. `tell` gets lines of
    progress for people."""

    patterns: Sequence[str] = ()
    dry_run: bool = False
    wait: bool = True
    tell: Callable[[str], None] = lambda _: None
    scopes: Sequence[Scope] = ()


@dataclass(frozen=True)
class Source:
    """The English at its head, opened once for all languages."""

    repository: Repository
    snapshot: Snapshot
    history: History


def open_source(project: Project, known: Source | None = None) -> Source:
    """Today's English; `known` itself if it has not moved on. Asks a remote repository."""
    repository = project.open_source()
    head = repository.head(project.config.source.branch)
    if known is not None and head == known.snapshot.commit:
        repository.close()
        return known
    return Source(repository, repository.snapshot(head), read_history(repository, head))


def baseline_strategy(kind: Baseline, origin_suffixes: tuple[str, ...], direction: Direction) -> BaselineStrategy:
    """`origin_suffixes` are the suffixes of files that hold the English."""
    match kind:
        case "origin-file":
            return OriginFile(origin_suffixes)
        case "lock-file":
            return LockFile()
        case "infer":
            return Infer(direction)


def no_file_matches(name: str) -> ConfigError:
    return ConfigError(f"no file matches; look at files.include, and at include and exclude of languages.{name}")


@dataclass(frozen=True)
class LanguageEdition:
    """The edition in the language that the configuration calls `name`, beside the English `source`. `published` is the
    branch that its pull requests go into, as it was when the repository was opened. `runner` spreads work on its files
    over processes."""

    project: Project
    source: Source
    name: str
    repository: Repository
    published: Snapshot
    runner: Runner
    _baselines: dict[str, Baselines] = field(default_factory=dict, init=False, repr=False, compare=False)
    _effective: dict[str, EffectiveBases] = field(default_factory=dict, init=False, repr=False, compare=False)
    _books: dict[str, Book] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def settings(self) -> LanguageSettings:
        return self.project.config.languages[self.name]

    @cached_property
    def direction(self) -> Direction:
        return self.project.direction(self.name)

    @property
    def signature(self) -> Signature:
        """The bot's, dated by the English commit."""
        return commit_signature(self.project, self.source.repository, self.source.snapshot.commit)

    @cached_property
    def repair_policy(self) -> RepairPolicy:
        """How its changed sentences are treated: everything that plans its merges must pass it on."""
        return repair_policy(
            self.project.engine(self.name), self.habits, self.settings.retranslate_below, self.settings.changed
        )

    @cached_property
    def strategy(self) -> BaselineStrategy:
        return self._strategy(self.settings.baseline)

    def _strategy(self, kind: Baseline) -> BaselineStrategy:
        strategy = baseline_strategy(kind, self.settings.origin_suffixes, self.direction)
        return WithEffectiveBases(strategy, self.effective)

    @cached_property
    def published_book(self) -> Book:
        return self.read_book(self.published)

    def read_book(self, target: Snapshot) -> Book:
        """The book as a commit of the language's repository has it. Raises ConfigError if no file of the source, not
        even a former one, is chosen: such a book would seem to be in step. The books of the latest two commits are
        kept: several pull requests begin at the same one."""
        if target.commit in self._books:
            return self._books[target.commit]
        paths = self.project.paths(self.name)
        book = read_book(self.source.snapshot, self.source.history, target, self.strategy, paths)
        if not book.files and not any(map(paths.wanted, self.source.history.paths)):
            raise no_file_matches(self.name)
        if len(self._books) >= _KEPT_BOOKS:
            del self._books[next(iter(self._books))]
        self._books[target.commit] = book
        return book

    def baselines(self, target: Snapshot) -> Baselines:
        """The baselines that a commit records. Each commit is read once: many pull requests begin at the same one."""
        if target.commit not in self._baselines:
            source, paths = self.source, self.project.paths(self.name)
            self._baselines[target.commit] = self.strategy.read(source.snapshot, source.history, target, paths)
        return self._baselines[target.commit]

    def effective(self, target: Snapshot) -> EffectiveBases:
        """The English that the translations in a commit were really made from. Each commit's record is read once."""
        return self._effective.setdefault(target.commit, EffectiveBases(target, self.name, self.direction))

    @cached_property
    def past_revisions(self) -> PastRevisions:
        """Those that the repository recorded: what `infer` would guess for each commit is no evidence."""
        recorded = "lock-file" if self.settings.baseline == "infer" else self.settings.baseline
        strategy = self._strategy(recorded)
        source, paths = self.source, self.project.paths(self.name)
        return PastRevisions(
            source.snapshot, source.history, self.published, strategy, paths, self.direction, self.name
        )

    @property
    def habits_cache(self) -> Cache:
        return Cache(self.project.cache / "habits")

    @cached_property
    def habits(self) -> Habits:
        """What this edition's people carry over and what they leave. The first question may take seconds."""
        return learned_habits(self.past_revisions, self.habits_cache, self.runner)

    @property
    def has_chapters(self) -> bool:
        """Whether chapters have, may get or had pull requests of their own."""
        return self.settings.chapters_above is not None or bool(self.chapter_branches)

    @property
    def chapter_branches(self) -> list[Scope]:
        """The chapters that the repository has branches of, whatever became of their pull requests."""
        scopes = (scope_of(branch, self.name) for branch in self.repository.branches())
        return sorted(scope for scope in scopes if scope is not None and not scope.is_whole)

    def fetch_merged(self, most: int) -> list[MergedPullRequest]:
        """The latest `most` merged pull requests of the language and its chapters, newest first. Raises RepositoryError
        if the host can't be asked."""
        forge = self.project.host.open_forge(self.repository)
        branch = "" if self.has_chapters else Scope(self.name).branch
        return forge.fetch_merged(
            self.name, self.settings.branch, lambda head: scope_of(head, self.name) is not None, most, branch=branch
        )

    def fetch_heads(self) -> list[str]:
        """The heads of the pull requests of the language and its chapters, whatever became of them, and of their
        branches. Raises RepositoryError if the host can't be asked."""
        forge = self.project.host.open_forge(self.repository)
        branch = "" if self.has_chapters else Scope(self.name).branch
        heads = forge.fetch_heads(
            self.name, self.settings.branch, lambda head: scope_of(head, self.name) is not None, branch=branch
        )
        branches = self.repository.branches()
        return [*heads, *(tip for name, tip in branches.items() if scope_of(name, self.name) is not None)]

    def open_forge(self, *, dry_run: bool) -> Forge:
        return self.project.host.open_forge(self.repository, dry_run=dry_run)


def check_target_paths(project: Project, source: Source, name: str) -> None:
    """Raises ConfigError if two files of today's source would be written to one place of the translation."""
    settings, paths = project.config.languages[name], project.paths(name)
    targets = target_paths(filter(paths.wanted, source.snapshot.entries), settings.paths)
    if settings.baseline != "origin-file":
        return
    owners = {target: path for path, target in targets.items()}
    for path, target in targets.items():
        for record in (origin_path(target, suffix) for suffix in settings.origin_suffixes):
            if record in owners:
                raise ConfigError(
                    f"the translation of {owners[record]} and the source text of {path} would both lie at {record}; "
                    "give one of them another path under `paths`, exclude it, or change `origin_suffixes`"
                )


def open_edition(project: Project, source: Source, name: str, runner: Runner) -> LanguageEdition:
    """Opens the language's repository; fetches a remote repository first. Raises ConfigError as check_target_paths."""
    check_target_paths(project, source, name)
    repository = project.open_target(name)
    published = repository.snapshot(repository.head(project.config.languages[name].branch))
    return LanguageEdition(project, source, name, repository, published, runner)
