"""The terms that people correct in a machine's drafts, proposed for the glossary in the body of a pull request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.glossary.mining import MiningSentence, TermProposal
from bot.report.hidden import hide, reveal
from bot.report.markdown import code_span, counted, table

_NAME, _MAX_MARKER = "terms", 1_000
_TITLE = "## Terms that people correct"


@dataclass(frozen=True, slots=True)
class TermOffer:
    """`accept` is what a person types to accept the proposal: a comment, or the line of a glossary."""

    proposal: TermProposal
    accept: str


def terms_section(offers: Sequence[TermOffer], room: int, *, by_comment: bool) -> str:
    """A collapsed section of at most `room` characters; what does not fit is left out, examples first, then the last
    offers. `by_comment` says that `accept` is a comment. Empty for no offer. For a later run it carries the terms."""
    shown, examples = len(offers), True
    while shown:
        text = _section(offers[:shown], by_comment=by_comment, examples=examples)
        if len(text) <= room:
            return text
        shown, examples = shown - (not examples), False
    return ""


def read_offers(body: str) -> frozenset[tuple[str, str]]:
    """The terms and translations that a body offers; none where people damaged it."""
    data = reveal(_NAME, body)
    rows = data if isinstance(data, list) else []
    return frozenset((str(row[0]), str(row[1])) for row in rows if isinstance(row, list) and len(row) == 2)


def _section(offers: Sequence[TermOffer], *, by_comment: bool, examples: bool) -> str:
    found = [one.proposal for one in offers]
    how = (
        "A comment here of no more than one of these lines accepts its term"
        if by_comment
        else "One of these lines in the glossary that the configuration names accepts its term"
    )
    intro = (
        "What the machine said in the latest merged pull requests, against what people made of it and the published"
        f" translation. {how}: the next drafts are asked to follow it, and one that does not is marked."
    )
    header = ["term", "people write", "the machine", "to accept", "people, sentences", "files", "missed, drafts"]
    rows = [
        [
            *(code_span(text) for text in (one.proposal.source, one.proposal.target, one.proposal.machine or "")),
            code_span(one.accept),
            f"{one.proposal.followed:,} of {one.proposal.sentences:,}",
            f"{one.proposal.files:,}",
            f"{one.proposal.missed:,} of {one.proposal.drafted:,}",
        ]
        for one in offers
    ]
    parts = [
        _TITLE,
        f"<details><summary>{counted(len(offers), 'term')} that people translate the same way and the machine does not"
        "</summary>",
        intro,
        table(header, rows, numbers_from=4),
        "\n".join(_example(sentence) for one in found for sentence in one.examples[:1]) if examples else "",
        "</details>",
        hide(_NAME, [[one.source, one.target] for one in found], _MAX_MARKER),
    ]
    return "\n\n".join(filter(None, parts))


def _example(sentence: MiningSentence) -> str:
    sides = [("people", sentence.target), *([("machine", sentence.draft)] if sentence.draft else [])]
    return "\n".join([f"- {code_span(sentence.source)}", *(f"  - {who}: {code_span(text)}" for who, text in sides)])
