"""The parts that all answers share: refusals, quotations of the book, and a guard against commands in an answer."""

from __future__ import annotations

import re

from bot.comments.parsing import Unknown
from bot.report.commands import PREFIX
from bot.report.markdown import code_block, code_span, escaped

_FENCE = re.compile(r"(`{3,}|~{3,})")
_MAX_QUOTED_CHARACTERS = 1_500


def unknown(command: Unknown) -> str:
    """Why nothing was done, and the nearest valid command."""
    nearest = f"The nearest: {code_span(command.nearest)}\n\n" if command.nearest else ""
    return f"{refusal(command.problem)}\n\n{nearest}{code_span(f'{PREFIX} help')} lists all commands."


def refusal(problem: str) -> str:
    """Why a command was not carried out, in the words of an error."""
    return f"Nothing was done: {escaped(problem)}."


def failure(problem: str) -> str:
    """The middle of an answer to a failed command: the message of the error."""
    return f"This failed: {escaped(problem)}.\n\nWrite the command again once this is solved."


def done_before(commit: str, subject: str) -> str:
    """The answer to a command that an earlier run carried out but did not answer; `commit` is a link to its commit."""
    return f"Done in {commit}: {escaped(subject)}."


def quoted(text: str, info: str = "") -> str:
    """A text of the book as a code block, shortened if it is long."""
    shown = text if len(text) <= _MAX_QUOTED_CHARACTERS else f"{text[:_MAX_QUOTED_CHARACTERS]}…"
    return code_block(shown, info)


def guarded(answer: str) -> str:
    """The answer with a backslash before each line, outside of code, that would be read as a command."""
    lines, fence = [], ""
    for line in answer.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif fence and line.strip() == fence:
            fence = ""
        elif not fence and line.startswith("/"):
            line = f"\\{line}"
        lines.append(line)
    return "\n".join(lines)
