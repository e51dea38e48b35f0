"""Opened repositories, and a disk that refuses to take more."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.forge.git import Repository
from bot.model import Signature

WHO = Signature("amts", "amts@example.org", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


@contextmanager
def full_disk(limit: int = 4096) -> Iterator[None]:
    """The system refuses to let any file grow past `limit` bytes, in this process and in git."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def opened(path: Path) -> Repository:
    return Repository.open(path, path.parent / "cache")
