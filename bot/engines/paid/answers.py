"""Paid answers by what they depend on, written at once: a killed bot pays for none of them again."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from bot.engines.paid.ledger import storage_errors
from bot.engines.paid.turns import turn

ResultT = TypeVar("ResultT")

_NAME = "answers.sqlite"
_BUSY_SECONDS = 60.0
_AT_ONCE = 500
_TABLE = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, digest TEXT NOT NULL, value TEXT NOT NULL)"
# What SQLite reports of the disk, its permissions and other processes. Anything else is the file's own damage.
_OUTER = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOMEM,
    }
)


@dataclass
class PaidAnswers:
    """Texts by key in `answers.sqlite` of a folder (None: in memory, as long as this object). What is kept is on the
    disk when `keep` returns. Threads and processes may use the file at the same time. A damaged answer counts as
    absent; a file that SQLite can't read any more is set aside, and costs only its answers."""

    folder: Path | None
    _memory: dict[str, str] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def read(self, keys: Iterable[str]) -> dict[str, str]:
        """The answers that there are to these keys. Raises StorageError if the folder can't be read."""
        wanted = list(dict.fromkeys(keys))
        if self.folder is None:
            return {key: self._memory[key] for key in wanted if key in self._memory}
        if not (self.folder / _NAME).exists():
            return {}
        return self._mended(lambda database: _select(database, wanted)) or {}

    def keep(self, answers: Mapping[str, str]) -> None:
        """Raises StorageError if the disk does not take them."""
        if self.folder is None:
            self._memory.update(answers)
            return
        rows = [(key, _digest(key, value), value) for key, value in answers.items()]

        def write(database: sqlite3.Connection) -> None:
            with database:
                database.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", rows)

        self._mended(write)

    def _mended(self, work: Callable[[sqlite3.Connection], ResultT]) -> ResultT | None:
        """The result of the work, on a new file if the one that is there is damaged."""
        assert self.folder is not None
        path = self.folder / _NAME
        with self._lock, storage_errors(path):
            self.folder.mkdir(parents=True, exist_ok=True)
            if path.exists() and not path.is_file():
                self._set_aside(path)
            for last in (False, True):
                try:
                    with _opened(path) as database:
                        return work(database)
                except sqlite3.Error as error:
                    outer = getattr(error, "sqlite_errorcode", 0) & 0xFF in _OUTER
                    if outer or last:
                        raise OSError(str(error)) from None
                self._set_aside(path)
        return None

    def _set_aside(self, path: Path) -> None:
        """Another process may have done so by now, and must not lose what it kept since."""
        assert self.folder is not None
        with turn(self.folder, "answers"):
            if not _is_sound(path):
                with suppress(FileNotFoundError):
                    path.replace(path.with_name(f"{_NAME}.damaged"))
                for suffix in ("-journal", "-wal", "-shm"):
                    path.with_name(_NAME + suffix).unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as database:
        database.text_factory = bytes
        database.execute("PRAGMA synchronous = EXTRA")
        database.execute(_TABLE)
        yield database


def _is_sound(path: Path) -> bool:
    """Whether SQLite can read and write the file and its table."""
    if not path.is_file():
        return False
    try:
        with _opened(path) as database:
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
            database.execute("SELECT key, digest, value FROM answers LIMIT 1").fetchone()
            return bool(found == b"ok")
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _OUTER


def _select(database: sqlite3.Connection, keys: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        for row in database.execute(f"SELECT key, digest, value FROM answers WHERE key IN ({marks})", some):
            with suppress(UnicodeDecodeError, AttributeError):  # a row of other types, or no text
                key, digest, value = (part.decode() for part in row)
                if digest == _digest(key, value):
                    found[key] = value
    return found


def answer_key(*parts: object) -> str:
    """The key of an answer: the SHA-256 of everything that it depends on, values that JSON has."""
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _digest(key: str, value: str) -> str:
    return sha256(f"{key}\n{value}".encode(errors="surrogatepass")).hexdigest()
