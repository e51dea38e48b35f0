"""Comments once on each merged pull request, on people's corrections of its drafts; and adds up these comments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.book.cache import Cache, cache_key
from bot.book.edition import LanguageEdition
from bot.drafts.corrections import read_figures
from bot.errors import ConfigError
from bot.evaluation.corrections import REWRITTEN_FROM, EditOutcome, Figures
from bot.forge.base import MergedPullRequest
from bot.report.hidden import hide, reveal
from bot.report.markdown import code_span, counted, fitted, table, table_row

# Only the latest merged pull requests are read: each costs a request, and few are merged between two runs.
_RECENT_PULL_REQUESTS = 5
_RECENT_PULL_REQUESTS_OF_CHAPTERS = 30
_SUMMED_PULL_REQUESTS = 50
_NAME, _MAX_MARKER, _MAX_FILES = "corrections", 2_000, 20_000
_MEANINGS = {
    EditOutcome.ACCEPTED: "as the machine wrote it",
    EditOutcome.EDITED: f"less than {REWRITTEN_FROM:.0f}% of the words changed",
    EditOutcome.REWRITTEN: "mostly or wholly new words",
    EditOutcome.REMOVED: "the draft was taken out",
    EditOutcome.LEFT: "the machine had no answer that could stand",
}


@dataclass(frozen=True, slots=True)
class CorrectionsSum:
    """The sum over merged pull requests with such a comment. `line` is for a person, "" without any comment."""

    pulls: int
    figures: Figures
    line: str


def announce_corrections(edition: LanguageEdition, tell: Callable[[str], None], *, dry_run: bool = False) -> int:
    """Comments on the latest merged pull requests that have no such comment yet. Returns the number of comments (in a
    dry run, of comments that it would make). Raises RepositoryError if the host can't be reached."""
    name, cache = edition.name, Cache(edition.project.cache / "corrections")
    forge = edition.open_forge(dry_run=dry_run)
    count = 0
    limit = _RECENT_PULL_REQUESTS_OF_CHAPTERS if edition.has_chapters else _RECENT_PULL_REQUESTS
    for merged in reversed(edition.fetch_merged(limit)):
        # A pull request without drafts gets no comment; the cache knows that it was read.
        key = cache_key("corrections", merged.pull.head, merged.result)
        if cache.get(key, bool) or _announced(merged) is not None:
            continue
        try:
            figures, files = read_figures(edition, merged)
        except ConfigError as error:
            tell(f"{name}: what people did with the drafts was not measured: {error}")
            return count
        if not figures.asked:
            cache.put(key, True)
            continue
        if not dry_run:
            forge.comment(merged.pull, corrections_comment(merged.pull.number, figures, files))
        tell(f"{name}: pull request {merged.pull.number}: {describe_sum(figures, 1)}")
        count += 1
    return count


def sum_corrections(edition: LanguageEdition) -> CorrectionsSum:
    """Adds up the comments on the latest merged pull requests. Takes no new measurement."""
    announced = map(_announced, edition.fetch_merged(_SUMMED_PULL_REQUESTS))
    known = [figures for figures in announced if figures is not None]
    total = sum(known, Figures())
    return CorrectionsSum(len(known), total, describe_sum(total, len(known)) if known else "")


def _announced(merged: MergedPullRequest) -> Figures | None:
    """The figures in a comment of its thread about this pull request."""
    comments = filter(None, map(read_comment, merged.fetch_comments()))
    return next((figures for number, figures in comments if number == merged.pull.number), None)


def corrections_comment(number: int, figures: Figures, files: Mapping[str, Figures]) -> str:
    """`number` is the pull request's. The same figures give the same text."""
    shares = {
        outcome: "" if outcome is EditOutcome.LEFT else f"{figures.share(outcome):.0%}" for outcome in EditOutcome
    }
    rows = [
        [outcome.value, _MEANINGS[outcome], f"{count:,}", shares[outcome]]
        for outcome in EditOutcome
        if (count := figures.outcomes.get(outcome, 0))
    ]
    data = {
        "number": number,
        "fates": {outcome.value: count for outcome, count in figures.outcomes.items()},
        "drafted": figures.drafted,
        "edited": figures.edited,
        "sentences": figures.sentences,
        "characters": figures.characters,
    }
    parts = [
        "## What people made of the drafts",
        table(["", "what that means", "sentences", "of the drafts"], rows, numbers_from=2),
        _work(figures),
        _ter(figures),
        _files(files),
        hide(_NAME, data, _MAX_MARKER),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def read_comment(body: str) -> tuple[int, Figures] | None:
    """The number of the pull request and its figures, without TER; None for any other or a damaged comment."""
    data: Any = reveal(_NAME, body)
    try:
        outcomes = {EditOutcome(name): int(count) for name, count in data["fates"].items()}
        drafted, edited, sentences, characters = (
            int(data[name]) for name in ("drafted", "edited", "sentences", "characters")
        )
        return int(data["number"]), Figures(outcomes, drafted, edited, sentences, characters)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        return None


def describe_sum(figures: Figures, pulls: int) -> str:
    """A line for `amts status`."""
    shares = ", ".join(
        f"{figures.share(outcome):.0%} {outcome.value}" for outcome in EditOutcome if outcome is not EditOutcome.LEFT
    )
    return (
        f"{counted(pulls, 'merged pull request')}: {counted(figures.answered, 'draft')} ({shares}), "
        f"{figures.outcomes.get(EditOutcome.LEFT, 0):,} left to people; {figures.edited:,} characters edited in "
        f"{counted(figures.work, 'sentence')}, of {figures.characters:,} in {figures.sentences:,} to translate anew"
    )


def _work(figures: Figures) -> str:
    share = f", {figures.edited / figures.characters:.1%} of that" if figures.characters else ""
    return (
        f"To translate every touched file anew would have been {counted(figures.sentences, 'sentence')} and "
        f"{counted(figures.characters, 'character')}. People touched {counted(figures.work, 'sentence')} and edited "
        f"{counted(figures.edited, 'character')}{share}."
    )


def _ter(figures: Figures) -> str:
    ter = figures.ter
    if ter is None:
        return ""
    margin = "" if ter.margin is None else f" ± {ter.margin:.1f}"
    return (
        f"TER {ter.value:.1f}{margin} (less is better): {ter.compared}, {counted(ter.sentences, 'sentence')}. "
        f"Signature: {code_span(ter.signature)}"
    )


def _files(files: Mapping[str, Figures]) -> str:
    if len(files) < 2:
        return ""
    outcomes = [outcome for outcome in EditOutcome if any(file.outcomes.get(outcome) for file in files.values())]
    rows = []
    for path, file in files.items():
        counts = [f"{count:,}" if (count := file.outcomes.get(outcome, 0)) else "" for outcome in outcomes]
        rows.append(table_row([code_span(path), *counts, "" if file.ter is None else f"{file.ter.value:.1f}"]))
    header = table(["file", *(outcome.value for outcome in outcomes), "TER"], [])
    return f"{header}\n{fitted(rows, _MAX_FILES, chr(10))}"
