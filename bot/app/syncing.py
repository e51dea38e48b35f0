"""One language from its repository to its pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.app.continuing import Continued, continue_branch
from bot.app.corrections import tell_corrections
from bot.app.deciding import PAUSED, read_decisions, respect, with_recorded_terms
from bot.app.declining import declined_files, declined_result
from bot.app.drafting import Proposal, make_draft
from bot.app.loading import Loaded, file_result, load_files, prepare_loaded, select_files
from bot.app.merging_book import merge_files
from bot.app.opening import Source, branch_name, open_book, open_forge, open_strategy
from bot.app.parallel import Runner
from bot.app.parallel_data.pushing import refresh_parallel_data
from bot.app.project import Project, commit_signature
from bot.app.scoring import Summary, summarize_scores
from bot.app.translating import Options, translate_requests
from bot.documents import decode
from bot.engines.base import FREE, Quote
from bot.errors import AmtsError, InputError, MovedError
from bot.forge.base import Forge, Outcome, PullRequest
from bot.forge.baseline import Baselines
from bot.forge.book import Book, Status, TranslatedFile
from bot.forge.git import Repository, Snapshot
from bot.forge.trailers import CONTINUES, continued_from
from bot.model import FileChange, FileResult, Merge, PullRequestDraft
from bot.pipeline import Texts

Contents = Mapping[TranslatedFile, bytes | None]
"""The new bytes of each file that can be written; None deletes it."""


@dataclass(frozen=True)
class Synced:
    """What became of one language. `outcome` is None where there was nothing to propose; `quote` is what the engine
    was asked to do (in a dry run: would be). `remarks` are what a forge says besides: why it deferred, what it could
    not do."""

    language: str
    results: tuple[FileResult, ...]
    outcome: Outcome | None
    pull_request: PullRequest | None
    quote: Quote
    draft: PullRequestDraft | None = None
    remarks: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[FileResult, ...]:
        return tuple(result for result in self.results if result.change is FileChange.FAILED)


def sync_language(project: Project, source: Source, name: str, options: Options, runner: Runner) -> Synced:
    """Merge what is stale, add what is missing, remove what is gone, and publish it as one pull request.

    An open pull request is continued: its branch, reviewers' commits included and the base branch merged into it, is
    the translation that is merged into. One that proposes nothing any more is closed.
    """
    base = project.config.languages[name].branch
    repository = project.open_target(name)
    forge = open_forge(project, source, repository, dry_run=options.dry_run)
    pull = forge.find(name, branch_name(name), base)
    target = Target(name, repository, forge, repository.snapshot(repository.head(base)))
    if project.config.languages[name].measure:
        tell_corrections(project, source, name, runner, options.tell, dry_run=options.dry_run)
    if pull is not None and not pull.finished:
        synced = _finish(project, source, target, pull, options, runner)
        if synced is not None:
            return synced
    return _sync(project, source, target, pull, options, runner)


@dataclass(frozen=True)
class Target:
    """A language's repository and forge; `published` is the branch that pull requests go into."""

    name: str
    repository: Repository
    forge: Forge
    published: Snapshot


def _finish(
    project: Project, source: Source, target: Target, pull: PullRequest, options: Options, runner: Runner
) -> Synced | None:
    """Makes the last update again, from the commit that it went on from, so that what a run that was cut short did not
    present is presented; None where that can't be: the world moved on, and an update that follows tells of it."""
    start = continued_from(target.repository, pull.head)
    if start is None:
        return None
    try:
        synced = _sync(project, source, target, replace(pull, head=start), options, runner)
    except MovedError:
        return None
    return synced if synced.draft is not None else None


