"""Texts of the book inside the items of a list: sentences as inline code, code as blocks, the long ones collapsed."""

from __future__ import annotations

from textwrap import indent

from bot.report.markdown import code_block, code_span, counted

BREAK = "\\\n  "
"""A new line within an item."""

# A code cell is shown by its beginning: it stands in the file, and the reason quotes the line in question.
MAX_LINES = 12
_MAX_CHARACTERS = 1_500
# Longer code is collapsed.
_OPEN_LINES = 6


def is_code(text: str) -> bool:
    return "\n" in text or text.lstrip().startswith(("```", "~~~", "$$"))


def shown(text: str) -> str:
    """A text as it follows what an item says: a sentence as inline code, which wraps where a block would be cut off at
    the edge of the page; code as a block."""
    if is_code(text):
        return block(text)
    sentence = code_span(clipped(text))
    return f"{BREAK}{sentence}" if sentence else ""


def block(text: str, info: str = "", *, title: str = "", collapsed: bool = False) -> str:
    """A text as a block of an item, under the words `title` where it is collapsed."""
    made = code_block(clipped(text), info)
    lines = made.count("\n") - 1
    if collapsed or lines > _OPEN_LINES:
        told = f"{title}, {counted(lines, 'line')}" if title else counted(lines, "line")
        made = f"<details><summary>{told}</summary>\n\n{made}\n\n</details>"
    return f"\n\n{indent(made, '  ')}\n\n"


def item(*pieces: str) -> str:
    """An item of a list."""
    text = "- "
    for piece in pieces:
        # What follows a block stands in a paragraph of its own.
        is_apart = text.endswith("\n\n")
        text += f"  {piece.removeprefix(BREAK).lstrip()}" if is_apart else piece
    return text.rstrip()


def clipped(text: str) -> str:
    lines = text[:_MAX_CHARACTERS].splitlines()
    kept = "\n".join(lines[:MAX_LINES])
    return kept if len(kept) == len(text.rstrip("\n")) else f"{kept}\n…" if len(lines) > 1 else f"{kept}…"
