"""`/amts status`: what is current, stale or missing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition
from bot.book.state import FileStatus
from bot.comments.case import Reply
from bot.comments.parsing import Form, without_words
from bot.errors import AmtsError, TransientError
from bot.report.markdown import code_span, counted, escaped, fitted, pull_link
from bot.sync.decisions import Decisions, read_decisions
from bot.sync.status import LanguageStatus, language_status

_LOG = logging.getLogger(__name__)
_MAX_LIST_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class Status:
    """Asks how far the translations in this repository are behind; understood on every pull request."""

    def run(self, source: str, names: Sequence[str], edition_of: Callable[[str], LanguageEdition]) -> Reply:
        """`names` are all languages of the repository, `source` is the commit of the English. What is wrong with one of
        several languages is told in its place. Raises TransientError, and what is wrong with the only one."""
        sections = [f"Published translations, compared with the source at {code_span(source[:10])}:"]
        for name in names:
            try:
                sections.append(_described(edition_of(name)))
            except AmtsError as error:
                if isinstance(error, TransientError) or len(names) == 1:
                    raise
                sections.append(f"**{escaped(name)}**: this failed: {escaped(str(error))}.")
            except Exception as error:
                if len(names) == 1:
                    raise
                _LOG.exception("the status of %s crashed", name)
                sections.append(f"**{escaped(name)}**: a bug of mine, {type(error).__name__}; my log says more.")
        return Reply("\n\n".join(sections))


def _described(edition: LanguageEdition) -> str:
    status = language_status(edition)
    pull = status.pull_requests.get(Scope(edition.name))
    snapshot = edition.repository.snapshot(pull.head) if pull else edition.published
    return _section(edition.name, status, read_decisions(snapshot, edition.name))


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
        f"- {pull_link(pull.number, pull.location)} is open, on branch {code_span(pull.branch)}."
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
