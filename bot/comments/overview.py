"""Answers that only look: how far the translations are, and what a sync would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.book.chapters import Scope
from bot.book.opening import LanguageEdition, open_edition
from bot.comments.case import Case, Reply
from bot.comments.cost import quote_answer
from bot.comments.status import LanguageState, status_answer
from bot.forge.book import Status
from bot.sync.decisions import read_decisions
from bot.sync.language import sync_language
from bot.sync.status import language_status


def status_reply(editions: Sequence[LanguageEdition]) -> Reply:
    """Of all languages of one repository."""
    return Reply(status_answer([_state(edition) for edition in editions], editions[0].source.snapshot.commit))


def cost(case: Case) -> Reply:
    """By a sync that writes and spends nothing."""
    options = replace(case.options, dry_run=True, scopes=[case.scope])
    edition = open_edition(case.edition.project, case.edition.source, case.name, case.edition.runner)
    (synced,) = sync_language(edition, options)
    return Reply(quote_answer(synced.quote.characters, synced.quote.describe(), synced.remarks))


def _state(edition: LanguageEdition) -> LanguageState:
    found = language_status(edition)
    pulls = found.pull_requests
    pull = pulls.get(Scope(edition.name))
    snapshot = edition.repository.snapshot(pull.head) if pull else edition.published
    decisions = read_decisions(snapshot, edition.name)
    counts = {one.value: sum(file.status == one.value for file in found.files) for one in Status}
    return LanguageState(
        name=edition.name,
        counts=counts,
        sentences=sum(file.sentences for file in found.files),
        characters=sum(file.characters for file in found.files),
        notes=tuple((file.path, file.note) for file in found.files if file.note),
        pull_requests=tuple((pull.number, pull.branch) for pull in pulls.values() if pull.number),
        decisions=decisions,
    )
