"""The error for a place that can't be written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StorageError


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
