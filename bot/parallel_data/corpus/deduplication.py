"""Deduplication of any number of pairs: they are counted on disk, in constant memory."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b
from pathlib import Path

from bot.memory.pairs import PairStatus

# Pages of 4 KiB that SQLite keeps in memory.
_CACHED_PAGES = 4000
_UPSERT = """INSERT INTO pairs VALUES (?, ?, 1, ?)
    ON CONFLICT (source, target) DO UPDATE SET frequency = frequency + 1"""
_BEST = "SELECT target, first FROM pairs WHERE source = ? ORDER BY frequency DESC, first LIMIT 1"


class Deduplication:
    """Pairs by their digests (128 bits), in a file that no one else uses."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file)
        # After a crash the file is worthless, so it need not survive one.
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(f"PRAGMA cache_size = {_CACHED_PAGES}")
        self._database.execute(
            "CREATE TABLE pairs (source BLOB, target BLOB, frequency INTEGER, first INTEGER,"
            " PRIMARY KEY (source, target)) WITHOUT ROWID"
        )

    def add(self, number: int, source: str, target: str) -> None:
        """Counts a pair; numbers ascend."""
        self._database.execute(_UPSERT, (_digest(source), _digest(target), number))

    def status(self, number: int, source: str, target: str) -> PairStatus:
        """Once all pairs were added, the rule of `bot.memory.filters`: KEPT for one pair of each source, the first with
        the most frequent (then earliest) target; the others are duplicates or contradictions."""
        best, first = self._database.execute(_BEST, (_digest(source),)).fetchone()
        if first == number:
            return PairStatus.KEPT
        return PairStatus.DUPLICATE if best == _digest(target) else PairStatus.CONTRADICTION

    def close(self) -> None:
        self._database.close()


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
