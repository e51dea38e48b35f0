"""The bot's notes to itself in what it sends: HTML comments, each a line of its own at the very end of a body.

A text that is quoted in the body may look like a note. It stands before the end, so it is not one; nor is it one if a
person deletes the notes, since a body does not end with a quotation.
"""

from __future__ import annotations

import re

_NOTE = re.compile(r"<!-- amts:([a-z-]+) ([^>\r\n]*) -->[ \t\r]*")
# A definition of a link, which may stand among the notes.
_DEFINITION = re.compile(r"\[report\]: \S+[ \t\r]*")


def note(name: str, data: str) -> str:
    """The line of a note. `data` is one line without `>`, which could end the HTML comment."""
    if re.search(r"[>\r\n]", data):
        raise ValueError("a note may not hold `>` or line breaks")
    return f"<!-- amts:{name} {data} -->"


def is_note(line: str) -> bool:
    """Whether a line is a note and nothing else."""
    return _NOTE.fullmatch(line) is not None


def split_notes(body: str) -> tuple[str, str]:
    """The body's text, and the notes at its end (lines of their own); together they are the body."""
    lines = body.split("\n")
    start = len(lines)
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if is_note(line):
            start = place
        elif line.strip() and not _DEFINITION.fullmatch(line):
            break
    notes = "\n".join(lines[start:])
    return body[: len(body) - len(notes)], notes


def without_note(name: str, body: str) -> str:
    """The body without the notes of this name at its end; nothing else changes but the empty lines around them."""
    text, notes = split_notes(body)
    lines = notes.split("\n")
    kept = [line for line in lines if not ((match := _NOTE.fullmatch(line)) and match[1] == name)]
    if len(kept) == len(lines):
        return body
    rest = "\n".join(kept).strip("\n")
    return f"{text}{rest}".rstrip() + "\n"


def read_note(name: str, body: str, *others: str) -> str | None:
    """The data of the last note of this name, or of one of the `others`, at the end of a body; None without one."""
    lines = split_notes(body)[1].split("\n")
    found = [match[2] for match in map(_NOTE.fullmatch, lines) if match and match[1] in (name, *others)]
    return found[-1] if found else None
