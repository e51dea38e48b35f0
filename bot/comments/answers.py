"""What answers have in common: how a command is refused, and that no answer is a command itself."""

from __future__ import annotations

import re

from bot.comments.base import Unknown
from bot.report.commands import PREFIX
from bot.report.markdown import code_block, code_span, escaped

_FENCE = re.compile(r"(`{3,}|~{3,})")
_MAX_TEXT = 1_500


def unknown(command: Unknown) -> str:
    """Why nothing was done, and what could be meant."""
    nearest = f"The nearest: {code_span(command.nearest)}\n\n" if command.nearest else ""
    return (
        f"Nothing was done: {escaped(command.problem)}.\n\n{nearest}{code_span(f'{PREFIX} help')} lists all commands."
    )


def refusal(problem: str) -> str:
    """Why a command was not carried out, in the words of an error."""
    return f"Nothing was done: {escaped(problem)}."


def failure(problem: str) -> str:
    """What went wrong in the middle, in the words of an error."""
    return f"This failed: {escaped(problem)}.\n\nOnce that is settled, write the command again."


def done_before(commit: str, subject: str) -> str:
    """For a command that was carried out when its answer was lost."""
    return f"Done in {commit[:10]}: {escaped(subject)}."


def quoted(text: str, info: str = "") -> str:
    """A text of the book as a block, shortened where it is long."""
    return code_block(text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…", info)


def guarded(answer: str) -> str:
    """The answer without a line that begins with a command outside of code."""
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
