"""`/amts status`: what is current, stale or missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition
from bot.book.state import FileStatus
from bot.comments.case import Reply
from bot.comments.parsing import Form, without_words
from bot.report.markdown import code_span, counted, escaped, fitted
from bot.sync.decisions import Decisions, read_decisions
from bot.sync.status import LanguageStatus, language_status

_MAX_LIST_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class Status:
    """Asks how far the translations in this repository are behind; understood on every pull request."""

    def run(self, editions: Sequence[LanguageEdition]) -> Reply:
        """`editions` are of all languages of the repository."""
        source = editions[0].source.snapshot.commit
        sections = [f"Published translations, compared with the source at {code_span(source[:10])}:"]
        for edition in editions:
            status = language_status(edition)
            pull = status.pull_requests.get(Scope(edition.name))
            snapshot = edition.repository.snapshot(pull.head) if pull else edition.published
            sections.append(_section(edition.name, status, read_decisions(snapshot, edition.name)))
        return Reply("\n\n".join(sections))


FORM = Form("status", "show which files are current, stale or missing, and what people decided", without_words(Status))


def _section(name: str, status: LanguageStatus, decisions: Decisions) -> str:
    numbers = {state.value: sum(file.status == state.value for file in status.files) for state in FileStatus}
    counts = ", ".join(f"{number:,} {state}" for state, number in numbers.items() if number)
    sentences = counted(sum(file.sentences for file in status.files), "sentence")
    characters = counted(sum(file.characters for file in status.files), "character")
    stale = counted(sum(file.stale_sentences for file in status.files), "sentence")
    summary = (
        f"{counts or 'no file matches the configuration'}; {sentences} ({characters}) to translate; {stale} stale."
    )
    if line := status.describe():
        summary += f" {line[:1].upper()}{line[1:]}."
    lines = [
        f"- #{pull.number} is open, on branch {code_span(pull.branch)}."
        for pull in status.pull_requests.values()
        if pull.number
    ]
    if decisions.paused:
        lines.append("- Paused, until `/amts resume`.")
    lines += [f"- Kept as it is: {code_span(path)}." for path in sorted(decisions.files)]
    lines += [
        f"- Kept in {code_span(path)}: {counted(len(texts), 'sentence')}."
        for path, texts in sorted(decisions.sentences.items())
    ]
    lines += [f"- {code_span(file.path)}: {escaped(file.note)}." for file in status.files if file.note]
    return f"**{escaped(name)}**: {summary}\n\n{fitted(lines, _MAX_LIST_CHARACTERS, chr(10))}".rstrip()
