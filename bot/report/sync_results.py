"""What became of a sync, language by language, for people who did not watch it: in an answer, in a job's summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.report.markdown import code_block, code_span, counted, escaped, fitted

_MAX_LIST = 20_000
_OUTCOMES = {
    "": "nothing to propose; the translation is in step",
    "created": "a pull request was opened",
    "updated": "the pull request was updated",
    "unchanged": "nothing new; the pull request has all of it",
    "closed": "nothing is left to propose; the pull request was closed",
    "declined": "people closed this very pull request; its files wait until their English changes",
    "deferred": "nothing was changed this time",
}


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What became of one pull request, of `language` or a chapter of it: `outcome` as the forge names it, "" for
    nothing to propose; the pull request's `number` (0 for none) and URL; sentences that were `translated` and `left`;
    files that were not written, with the reason each."""

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


def results_told(results: Sequence[SyncResult]) -> str:
    """A paragraph for each language, or more."""
    return "\n\n".join(_told(result) for result in results)


def job_summary(results: Sequence[SyncResult], errors: Mapping[str, str]) -> str:
    """As a page of its own; `errors` say by language why it could not be synced."""
    failures = [f"**{escaped(name)}**: not synced.\n\n{code_block(error)}" for name, error in errors.items()]
    parts = ["## Translations", *failures, results_told(results)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _told(result: SyncResult) -> str:
    place = f" ([#{result.number}]({result.location}))" if result.number else ""
    outcome = _OUTCOMES[result.outcome] if result.outcome or not result.unwritten else "nothing could be proposed"
    told = f"**{escaped(result.language)}**: {outcome}{place}."
    if result.written:
        told += f" {counted(result.written, 'file')}, {counted(result.translated, 'sentence')} translated by the engine"
        told += f", {result.left:,} left for a person."
    if result.cost:
        told += f" Billed as {escaped(result.cost)}."
    lines = [f"- {code_span(path)}: {escaped(problem)}." for path, problem in result.unwritten]
    remarks = [f"{escaped(remark)}." for remark in result.remarks]
    return "\n\n".join(part for part in [told, *remarks, fitted(lines, _MAX_LIST, chr(10))] if part)
