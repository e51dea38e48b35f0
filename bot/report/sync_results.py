"""The outcome of a sync, language by language: for an answer to a comment, and for the summary of a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.report.markdown import code_block, code_span, counted, escaped, fitted

_MAX_LIST = 20_000
_OUTCOMES = {
    "": "nothing to propose; the translation is in step",
    "created": "a pull request was opened",
    "updated": "the pull request was updated",
    "unchanged": "nothing new; the pull request is up to date",
    "closed": "nothing is left to propose; the pull request was closed",
    "declined": "people closed this pull request before; its files wait until their English changes",
    "deferred": "nothing was changed this time",
}


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The outcome of one pull request, of `language` or a chapter of it. `outcome` is the forge's word, "" for nothing
    to propose. `number` (0 for none) and `location` (a URL) are the pull request's. `translated` and `left` count
    sentences. `unwritten` are the paths of files that were not written, with the reasons."""

    language: str
    outcome: str
    number: int
    location: str
    written: int
    translated: int
    left: int
    unwritten: tuple[tuple[str, str], ...] = ()
    cost: str = ""
    remarks: tuple[str, ...] = ()


def describe_results(results: Sequence[SyncResult]) -> str:
    """A paragraph for each language, or more."""
    return "\n\n".join(_describe(result) for result in results)


def job_summary(results: Sequence[SyncResult], errors: Mapping[str, str]) -> str:
    """A page of its own; `errors` say by language why it could not be synced."""
    failures = [f"**{escaped(name)}**: not synced.\n\n{code_block(error)}" for name, error in errors.items()]
    parts = ["## Translations", *failures, describe_results(results)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _describe(result: SyncResult) -> str:
    link = f" ([#{result.number}]({result.location}))" if result.number else ""
    outcome = _OUTCOMES[result.outcome] if result.outcome or not result.unwritten else "nothing could be proposed"
    text = f"**{escaped(result.language)}**: {outcome}{link}."
    if result.written:
        text += f" {counted(result.written, 'file')}, {counted(result.translated, 'sentence')} translated by the engine"
        text += f", {result.left:,} left for a person."
    if result.cost:
        text += f" Billed as {escaped(result.cost)}."
    lines = [f"- {code_span(path)}: {escaped(problem)}." for path, problem in result.unwritten]
    remarks = [f"{escaped(remark)}." for remark in result.remarks]
    return "\n\n".join(part for part in [text, *remarks, fitted(lines, _MAX_LIST, chr(10))] if part)
