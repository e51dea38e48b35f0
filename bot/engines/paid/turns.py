"""One process at a time: what two bots ask for at once would be paid for twice."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import sha256
from pathlib import Path

from bot.engines.paid.ledger import storage_errors
from bot.errors import EngineError
from bot.network.deadline import seconds_left

_PAUSE_SECONDS = 0.1
_LONGEST_SECONDS = 4 * 3600.0


@contextmanager
def turn(folder: Path | None, what: str, longest: float = _LONGEST_SECONDS) -> Iterator[None]:
    """Within the block, no other block of the same folder and `what` runs, in any process; a killed one holds nobody
    up. Waits up to `longest` seconds, which count. Raises EngineError after that, StorageError if the folder can't be
    written."""
    if folder is None:
        yield
        return
    path = folder / f"{sha256(what.encode()).hexdigest()[:16]}.lock"
    with storage_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        ends = time.monotonic() + longest
        while True:
            try:
                flock(descriptor, LOCK_EX | LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > ends:
                    raise EngineError(f"{what}: another run is asking the service; run again when it is done") from None
                time.sleep(min(_PAUSE_SECONDS, seconds_left(_PAUSE_SECONDS)))
        yield
    finally:
        os.close(descriptor)
