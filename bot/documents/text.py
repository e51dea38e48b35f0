"""Bytes to text and text to lines; neither changes a character."""

from __future__ import annotations

import re

from bot.errors import InputError

BOM = "\ufeff"
# Forty times the longest chapter of the books we know; far above it, a merge takes minutes.
MAX_BYTES = 4 * 1024 * 1024
# Lines as CommonMark ends them: by \n, \r\n or \r alone; str.splitlines() knows seven more.
NEWLINE = r"(?:\r\n?|\n)"
PREFIX = re.compile(r"[ \t>]*")
_LINE = re.compile(rf"[^\r\n]*{NEWLINE}|[^\r\n]+")


def decode(data: bytes, name: str) -> str:
    """The text of a document, with its byte order mark (as the first character) and its line ends.

    Raises InputError for a binary file, for text that is not UTF-8, and above `MAX_BYTES`.
    """
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise InputError(
            f"{name}: {len(data):,} bytes, more than the {limit} MiB of a document; exclude it or split it"
        )
    if b"\0" in data:
        raise InputError(f"{name}: is a binary file, not a text; exclude it in the configuration")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}:{line}: is not UTF-8 (byte {error.start}); convert it to UTF-8 first") from None


def newline_of(text: str) -> str:
    """The line end that a document uses: the first one decides."""
    index = text.find("\n")
    return "\r\n" if index > 0 and text[index - 1] == "\r" else "\n"


def split_lines(text: str) -> list[str]:
    """The lines of a text, each with its end."""
    return _LINE.findall(text)


def content_end(raw: str) -> int:
    """The end of the words of a stretch of prose: before white space and before the quote prefix of the next line."""
    bare = raw.rstrip(" \t>")
    return len((bare if bare.endswith(("\n", "\r")) else raw).rstrip())
