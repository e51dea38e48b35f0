"""`/amts help`: the list of all commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.comments.parsing import Form, without_words
from bot.report.commands import PREFIX
from bot.report.markdown import code_span


@dataclass(frozen=True, slots=True)
class Help:
    """Lists the commands; understood on every pull request."""


FORM = Form("help", "list these commands", without_words(Help))


def help_answer(forms: Iterable[Form[object]]) -> str:
    introduction = (
        "I read a command from the first column of a comment's first line, if its author may write to this repository."
        " Name a file by the path of its translation or of its source."
    )
    return "\n".join([introduction, "", *(f"- {code_span(f'{PREFIX} {form.usage}')}: {form.help}" for form in forms)])
