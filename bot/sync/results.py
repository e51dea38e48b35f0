"""The outcome of a sync, pull request by pull request; in words for an answer to a comment and the summary of a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.book.chapters import Scope
from bot.engines.base import FREE, Quote
from bot.forge.base import Outcome, PullRequest
from bot.model import Action, FileChange, FileResult, PullRequestDraft
from bot.report.files import UNWRITTEN, sentence_totals, written_files
from bot.report.markdown import code_block, code_span, counted, escaped, fitted, pull_link

_MAX_LIST = 20_000
_OUTCOMES = {
    None: "nothing to propose; the translation is in step",
    Outcome.CREATED: "a pull request was opened",
    Outcome.UPDATED: "the pull request was updated",
    Outcome.UNCHANGED: "nothing new; the pull request is up to date",
    Outcome.CLOSED: "nothing is left to propose; the pull request was closed",
    Outcome.DECLINED: "people closed this pull request before; its files wait until their English changes",
    Outcome.DEFERRED: "nothing was changed this time",
}


@dataclass(frozen=True)
class Synced:
    """The outcome for one pull request, None if there was nothing to propose. `quote` is the price of the requests to
    the engine, real or in a dry run. `remarks` say why something waits, and what the forge could not do."""

    scope: Scope
    results: tuple[FileResult, ...] = ()
    outcome: Outcome | None = None
    pull_request: PullRequest | None = None
    quote: Quote = FREE
    draft: PullRequestDraft | None = None
    remarks: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        return self.scope.language

    @property
    def is_in_step(self) -> bool:
        """Whether the pull request is open and up to date."""
        return self.outcome in (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)

    @property
    def failed(self) -> tuple[FileResult, ...]:
        return tuple(result for result in self.results if result.change is FileChange.FAILED)

    @property
    def unwritten(self) -> tuple[FileResult, ...]:
        return tuple(result for result in self.results if result.change in UNWRITTEN)

    @property
    def unsettled(self) -> tuple[FileResult, ...]:
        """Files that are due and were not written."""
        return tuple(result for result in self.unwritten if result.change is not FileChange.LISTED)

    @property
    def left(self) -> int:
        """Sentences left for a person."""
        return sentence_totals(self.results)[Action.LEFT.value]

    @property
    def stale(self) -> int:
        """People's sentences that their English has left behind."""
        return sentence_totals(self.results)[Action.STALE.value]


def describe_results(synced: Sequence[Synced]) -> str:
    """At least one paragraph of Markdown for each pull request."""
    return "\n\n".join(_describe(result) for result in synced)


def job_summary(synced: Sequence[Synced], errors: Mapping[str, str]) -> str:
    """A page of its own; `errors` say by language why it could not be synced."""
    failures = [f"**{escaped(name)}**: not synced.\n\n{code_block(error)}" for name, error in errors.items()]
    parts = ["## Translations", *failures, describe_results(synced)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _describe(synced: Synced) -> str:
    pull, unwritten = synced.pull_request, synced.unwritten
    link = f" ({pull_link(pull.number, pull.location)})" if pull and pull.number else ""
    outcome = _OUTCOMES[synced.outcome] if synced.outcome or not synced.unsettled else "nothing could be proposed"
    text = f"**{escaped(synced.scope.label)}**: {outcome}{link}."
    if len(unwritten) < len(synced.results):
        translated = sentence_totals(synced.results)[Action.TRANSLATED.value]
        text += f" {written_files(synced.results)}, {counted(translated, 'sentence')} translated by the engine"
        text += f", {synced.stale:,} to revise, {synced.left:,} left for a person."
    if synced.quote.characters:
        text += f" Billed as {escaped(synced.quote.describe())}."
    lines = [f"- {code_span(file.path)}: {escaped(file.problem)}." for file in unwritten]
    remarks = [f"{escaped(remark)}." for remark in synced.remarks]
    return "\n\n".join(part for part in [text, *remarks, fitted(lines, _MAX_LIST, chr(10))] if part)
