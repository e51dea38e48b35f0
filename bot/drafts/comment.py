"""People's corrections of the drafts, as a comment on the merged pull request that machines can read too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.evaluation.corrections import REWRITTEN_FROM, EditOutcome, Figures
from bot.report.hidden import hide, reveal
from bot.report.markdown import code_span, counted, fitted, table, table_row

_NAME, _MAX_MARKER, _MAX_FILES = "corrections", 2_000, 20_000
_MEANINGS = {
    EditOutcome.ACCEPTED: "as the machine wrote it",
    EditOutcome.EDITED: f"less than {REWRITTEN_FROM:.0f}% of the words changed",
    EditOutcome.REWRITTEN: "mostly or wholly new words",
    EditOutcome.REMOVED: "the draft was taken out",
    EditOutcome.LEFT: "the machine had no answer that could stand",
}


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
    parts = [
        "## What people made of the drafts",
        table(["", "what that means", "sentences", "of the drafts"], rows, numbers_from=2),
        _work(figures),
        _ter(figures),
        _files(files),
        hide(_NAME, _as_data(number, figures), _MAX_MARKER),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def read_comment(body: str) -> tuple[int, Figures] | None:
    """The number of the pull request and its figures, without TER; None for any other comment, and for a damaged
    comment."""
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
    if figures.ter is None:
        return ""
    ter = figures.ter
    margin = "" if ter.margin is None else f" ± {ter.margin:.1f}"
    return (
        f"TER {ter.value:.1f}{margin} (less is better): {ter.compared}, {counted(ter.sentences, 'sentence')}. "
        f"Signature: {code_span(ter.signature)}"
    )


def _files(files: Mapping[str, Figures]) -> str:
    if len(files) < 2:
        return ""
    outcomes = [outcome for outcome in EditOutcome if any(one.outcomes.get(outcome) for one in files.values())]
    rows = [
        table_row(
            [
                code_span(path),
                *(f"{count:,}" if (count := one.outcomes.get(outcome, 0)) else "" for outcome in outcomes),
                "" if one.ter is None else f"{one.ter.value:.1f}",
            ]
        )
        for path, one in files.items()
    ]
    header = table(["file", *(outcome.value for outcome in outcomes), "TER"], [])
    return f"{header}\n{fitted(rows, _MAX_FILES, chr(10))}"


def _as_data(number: int, figures: Figures) -> dict[str, object]:
    return {
        "number": number,
        "fates": {outcome.value: count for outcome, count in figures.outcomes.items()},
        "drafted": figures.drafted,
        "edited": figures.edited,
        "sentences": figures.sentences,
        "characters": figures.characters,
    }
