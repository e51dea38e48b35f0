"""One language from its repository to its pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.app.loading import Loaded, file_result, load_files, prepare_loaded, select_files
from bot.app.merging_book import merge_files
from bot.app.parallel import Runner
from bot.app.project import Project, commit_signature
from bot.documents import decode, parse
from bot.errors import AmtsError, InputError
from bot.forge.base import Forge, Outcome, PullRequest
from bot.forge.book import Book, Status, TranslatedFile, read_book
from bot.forge.git import Repository, Snapshot
from bot.forge.history import History, read_history
from bot.forge.registry import STRATEGIES, StrategyOptions
from bot.model import FileChange, FileResult, Language, Merge, PullRequestDraft
from bot.pipeline import Texts
from bot.report.leftovers import Leftover, find_leftovers
from bot.report.pull_request import Context, commit_message, pull_request_body, pull_request_title

Contents = Mapping[TranslatedFile, bytes | None]
"""The new bytes of each file that can be written; None deletes it."""


@dataclass(frozen=True)
class Source:
    """The English at its head, opened once for all languages."""

    repository: Repository
    snapshot: Snapshot
    history: History


@dataclass(frozen=True)
class Synced:
    """What became of one language. `outcome` is None where there was nothing to propose."""

    language: str
    results: tuple[FileResult, ...]
    outcome: Outcome | None
    pull_request: PullRequest | None
    draft: PullRequestDraft | None = None

    @property
    def failed(self) -> tuple[FileResult, ...]:
        return tuple(result for result in self.results if result.change is FileChange.FAILED)


def open_source(project: Project) -> Source:
    repository = project.open_source()
    snapshot = repository.snapshot(repository.head(project.config.source.branch))
    return Source(repository, snapshot, read_history(repository, snapshot.commit))


def open_book(project: Project, source: Source, name: str, target: Snapshot) -> Book:
    settings = project.config.languages[name]
    options = StrategyOptions(settings.origin_suffixes, project.languages(name))
    strategy = STRATEGIES[settings.baseline](options)
    return read_book(source.snapshot, source.history, target, strategy, project.paths(name))


def open_forge(project: Project, source: Source, repository: Repository, *, dry_run: bool) -> Forge:
    signature = commit_signature(source.repository, source.snapshot.commit)
    return project.forge(repository, signature, dry_run=dry_run)


def branch_name(name: str) -> str:
    return f"amts/{name}"


def sync_language(
    project: Project, source: Source, name: str, patterns: Sequence[str], runner: Runner, *, dry_run: bool
) -> Synced:
    """Merge what is stale, add what is missing, remove what is gone, and publish it as one pull request.

    `patterns` choose the files to sync (all where empty). An open pull request is continued: its branch, reviewers'
    commits included, is the translation that is merged into.
    """
    settings = project.config.languages[name]
    repository = project.open_target(name)
    forge = open_forge(project, source, repository, dry_run=dry_run)
    pull = forge.find(name, branch_name(name), settings.branch)
    head = pull.head if pull else repository.head(settings.branch)
    book = open_book(project, source, name, repository.snapshot(head))
    work = select_files(book, patterns)
    results, contents = _merge(project, book, name, load_files(book, work), runner)
    ordered = tuple(results[file] for file in work)
    if not contents:
        return Synced(name, ordered, Outcome.UNCHANGED if pull else None, pull)
    files = book.files_to_write(contents)
    earlier: list[Leftover] = []
    if pull is not None:
        published = repository.snapshot(repository.head(settings.branch))
        earlier = list(_earlier(book, published, results, contents, project.languages(name)))
    draft = _draft(project, source, name, head, ordered, files, earlier)
    outcome = forge.publish(draft)
    return Synced(name, ordered, outcome.outcome, outcome.pull_request, draft)


def _merge(
    project: Project, book: Book, name: str, loaded: Loaded, runner: Runner
) -> tuple[Mapping[TranslatedFile, FileResult], Contents]:
    results = dict(loaded.settled)
    contents: dict[TranslatedFile, bytes | None] = {
        file: None for file, result in results.items() if result.change is FileChange.REMOVED
    }
    languages = project.languages(name)
    prepared = prepare_loaded(book, loaded, languages, runner)
    merges = merge_files(prepared, languages, project.engine(name), runner)
    for (file, texts), merge in zip(loaded.texts.items(), merges, strict=True):
        results[file] = _merged(file, texts, merge)
        if isinstance(merge, Merge):
            contents[file] = merge.text.encode("utf-8")
    return results, contents


def _merged(file: TranslatedFile, texts: Texts, merge: Merge | AmtsError) -> FileResult:
    if isinstance(merge, AmtsError):
        return file_result(file, FileChange.FAILED, problem=str(merge))
    if file.status is Status.MISSING:
        change = FileChange.ADDED
    elif file.moves:
        change = FileChange.RENAMED
    else:
        change = FileChange.UPDATED if merge.text != texts.target else FileChange.RECORDED
    return replace(file_result(file, change), merge=merge, size=len(texts.new))


def _earlier(
    book: Book,
    published: Snapshot,
    results: Mapping[TranslatedFile, FileResult],
    contents: Contents,
    languages: tuple[Language, Language],
) -> Iterator[Leftover]:
    """What former updates of the open pull request left, and this one does not list."""
    for file in book.files:
        if file.source_path is None or (file not in contents and not file.exists):
            continue
        try:
            english = decode(book.source.read(file.source_path), file.source_path)
            new = contents.get(file)
            now = _text(book.target, file.path) if new is None else new.decode("utf-8")
            before = _text(published, file.path)
        except InputError:  # it is among the results as failed
            continue
        if now == before:
            continue
        merge = results[file].merge if file in results else None
        listed = {left.source for left in merge.left} if merge else set()
        documents = parse(english, languages[0]), parse(before, languages[1]), parse(now, languages[1])
        yield from (one for one in find_leftovers(file.new_path, *documents) if one.source not in listed)


def _text(snapshot: Snapshot, path: str) -> str:
    return decode(snapshot.read(path), path) if path in snapshot.entries else ""


def _draft(
    project: Project,
    source: Source,
    name: str,
    head: str,
    results: Sequence[FileResult],
    files: Mapping[str, bytes | None],
    earlier: Sequence[Leftover],
) -> PullRequestDraft:
    settings = project.config.languages[name]
    context = Context(
        language=project.languages(name)[1],
        source_language=project.source_language,
        source_commit=source.snapshot.commit,
        engine=settings.engine,
        reviewers=settings.reviewers,
        earlier=tuple(earlier),
    )
    return PullRequestDraft(
        language=name,
        branch=branch_name(name),
        base=settings.branch,
        title=pull_request_title(context, results),
        body=pull_request_body(context, results),
        message=commit_message(context, results),
        files=files,
        expected_head=head,
    )
