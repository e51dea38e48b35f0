"""Answers that only look: how far the translations are, and what a sync would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.book.chapters import Scope
from bot.book.opening import Source
from bot.book.project import Project
from bot.book.workers import Runner
from bot.comments.case import Case, Reply
from bot.comments.cost import quote_answer
from bot.comments.status import LanguageState, status_answer
from bot.forge.book import Status
from bot.sync.decisions import read_decisions
from bot.sync.language import sync_language
from bot.sync.status import language_status


def status_reply(project: Project, source: Source, names: Sequence[str], runner: Runner) -> Reply:
    """Of all languages of one repository."""
    states = [_state(project, source, name, runner) for name in names]
    return Reply(status_answer(states, source.snapshot.commit))


def cost(case: Case) -> Reply:
    """By a sync that writes and spends nothing."""
    options = replace(case.options, dry_run=True, scopes=[case.scope])
    (synced,) = sync_language(case.project, case.source, case.name, options, case.runner)
    return Reply(quote_answer(synced.quote.characters, synced.quote.describe(), synced.remarks))


def _state(project: Project, source: Source, name: str, runner: Runner) -> LanguageState:
    found = language_status(project, source, name, runner)
    pulls = found.pull_requests
    pull = pulls.get(Scope(name))
    with project.open_target(name) as repository:
        commit = pull.head if pull else repository.head(project.config.languages[name].branch)
        decisions = read_decisions(repository.snapshot(commit), name)
    counts = {one.value: sum(file.status == one.value for file in found.files) for one in Status}
    return LanguageState(
        name=name,
        counts=counts,
        sentences=sum(file.sentences for file in found.files),
        characters=sum(file.characters for file in found.files),
        notes=tuple((file.path, file.note) for file in found.files if file.note),
        pull_requests=tuple((pull.number, pull.branch) for pull in pulls.values() if pull.number),
        decisions=decisions,
    )
