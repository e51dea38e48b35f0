"""What was spent, in a file for each month: an amount is written before its request goes out."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from bot.engines.base import Quote
from bot.errors import StorageError


class _Line(BaseModel):
    """One line of the file. The last one of an entry counts."""

    entry: str
    dollars: Annotated[Decimal, Field(ge=0, le=1_000_000)]
    at: str = ""


@dataclass
class SpendingLedger:
    """The spending of one language (`scope` names it, and the engine): `ledger/2026-11-<digest>.jsonl` in `folder`. A
    bot that is killed between an amount and its request has counted too much, never too little. A line that can't be
    read counts nothing; the others do. Threads and processes may write at the same time. Without a folder, the entries
    live as long as this object.
    """

    folder: Path | None
    scope: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    """The time, in UTC."""
    _unwritten: dict[str, list[bytes]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def record(self, entry: str, cost: Quote) -> None:
        """Writes the amount of an entry, in the place of one that it had. Raises StorageError if the disk does not take
        it: then nothing may be sent."""
        self._append({"entry": entry, "dollars": str(cost.dollars), "scope": self.scope})

    def forget(self, entry: str) -> None:
        """For a request that is not billed."""
        self._append({"entry": entry, "dollars": "0"})

    def spent_this_month(self) -> Decimal:
        """US dollars of this month's entries. Raises StorageError."""
        dollars: dict[str, Decimal] = {}
        for line in self._lines():
            try:
                read = _Line.model_validate_json(line)
            except (ValidationError, ValueError, RecursionError):
                continue  # cut off by a kill, or damaged
            dollars[read.entry] = read.dollars
        return sum(dollars.values(), Decimal(0))

    @property
    def _name(self) -> str:
        return f"{self.clock():%Y-%m}-{sha256(self.scope.encode()).hexdigest()[:16]}.jsonl"

    def _append(self, values: dict[str, str]) -> None:
        line = json.dumps({**values, "at": f"{self.clock():%Y-%m-%dT%H:%M:%SZ}"}, ensure_ascii=False).encode()
        with self._lock:
            if self.folder is None:
                self._unwritten.setdefault(self._name, []).append(line)
                return
            path = self.folder / "ledger" / self._name
            with storage_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    # In one piece, and on a line of its own even after half a line.
                    written = os.write(descriptor, b"\n" + line + b"\n")
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
                if written != len(line) + 2:
                    raise OSError("the disk took only a part")

    def _lines(self) -> list[bytes]:
        if self.folder is None:
            return list(self._unwritten.get(self._name, []))
        path = self.folder / "ledger" / self._name
        with storage_errors(path):
            return path.read_bytes().splitlines() if path.exists() else []


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turns an OSError inside into a StorageError that names the file."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{path}: what a translation costs can't be recorded there ({error.strerror or error}), so nothing more is"
            " sent; make room or give write permission, or set XDG_CACHE_HOME to another folder"
        ) from None
