"""One language from its repository to its pull request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.app.continuing import Continued, continue_branch
from bot.app.drafting import Proposal, make_draft
from bot.app.loading import Loaded, file_result, load_files, prepare_loaded, select_files
from bot.app.merging_book import merge_files
from bot.app.opening import Source, branch_name, open_book, open_forge, open_strategy
from bot.app.parallel import Runner
from bot.app.parallel_data.pushing import refresh_parallel_data
from bot.app.project import Project, commit_signature
from bot.app.translating import Options, translate_requests
from bot.engines.base import Quote
from bot.errors import AmtsError
from bot.forge.base import Outcome, PullRequest
from bot.forge.book import Status, TranslatedFile
from bot.forge.git import Repository, Snapshot
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
    published = repository.snapshot(repository.head(base))
    continued = _continue(project, source, name, repository, pull, published) if pull else Continued(published)
    book = open_book(project, source, name, continued.snapshot)
    work = select_files(book, options.patterns)
    loaded = load_files(book, work)
    prepared = prepare_loaded(book, loaded, project.languages(name), runner, continued.others)
    teach = partial(refresh_parallel_data, project, source, name, runner)
    translated = translate_requests(project, name, prepared, options, teach)
    merges = merge_files(prepared, project.languages(name), translated.answers, runner)
    results, contents = _collect(loaded, merges)
    synced = Synced(name, tuple(results[file] for file in work), None, pull, translated.quote)
    if not contents and not continued.onto:
        return replace(synced, outcome=Outcome.UNCHANGED if pull else None)
    files = book.files_to_write(contents)
    if pull is not None and _is_same(continued.snapshot, files, published):
        forge.close(pull, f"Nothing is left to propose: {base} has all of it.")
        return replace(synced, outcome=Outcome.CLOSED)
    proposal = Proposal(name, book, synced.results, contents, files, translated)
    draft = make_draft(project, source, proposal, pull, continued, published)
    done = forge.publish(draft)
    remarks = tuple(remark for remark in (done.reason, *done.warnings) if remark)
    return replace(synced, outcome=done.outcome, pull_request=done.pull_request, draft=draft, remarks=remarks)


def _continue(
    project: Project, source: Source, name: str, repository: Repository, pull: PullRequest, published: Snapshot
) -> Continued:
    strategy, paths = open_strategy(project, name), project.paths(name)
    base = project.config.languages[name].branch
    return continue_branch(
        repository,
        pull.head,
        published.commit,
        strategy,
        lambda target: strategy.read(source.snapshot, source.history, target, paths),
        project.languages(name)[1],
        commit_signature(source.repository, source.snapshot.commit),
        f"Merge {base} into {pull.branch}\n",
    )


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
