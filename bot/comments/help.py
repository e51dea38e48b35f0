"""`/amts help`: the list of all commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.comments.base import Form, Word, no_words
from bot.report.commands import PREFIX
from bot.report.markdown import code_span


@dataclass(frozen=True, slots=True)
class Help:
    """Asks which commands there are."""

    @property
    def anywhere(self) -> bool:
        return True


def read(words: Sequence[Word]) -> Help:
    no_words(words)
    return Help()


FORM = Form("help", "this list", read)


def overview(commands: Mapping[str, Form]) -> str:
    """All commands, as a list."""
    told = (
        "I read commands from the beginning of a comment's first line, from people who may write to this repository."
        " Paths are those of the translation or of its source."
    )
    lines = [f"- {code_span(f'{PREFIX} {form.usage}')}: {form.help}" for form in commands.values()]
    return "\n".join([told, "", *lines])
