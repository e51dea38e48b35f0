"""Files of the service behind addresses that hold for half an hour, as its presigned ones do."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable

PATH = "/_emulator/files/"
_SECONDS = 30 * 60


class Files:
    """Bytes by an unguessable name, each until it expires."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._files: dict[str, tuple[float, bytes]] = {}
        self.endpoint_url = ""

    def offer(self, data: bytes, name: str) -> dict[str, str]:
        """A location as the service gives it; `name` is what the address ends in."""
        now = self._clock()
        token = hashlib.sha256(f"{now}\0{len(data)}\0{name}".encode() + data).hexdigest()[:32]
        with self._lock:
            self._files = {key: file for key, file in self._files.items() if file[0] > now}
            self._files[token] = now + _SECONDS, data
        return {"RepositoryType": "S3", "Location": f"{self.endpoint_url}{PATH}{token}/{name}"}

    def read(self, path: str) -> bytes | None:
        """The file at a path below `PATH`; None where it is none, or no longer."""
        token = path.removeprefix(PATH).partition("/")[0]
        with self._lock:
            expires, data = self._files.get(token, (0.0, b""))
        return data if expires > self._clock() else None

    def clear(self) -> None:
        with self._lock:
            self._files.clear()
