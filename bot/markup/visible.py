"""Characters that nobody sees, written so that everybody does."""

from __future__ import annotations

import json
import re

INVISIBLE = re.compile(
    "["
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, except line breaks and tabs: ESC begins a terminal's commands
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # what turns the direction of the following text
    r"\u2028\u2029"  # line breaks of Unicode, which some programs obey
    r"\ufeff\ufff9-\ufffb"  # byte order marks and annotations
    r"\ud800-\udfff"  # lone surrogates: the bytes of a path that are not UTF-8
    r"\ufdd0-\ufdef\ufffe\uffff"  # no characters at all
    r"\U000e0000-\U000e007f"  # tags: a hidden alphabet
    "]"
)
"""What is made visible. Joiners of letters and of emoji are not: words of many scripts need them, and they hide nothing
and turn nothing."""


def visible(text: str) -> str:
    """The text with escapes in place of invisible characters: `\\x1b`, `\\u202e`. Line breaks and tabs stay."""
    return INVISIBLE.sub(lambda match: _escape(ord(match[0])), text)


def visible_line(text: str) -> str:
    """The same on one line: line breaks become escapes as well."""
    return visible(text).replace("\n", "\\n")


def visible_json(text: str) -> str:
    """JSON with escapes of its own in place of invisible characters, which a terminal or a reader could obey."""
    return INVISIBLE.sub(lambda match: json.dumps(match[0])[1:-1] if match[0] != "\x7f" else "\\u007f", text)


def _escape(code: int) -> str:
    # Not the error handler `backslashreplace`: it leaves ASCII alone, ESC included.
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
