"""Lines as CommonMark ends them: by \\n, \\r\\n or \\r alone, where str.splitlines() knows seven more."""

from __future__ import annotations

import re

NEWLINE = r"(?:\r\n?|\n)"
PREFIX = re.compile(r"[ \t>]*")
_LINE = re.compile(rf"[^\r\n]*{NEWLINE}|[^\r\n]+")


def split_lines(text: str) -> list[str]:
    """The lines of a text, each with its end."""
    return _LINE.findall(text)


def content_end(raw: str) -> int:
    """Where the words of a stretch of prose end: before white space and before the quote prefix of the next line."""
    bare = raw.rstrip(" \t>")
    return len((bare if bare.endswith(("\n", "\r")) else raw).rstrip())
