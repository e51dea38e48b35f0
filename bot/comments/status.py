"""`/amts status`: what is current, stale or missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.comments.base import Form, Word, no_words
from bot.report.markdown import code_span, counted, escaped, fitted
from bot.sync.recorded import Decisions

_MAX_LIST = 8_000


@dataclass(frozen=True, slots=True)
class Status:
    """Asks how far the translations in this repository are behind."""

    @property
    def anywhere(self) -> bool:
        return True


def read(words: Sequence[Word]) -> Status:
    no_words(words)
    return Status()


FORM = Form("status", "what is current, stale or missing, and what people decided", read)


@dataclass(frozen=True)
class LanguageState:
    """How far one language is: files by their status, and what an engine would be sent. `pull_requests` are the
    numbers of the open ones, and their branches."""

    name: str
    counts: Mapping[str, int]
    sentences: int
    characters: int
    notes: tuple[tuple[str, str], ...]
    pull_requests: tuple[tuple[int, str], ...]
    decisions: Decisions


def status_answer(states: Sequence[LanguageState], source_commit: str) -> str:
    """A section for each language."""
    opening = f"Against the source of {code_span(source_commit[:10])}, by what is published:"
    return "\n\n".join([opening, *(_language(state) for state in states)])


def _language(state: LanguageState) -> str:
    counts = ", ".join(f"{number:,} {name}" for name, number in state.counts.items() if number)
    lines = [
        f"**{escaped(state.name)}**: {counts or 'no file matches the configuration'};"
        f" {counted(state.sentences, 'sentence')} ({counted(state.characters, 'character')}) to translate."
    ]
    lines += [f"- #{number} is open, on branch {code_span(branch)}." for number, branch in state.pull_requests]
    if state.decisions.paused:
        lines.append("- Paused, until `/amts resume`.")
    lines += [f"- Kept as it is: {code_span(path)}." for path in sorted(state.decisions.files)]
    lines += [
        f"- Kept in {code_span(path)}: {counted(len(texts), 'sentence')}."
        for path, texts in sorted(state.decisions.sentences.items())
    ]
    lines += [f"- {code_span(path)}: {escaped(note)}." for path, note in state.notes]
    return f"{lines[0]}\n\n{fitted(lines[1:], _MAX_LIST, chr(10))}".rstrip()
