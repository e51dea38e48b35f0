"""What every job on a language starts from: the English, the language's book, its forge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.book.chapters import Scope
from bot.book.project import Project, commit_signature
from bot.errors import ConfigError
from bot.forge.base import Forge
from bot.forge.baseline import BaselineStrategy
from bot.forge.book import Book, read_book
from bot.forge.git import Repository, Snapshot
from bot.forge.history import History, read_history
from bot.forge.registry import STRATEGIES, StrategyOptions


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """What of a language to sync: `patterns` choose the files (all where empty), `scopes` the pull requests (all where
    empty). A dry run writes and spends nothing; without `wait`, a batch job that takes time raises PendingError. `tell`
    is given one line on what is going on."""

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


def open_source(project: Project) -> Source:
    repository = project.open_source()
    snapshot = repository.snapshot(repository.head(project.config.source.branch))
    return Source(repository, snapshot, read_history(repository, snapshot.commit))


def follow_source(project: Project, source: Source) -> Source:
    """The English of now; the same where it did not move on."""
    repository = project.open_source()
    head = repository.head(project.config.source.branch)
    if head == source.snapshot.commit:
        repository.close()
        return source
    return Source(repository, repository.snapshot(head), read_history(repository, head))


def open_strategy(project: Project, name: str) -> BaselineStrategy:
    settings = project.config.languages[name]
    return STRATEGIES[settings.baseline](StrategyOptions(settings.origin_suffixes, project.direction(name)))


def open_book(project: Project, source: Source, name: str, target: Snapshot) -> Book:
    """Raises ConfigError where no file of the source, not even one of the past, is chosen: such a book would pass for
    one that is in step."""
    strategy, paths = open_strategy(project, name), project.paths(name)
    book = read_book(source.snapshot, source.history, target, strategy, paths)
    if not book.files and not any(map(paths.wanted, source.history.paths)):
        raise no_file_matches(name)
    return book


def no_file_matches(name: str) -> ConfigError:
    return ConfigError(f"no file matches; look at files.include, and at include and exclude of languages.{name}")


def open_forge(project: Project, source: Source, repository: Repository, *, dry_run: bool) -> Forge:
    signature = commit_signature(project, source.repository, source.snapshot.commit)
    return project.forge(repository, signature, dry_run=dry_run)