def _sync(
    project: Project, source: Source, target: Target, pull: PullRequest | None, options: Options, runner: Runner
) -> Synced:
    name, languages = target.name, project.languages(target.name)
    continued = _continue(project, source, target, pull) if pull else Continued(target.published)
    decisions = read_decisions(continued.snapshot, name)
    if decisions.paused:
        return Synced(name, (), Outcome.DEFERRED, pull, FREE, remarks=(PAUSED,))
    project = with_recorded_terms(project, name, continued.snapshot)
    book = open_book(project, source, name, continued.snapshot)
    work = select_files(book, options.patterns)
    declined = {} if options.patterns else _declined(project, source, target, book, work)
    loaded = respect(load_files(book, [file for file in work if file not in declined]), decisions, continued.snapshot)
    refusals = {file: declined_result(file, pull) for file, pull in declined.items()}
    loaded = replace(loaded, settled={**loaded.settled, **refusals})
    others = [*continued.others, *(_published(project, source, target, continued.snapshot) if pull and work else ())]
    prepared = prepare_loaded(book, loaded, languages, runner, others)
    translated = translate_requests(project, name, prepared, options, lambda: _teach(project, source, name, runner))
    merges = merge_files(prepared, languages, translated.answers, runner)
    results, contents = _collect(loaded, merges)
    synced = Synced(name, tuple(results[file] for file in work), None, pull, translated.quote)
    is_presented = pull is None or pull.finished or pull.body
    if not contents and not continued.onto and is_presented:
        if pull is None and declined:
            newest = max(declined.values(), key=lambda one: one.number)
            return replace(synced, outcome=Outcome.DECLINED, pull_request=newest)
        return replace(synced, outcome=Outcome.UNCHANGED if pull else None)
    files = book.files_to_write(contents)
    if pull is not None and _is_same(continued.snapshot, files, target.published):
        target.forge.close(pull, f"Nothing is left to propose: {pull.base} has all of it.")
        return replace(synced, outcome=Outcome.CLOSED)
    proposal = Proposal(name, book, synced.results, contents, files, translated)
    scores = Summary()
    if project.config.languages[name].measure:
        scores = summarize_scores(project, source, name, target.repository, pull, contents, options, runner)
    draft = make_draft(project, source, proposal, pull, continued, target.published, scores)
    done = target.forge.publish(draft)
    remarks = tuple(remark for remark in (done.reason, *done.warnings) if remark)
    return replace(synced, outcome=done.outcome, pull_request=done.pull_request, draft=draft, remarks=remarks)


def _teach(project: Project, source: Source, name: str, runner: Runner) -> str:
    """Brings the parallel data up to date where it is due; what came of it."""
    refreshed = refresh_parallel_data(project, source, name, runner)
    if refreshed is None or not refreshed.pushed.changed:
        return ""
    state = refreshed.pushed.state
    counts = f"{state.imported:,} pairs imported, {state.skipped:,} skipped, {state.failed:,} failed"
    return f"parallel data {state.name}: {counts}"


def _continue(project: Project, source: Source, target: Target, pull: PullRequest) -> Continued:
    return continue_branch(
        target.repository,
        pull.head,
        target.published.commit,
        open_strategy(project, target.name),
        partial(_baselines, project, source, target),
        project.languages(target.name)[1],
        commit_signature(project, source.repository, source.snapshot.commit),
        f"Merge {pull.base} into {pull.branch}\n\n{CONTINUES}: {pull.head}\n",
    )


def _declined(
    project: Project, source: Source, target: Target, book: Book, work: Sequence[TranslatedFile]
) -> dict[TranslatedFile, PullRequest]:
    if not work:
        return {}
    base = project.config.languages[target.name].branch
    refused = target.forge.refused(target.name, branch_name(target.name), base)
    return declined_files(book, work, refused, target.published, partial(_baselines, project, source, target))


def _baselines(project: Project, source: Source, target: Target, snapshot: Snapshot) -> Baselines:
    strategy, paths = open_strategy(project, target.name), project.paths(target.name)
    return strategy.read(source.snapshot, source.history, snapshot, paths)


def _published(project: Project, source: Source, target: Target, snapshot: Snapshot) -> Iterator[Texts]:
    """The published versions of files that the snapshot has otherwise: a sentence that an earlier update of the pull
    request took out, and whose English is back, has its translation there."""
    baselines = _baselines(project, source, target, target.published)
    for path, base in baselines.bases.items():
        if target.published.entries[path] == snapshot.entries.get(path):
            continue
        try:
            english = decode(baselines.repository.read(base.blob), base.source_path)
            yield Texts(path, english, "", decode(target.published.read(path), path))
        except InputError:  # reported when its own turn comes
            continue


def _collect(
    loaded: Loaded, merges: Sequence[Merge | AmtsError]
) -> tuple[Mapping[TranslatedFile, FileResult], Contents]:
    results = dict(loaded.settled)
    contents: dict[TranslatedFile, bytes | None] = {
        file: None for file, result in results.items() if result.change is FileChange.REMOVED
    }
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


def _is_same(snapshot: Snapshot, files: Mapping[str, bytes | None], published: Snapshot) -> bool:
    """Whether the snapshot with these files is what is published already."""
    entries = {path: entry for path, entry in snapshot.entries.items() if path not in files}
    written = {path: data for path, data in files.items() if data is not None}
    if entries.keys() | written.keys() != published.entries.keys():
        return False
    return all(published.entries[path] == entry for path, entry in entries.items()) and all(
        published.read(path) == data for path, data in written.items()
    )
