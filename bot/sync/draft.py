"""The changes of a sync as the draft of a pull request: its files, its texts, its review notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.book.edition import LanguageEdition
from bot.book.loading import text_at
from bot.book.state import TranslatedFile
from bot.engines.base import Quote
from bot.errors import InputError
from bot.markup.notes import split_notes
from bot.model import FileResult, PullRequestDraft
from bot.quality.summary import Summary
from bot.report.applied import DividedDraft
from bot.report.clashes import Clashing, hidden_clashes, hide_clashes
from bot.report.commands import REVIEW_COMMANDS
from bot.report.left_for_people import Standing
from bot.report.pull_request import Context, commit_message, pull_request_body, pull_request_title
from bot.report.review import review_notes, review_status
from bot.report.revised import RevisedSentence, earlier_stale
from bot.report.source_changes import SourceCommit
from bot.report.tally import read_tally
from bot.sync.selection import OpenedScope
from bot.sync.source_commits import English, co_authors
from bot.sync.stale import list_stale

_WEB_PAGE = re.compile(r"https?://[\w.:-]+(/[\w.~-]+){2,}")


@dataclass(frozen=True)
class SyncProposal:
    """The changes of a sync to one pull request. `contents` are the new bytes of each file that could be written (None
    deletes it); `files` are the same by path, with the files that record baselines. `engine` is its name for people;
    `sent` says whether text was sent to it. `standing` is the English that stands in the other files."""

    opened: OpenedScope
    results: tuple[FileResult, ...]
    contents: Mapping[TranslatedFile, bytes | None]
    files: Mapping[str, bytes | None]
    quote: Quote
    engine: str
    sent: bool = True
    standing: tuple[Standing, ...] = ()


def make_draft(edition: LanguageEdition, proposal: SyncProposal, scores: Summary, terms: str) -> PullRequestDraft:
    """`terms` is the section on terms that people correct, with its note."""
    source, published, direction = edition.source, edition.published, edition.direction
    settings, profile = edition.settings, edition.project.host.profile
    scope, pull, continued = proposal.opened.scope, proposal.opened.pull, proposal.opened.continued
    start, body = (pull.head, pull.body) if pull else (published.commit, "")
    standing = proposal.standing
    stale = list(_earlier_stale(edition, proposal)) if pull else []
    clashes = list(_open_clashes([*continued.clashes, *hidden_clashes(body)], proposal))
    revision, repo = source.snapshot.commit, edition.project.config.source.repo
    tally = read_tally(body).add(f"{start[:12]}-{revision[:10]}", proposal.results)
    listed = tally.total(proposal.results)
    english = English(source, proposal.opened.book)
    offers, offered = split_notes(terms)
    context = Context(
        language=direction.target,
        source_language=direction.source,
        source_commit=revision,
        engine=proposal.engine,
        sent=proposal.sent,
        base=settings.branch,
        chapter=scope.chapter,
        reviewers=settings.reviewers,
        standing=standing,
        divided=tuple(DividedDraft(*one) for one in proposal.opened.reviewed.divided),
        stale=tuple(stale),
        clashes=tuple(clashes),
        quote=proposal.quote.describe(),
        source_url=repo.removesuffix(".git") if _WEB_PAGE.fullmatch(repo) else "",
        commits=tuple(SourceCommit(commit.id, commit.subject) for commit in english.commits(listed)),
        source_base=english.oldest_base(listed),
        terms=offers.rstrip(),
        scores=scores.section,
        commands=REVIEW_COMMANDS if profile.reads_commands else (),
        name=edition.name,
        retranslated_below=round(edition.repair_policy.retranslate_below * 100),
    )
    page = pull_request_body(context, listed)
    signature = edition.signature
    authors = co_authors(english.commits(proposal.results), signature) if profile.co_authors else ()
    hidden = (tally.marker(), hide_clashes(clashes), scores.marker, offered)
    waiting = [
        place
        for merge in (result.merge for result in proposal.results if result.merge)
        for place in (
            *merge.for_people,
            *(revision for revision in merge.revisions if not revision.is_sure),
        )
    ]
    return PullRequestDraft(
        language=scope.language,
        branch=scope.branch,
        base=settings.branch,
        title=pull_request_title(context, listed),
        body="\n".join([page.text, *(mark for mark in hidden if mark)]).rstrip() + "\n",
        message=commit_message(context, proposal.results, start, authors),
        files=proposal.files,
        expected_head=start,
        signature=signature,
        onto=continued.onto,
        status=review_status(listed, len(standing), len(stale)),
        complete=not (
            waiting
            or stale
            or any(one.is_new for one in standing)
            or any(result.stranded for result in proposal.results)
        ),
        reviewers=settings.reviewers,
        notes=review_notes(proposal.results, stale),
        report=page.report,
        pages=(context.source_url,) if context.source_url else (),
    )


def _open_clashes(clashes: Sequence[Clashing], proposal: SyncProposal) -> Iterator[Clashing]:
    """Each clash once, at the present path of its file, without clashes whose words came back or whose file is gone."""
    target = proposal.opened.book.target
    places = {file.path: file.new_path for file in proposal.contents}
    texts = {file.new_path: data.decode("utf-8") for file, data in proposal.contents.items() if data is not None}
    seen: set[tuple[str, str]] = set()
    for clash in clashes:
        path = places.get(clash.path, clash.path)
        if path not in texts and (path in proposal.files or path not in target.entries):
            continue
        text = texts[path] if path in texts else text_at(target, path)
        if (path, clash.other) not in seen and not (clash.other and clash.other in text):
            seen.add((path, clash.other))
            yield replace(clash, path=path)


def _earlier_stale(edition: LanguageEdition, proposal: SyncProposal) -> Iterator[RevisedSentence]:
    """The sentences that earlier updates of the pull request left stale, in files that this update does not write."""
    book = proposal.opened.book
    effective, published = edition.effective(book.target), edition.effective(edition.published).record
    joiner = edition.direction.target.joiner
    for file in (file for file in book.files if file not in proposal.contents):
        try:
            standing = list_stale(effective, book, file)
        except InputError:  # it is among the results as failed
            continue
        for one in standing:
            if one.sentence not in published.get(one.path, ()):
                english, now = (" ".join(texts) for texts in (one.sentence.english, one.sentence.now))
                yield earlier_stale(one.path, one.first, english, now, joiner.join(one.sentence.translation))
