"""Failures of the disk, of branches and of texts that must not be shown as they are, as errors a user can act on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import MovedError, StorageError
from bot.network.words import plain

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
# What GitHub's tokens look like, and a header that carries one, in base64 too.
_TOKENS = re.compile(r"\bgh[a-z]_\w{8,}|\bgithub_pat_\w{8,}|\bauthorization: *\w+ +\S+", re.IGNORECASE)


def storage_failure(place: str, reason: str) -> StorageError:
    return StorageError(
        f"{place}: can't write: {reason}; what was there before is intact, "
        "so make room or give write permission and run again"
    )


@contextmanager
def storage_errors(place: Path | str) -> Iterator[None]:
    """Turns the OSErrors of its block, which writes to `place`, into StorageErrors."""
    try:
        yield
    except OSError as error:
        raise storage_failure(str(place), error.strerror or type(error).__name__) from error


def moved_failure(repository: str, branch: str) -> MovedError:
    return MovedError(
        f'{repository}: the branch "{branch}" moved while the bot worked; nothing was overwritten, so run again'
    )


def redacted(text: str) -> str:
    """The text without user names and passwords in URLs, and without GitHub's tokens."""
    return _TOKENS.sub("***", _CREDENTIALS.sub("", text))


def quoted(text: str) -> str:
    """The words of another machine, fit to stand in a sentence, without secrets."""
    return plain(redacted(text))
