"""Terms proposed for the glossary: in the body of a pull request, and as a list in CSV or Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from bot.glossary.mining import TermProposal
from bot.model import Direction
from bot.report.hidden import hide, reveal
from bot.report.markdown import code_span, counted, escaped, table

_NAME, _MAX_MARKER = "terms", 1_000


@dataclass(frozen=True, slots=True)
class TermOffer:
    """`accept` is the text that accepts the proposal: a comment, or a line of the glossary."""

    proposal: TermProposal
    accept: str


def terms_section(offers: Sequence[TermOffer], room: int, *, by_comment: bool) -> str:
    """A collapsed section of at most `room` characters, and a note of the terms behind it, for `read_offers`; "" for no
    offer. Examples are left out first, then the last offers. `by_comment`: `accept` is a comment."""
    shown, examples = len(offers), True
    while shown:
        text = _section(offers[:shown], by_comment=by_comment, examples=examples)
        if len(text) <= room:
            return text
        shown, examples = shown - (not examples), False
    return ""


def read_offers(body: str) -> frozenset[tuple[str, str]]:
    """The terms and translations that a body offers; none if people damaged it."""
    data = reveal(_NAME, body)
    rows = data if isinstance(data, list) else []
    return frozenset((str(row[0]), str(row[1])) for row in rows if isinstance(row, list) and len(row) == 2)


def _section(offers: Sequence[TermOffer], *, by_comment: bool, examples: bool) -> str:
    proposals = [offer.proposal for offer in offers]
    how = (
        "To accept a term, write its line below as a comment here, with nothing else in it"
        if by_comment
        else "To accept a term, add its line below to the glossary that the configuration names"
    )
    intro = (
        "In the latest merged pull requests, people replaced the machine's translation of these terms, and the"
        f" published translation agrees with them. {how}. The machine is then asked to follow it, and a draft that does"
        " not is marked."
    )
    header = [
        "term",
        "people write",
        "the machine wrote",
        "to accept",
        "people's sentences",
        "files",
        "drafts without it",
    ]
    rows = [
        [
            *(code_span(text) for text in (proposal.source, proposal.target, proposal.machine or "", offer.accept)),
            f"{proposal.followed:,} of {proposal.sentences:,}",
            f"{proposal.files:,}",
            f"{proposal.missed:,} of {proposal.drafted:,}",
        ]
        for offer, proposal in zip(offers, proposals, strict=True)
    ]
    lines: list[str] = []
    for sentence in (proposal.examples[0] for proposal in proposals if examples and proposal.examples):
        lines += [f"- {code_span(sentence.source)}", f"  - people: {code_span(sentence.target)}"]
        lines += [f"  - machine: {code_span(sentence.draft)}"] if sentence.draft else []
    parts = [
        "## Terms that people correct",
        f"<details><summary>{counted(len(offers), 'term')} that people translate the same way and the machine does not"
        "</summary>",
        intro,
        table(header, rows, numbers_from=4),
        "\n".join(lines),
        "</details>",
        hide(_NAME, [[proposal.source, proposal.target] for proposal in proposals], _MAX_MARKER),
    ]
    return "\n\n".join(filter(None, parts))


def proposals_csv(proposals: Sequence[TermProposal], direction: Direction) -> str:
    """The proposals as a glossary below the codes of the two languages, with the evidence in further columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    counts = ["sentences", "so translated", "files", "drafts", "missed by the machine", "machine", "otherwise"]
    writer.writerow([language.code for language in direction] + counts + ["example", "its translation", "its draft"])
    for term in proposals:
        numbers = [term.sentences, term.followed, term.files, term.drafted, term.missed]
        others = "; ".join(f"{other} ({count})" for other, count in term.others)
        example = term.examples[0]
        texts = [term.machine or "", others, example.source, example.target, example.draft or ""]
        writer.writerow([term.source, term.target, *numbers, *texts])
    return text.getvalue()


def proposals_markdown(proposals: Sequence[TermProposal], direction: Direction) -> str:
    """A table of the proposals, and examples below it."""
    title = f"## {direction.source.name} to {direction.target.name}: {counted(len(proposals), 'term')} proposed\n"
    if not proposals:
        return title
    drafted = any(term.drafted for term in proposals)
    header = [direction.source.name, direction.target.name, "otherwise", *(["machine"] if drafted else [])]
    numbers = ["so translated", "files", *(["missed by the machine"] if drafted else [])]
    rows: list[list[str]] = []
    for term in proposals:
        others = ", ".join(f"{escaped(other)} ({count})" for other, count in term.others)
        counts = [f"{term.followed} of {term.sentences}", str(term.files)]
        machine = [escaped(term.machine or "")] if drafted else []
        missed = [f"{term.missed} of {term.drafted}"] if drafted else []
        rows.append([escaped(term.source), escaped(term.target), others, *machine, *counts, *missed])
    lines = [title, table([*header, *numbers], rows, len(header)), ""]
    for term in proposals:
        lines += [f"**{escaped(term.source)}**, **{escaped(term.target)}**", ""]
        for example in term.examples:
            lines += [f"- {code_span(example.path)}", f"  - {code_span(example.source)}"]
            lines.append(f"  - {code_span(example.target)}")
            if example.draft is not None:
                lines.append(f"  - machine: {code_span(example.draft)}")
        lines.append("")
    return "\n".join(lines)
