"""The words of other machines, made fit to stand in a sentence."""

from __future__ import annotations

import re

_MAX_CHARACTERS = 300
_PAGE = re.compile(r"<(!doctype|html|head|body|\?xml)\b", re.IGNORECASE)


def plain(text: str) -> str:
    """On one line, of a bounded length, with control characters made visible; of a web page only that it is one."""
    if _PAGE.search(text[: 10 * _MAX_CHARACTERS]):
        return "a web page (HTML)"
    line = " ".join(text[: 10 * _MAX_CHARACTERS].split())
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)
    return shown if len(shown) <= _MAX_CHARACTERS else f"{shown[:_MAX_CHARACTERS]}…"
