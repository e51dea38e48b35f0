"""Proposes that stale sentences count as translations of today's English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.book.chapters import Scope, chapter_of
from bot.book.edition import LanguageEdition, SyncOptions
from bot.errors import InputError
from bot.forge.base import Outcome, Published, PullRequest
from bot.forge.commit import write_commit
from bot.forge.git import Snapshot
from bot.model import PullRequestDraft
from bot.report.layout import BodyPart, lay_out
from bot.report.markdown import counted
from bot.report.pull_request import MAX_BODY
from bot.report.revised import earlier_stale
from bot.sync.selection import SyncJob
from bot.sync.stale import StandingSentence, list_stale, without_stale


@dataclass(frozen=True)
class StaleScope:
    """The stale sentences of a pull request's files in the commit `start`: of the open one, or else as published."""

    scope: Scope
    pull: PullRequest | None
    start: Snapshot
    sentences: Sequence[StandingSentence]


def read_stale_scopes(edition: LanguageEdition) -> Iterator[StaleScope]:
    """All stale sentences of a language. Asks the forge which pull requests are open. Raises InputError for a broken
    record."""
    pulls = SyncJob(edition, edition.open_forge(dry_run=True), SyncOptions()).fetch_all_open()
    whole = Scope(edition.name)
    scopes: dict[Scope, None] = {whole: None}
    if whole not in pulls and edition.has_chapters:
        paths = (file.path for file in edition.published_book.files)
        scopes = dict.fromkeys(sorted({*pulls, *(chapter_of(edition.name, path) for path in paths)}))
    for scope in scopes:
        pull = pulls.get(scope)
        start = edition.repository.snapshot(pull.head) if pull else edition.published
        book = edition.read_book(start) if pull else edition.published_book
        effective = edition.effective(start)
        effective.check()
        sentences: list[StandingSentence] = []
        for file in book.files:
            if scope.holds(file.path):
                try:
                    sentences += list_stale(effective, book, file)
                except InputError:  # a file that is no text; a sync reports it
                    continue
        yield StaleScope(scope, pull, start, sentences)


def propose_acceptance(edition: LanguageEdition, stale: StaleScope) -> Published:
    """Adds a commit that accepts these sentences to the open pull request, or opens one for it; nothing if people
    closed the same one before, or a limit of the host is reached. Raises MovedError if the branch moved meanwhile."""
    files = without_stale(edition.effective(stale.start), stale.sentences)
    forge = edition.open_forge(dry_run=False)
    title = f"{edition.direction.target.name}: accept {counted(len(stale.sentences), 'stale sentence')}"
    if stale.pull is not None:
        edition.repository.refuse_if_checked_out(stale.pull.branch)
        commit = write_commit(edition.repository, [stale.pull.head], files, f"{title}\n", edition.signature)
        forge.push(stale.pull, commit)
        return Published(Outcome.UPDATED, stale.pull)
    draft = PullRequestDraft(
        language=edition.name,
        branch=stale.scope.branch,
        base=edition.settings.branch,
        title=title,
        body=_body(stale.sentences, edition.direction.source.name),
        message=f"{title}\n",
        files=files,
        expected_head=stale.start.commit,
        signature=edition.signature,
        reviewers=edition.settings.reviewers,
    )
    return forge.publish(draft)


def is_recorded(published: Published) -> bool:
    """Whether a pull request has what was to be accepted."""
    return published.outcome in (Outcome.CREATED, Outcome.UPDATED)


def _body(sentences: Sequence[StandingSentence], english: str) -> str:
    shown = (
        earlier_stale(one.path, one.first, *(" ".join(texts) for texts in (s.english, s.now, s.translation)))
        for one in sentences
        for s in [one.sentence]
    )
    intro = f"Somebody read these translations and found them right for the {english} of today."
    rest = "in the change of the record."
    part = BodyPart("Accepted", tuple(one.entry("") for one in shown), "sentence", 10, intro, rest=rest)
    return f"{lay_out(part, MAX_BODY).text}\n"
