"""Bytes to text: what is not a text is refused in one sentence, and nothing of a text is changed."""

from __future__ import annotations

from bot.errors import InputError

BOM = "\ufeff"
# Forty times the longest chapter of the books we know; far above it, a merge takes minutes.
MAX_BYTES = 4 * 1024 * 1024


def decode(data: bytes, name: str) -> str:
    """The text of a document, with its byte order mark (as the first character) and its line ends.

    Raises InputError for a binary file, one that is not UTF-8, or one above `MAX_BYTES`.
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
