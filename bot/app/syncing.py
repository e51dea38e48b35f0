"""One language from its repository to its pull request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.app.merging_book import Prepared, merge_files, prepare_files
from bot.app.parallel import Runner
from bot.app.project import Project, commit_signature
from bot.config import matches
from bot.documents import decode
from bot.errors import AmtsError, InputError, UsageError
from bot.forge.base import Forge, Outcome, PullRequest
from bot.forge.book import Book, Status, TranslatedFile, read_book
from bot.forge.git import Repository, Snapshot
from bot.forge.history import History, read_history
from bot.forge.registry import STRATEGIES
from bot.model import FileChange, FileResult, Merge, PullRequestDraft
from bot.pipeline import Texts
from bot.report.pull_request import Context, commit_message, pull_request_body, pull_request_title


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
    draft: PullRequestDraft | None

    @property
    def failed(self) -> tuple[FileResult, ...]:
        return tuple(result for result in self.results if result.change is FileChange.FAILED)


def open_source(project: Project) -> Source:
    repository = project.open_source()
    snapshot = repository.snapshot(repository.head(project.config.source.branch))
    return Source(repository, snapshot, read_history(repository, snapshot.commit))


def open_book(project: Project, source: Source, name: str, target: Snapshot) -> Book:
    strategy = STRATEGIES[project.config.languages[name].baseline]
    return read_book(source.snapshot, source.history, target, strategy, project.paths(name))


def sync_language(
    project: Project, source: Source, name: str, paths: Sequence[str], runner: Runner, *, dry_run: bool
) -> Synced:
    """Merge what is stale, add what is missing, remove what is gone, and publish it as one pull request.

    `paths` are patterns of files to sync (all where empty). An open pull request is continued: its branch, reviewers'
    commits included, is the translation that is merged into.
    """
    settings = project.config.languages[name]
    repository = project.open_target(name)
    branch = f"amts/{name}"
    forge = project.forge(repository, commit_signature(source.repository, source.snapshot.commit), dry_run=dry_run)
    pull = forge.find(name, branch, settings.branch)
    head = pull.head if pull else repository.head(settings.branch)
    book = open_book(project, source, name, repository.snapshot(head))
    work = select_files(book, paths)
    results, contents = _merge(project, book, name, work, runner)
    files = book.files_to_write(contents)
    if not files:
        return Synced(name, tuple(results), None, pull, None)
    draft = _draft(project, source, name, (branch, head), results, files)
    return _publish(forge, name, results, draft)


def _publish(forge: Forge, name: str, results: Sequence[FileResult], draft: PullRequestDraft) -> Synced:
    published = forge.publish(draft)
    return Synced(name, tuple(results), published.outcome, published.pull_request, draft)


def select_files(book: Book, paths: Sequence[str]) -> list[TranslatedFile]:
    files = [file for file in book.files if file.status is not Status.CURRENT or file.moves]
    if not paths:
        return files
    known = {path for file in book.files for path in (file.path, file.new_path, file.source_path) if path}
    for pattern in paths:
        if not any(matches(path, (pattern,)) for path in known):
            raise UsageError(f'no file of the book matches "{pattern}"; paths are those in the repositories')
    return [
        file
        for file in files
        if any(p and matches(p, tuple(paths)) for p in (file.path, file.new_path, file.source_path))
    ]


@dataclass(frozen=True)
class _Loaded:
    """The files of a sync: what is settled without a merge, and the texts of the others."""

    settled: Mapping[TranslatedFile, FileResult]
    texts: Mapping[TranslatedFile, Texts]


def prepare_language(
    project: Project, book: Book, name: str, work: Sequence[TranslatedFile], runner: Runner
) -> Prepared:
    """The first half for a language, for what it would cost."""
    texts = _load(book, work).texts
    return prepare_files(list(texts.values()), _others(book, texts), project.languages(name), runner)


def _merge(
    project: Project, book: Book, name: str, work: Sequence[TranslatedFile], runner: Runner
) -> tuple[list[FileResult], Mapping[TranslatedFile, bytes | None]]:
    """A result for each file, and the new bytes (None: delete) of those that can be written."""
    loaded = _load(book, work)
    results = dict(loaded.settled)
    languages = project.languages(name)
    prepared = prepare_files(list(loaded.texts.values()), _others(book, loaded.texts), languages, runner)
    merges = merge_files(prepared, languages, project.engine(name), runner)
    contents: dict[TranslatedFile, bytes | None] = {
        file: None for file, result in results.items() if result.change is FileChange.REMOVED
    }
    for (file, texts), merge in zip(loaded.texts.items(), merges, strict=True):
        results[file] = _merged(file, texts, merge)
        if isinstance(merge, Merge):
            contents[file] = merge.text.encode("utf-8")
    return [results[file] for file in work], contents


def _load(book: Book, work: Sequence[TranslatedFile]) -> _Loaded:
    settled: dict[TranslatedFile, FileResult] = {}
    texts: dict[TranslatedFile, Texts] = {}
    for file in work:
        if file.status is Status.UNKNOWN:
            settled[file] = _result(file, FileChange.SKIPPED, problem=file.reason)
        elif file.status is Status.DELETED:
            settled[file] = _result(file, FileChange.REMOVED)
        else:
            try:
                texts[file] = _texts(book, file)
            except InputError as error:
                settled[file] = _result(file, FileChange.FAILED, problem=str(error))
    return _Loaded(settled, texts)


def _texts(book: Book, file: TranslatedFile) -> Texts:
    loaded = book.load(file)

    def text(data: bytes | None, path: str | None) -> str:
        return "" if data is None else decode(data, path or file.path)

    base_name = f"the base English of {file.path}"
    return Texts(
        file.new_path,
        text(loaded.base, base_name),
        text(loaded.source, file.source_path),
        text(loaded.target, file.path),
    )


def _others(book: Book, ready: Mapping[TranslatedFile, Texts]) -> list[Texts]:
    """The translated rest of the book, for its memory. A file that can't be read is no source of translations; it is reported when its
    own turn comes."""
    found: list[Texts] = []
    if not ready:
        return found
    for file in book.files:
        if file in ready or not file.exists or file.base is None:
            continue
        try:
            texts = _texts(book, file)
        except InputError:
            continue
        found.append(replace(texts, new=""))
    return found


def _merged(file: TranslatedFile, texts: Texts, merge: Merge | AmtsError) -> FileResult:
    if isinstance(merge, AmtsError):
        return _result(file, FileChange.FAILED, problem=str(merge))
    if file.status is Status.MISSING:
        change = FileChange.ADDED
    elif file.moves:
        change = FileChange.RENAMED
    else:
        change = FileChange.UPDATED if merge.text != texts.target else FileChange.RECORDED
    return _result(file, change, merge=merge, size=len(texts.new))


def _result(
    file: TranslatedFile, change: FileChange, *, merge: Merge | None = None, problem: str = "", size: int = 0
) -> FileResult:
    old_path = file.path if file.moves and file.exists else None
    base = file.base.commit if file.base else None
    return FileResult(file.new_path, file.source_path, change, merge, problem, base, old_path, size)


def _draft(
    project: Project,
    source: Source,
    name: str,
    branch: tuple[str, str],
    results: Sequence[FileResult],
    files: Mapping[str, bytes | None],
) -> PullRequestDraft:
    settings = project.config.languages[name]
    context = Context(
        language=project.languages(name)[1],
        source_language=project.source_language,
        source_commit=source.snapshot.commit,
        engine=settings.engine,
        reviewers=settings.reviewers,
    )
    return PullRequestDraft(
        language=name,
        branch=branch[0],
        base=settings.branch,
        title=pull_request_title(context, results),
        body=pull_request_body(context, results),
        message=commit_message(context, results),
        files=files,
        expected_head=branch[1],
    )
