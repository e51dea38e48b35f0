"""A cache on disk whose keys are made of all that a value depends on, so that no entry is ever out of date."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

import bot.alignment
import bot.documents
import bot.memory
import bot.model

_MAX_BYTES = 256 * 1024 * 1024
# What decides, beside our own code, how a document is read and aligned.
_LIBRARIES = ("numpy", "pyromark", "sentencex")


@dataclass(frozen=True)
class Cache:
    """Values as JSON in a folder, an entry a file. A damaged entry counts as absent. A folder that can't be written
    makes the next run slower, no more."""

    folder: Path

    def get(self, key: str) -> object | None:
        """What was put under `key`; None where it is not there, or not whole."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        digest, _, body = data.partition(b"\n")
        if digest != _digest(body):
            return None
        value: object = json.loads(body)
        return value

    def put(self, key: str, value: object) -> None:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
                file.write(_digest(body) + b"\n" + body)
            Path(file.name).replace(path)
        except OSError:
            return

    def trim(self, max_bytes: int = _MAX_BYTES) -> None:
        """Deletes what was not used for longest, down to `max_bytes`."""
        try:
            entries = [(path.stat(), path) for path in self.folder.glob("*/*")]
            total = sum(facts.st_size for facts, _ in entries)
            for facts, path in sorted(entries, key=lambda entry: entry[0].st_mtime):
                if total <= max_bytes:
                    break
                path.unlink()
                total -= facts.st_size
        except OSError:  # another run is trimming as well
            return

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


def cache_key(*parts: object) -> str:
    """A key of texts, numbers and frozen dataclasses of them: equal for equal parts and equal code that aligns."""
    return sha256(repr((_code(), *parts)).encode()).hexdigest()


@cache
def _code() -> str:
    """The digest of the code that reads and aligns documents: an edit of it must not meet its former results."""
    packages = (bot.documents, bot.alignment, bot.memory, bot.model)
    files = [path for package in packages for path in _modules(package.__file__)]
    texts = [path.read_bytes() for path in files]
    return sha256(b"\0".join([*texts, *(version(name).encode() for name in _LIBRARIES)])).hexdigest()


def _modules(package: str | None) -> Iterable[Path]:
    return sorted(Path(package).parent.rglob("*.py")) if package else ()


def _digest(body: bytes) -> bytes:
    return sha256(body).hexdigest().encode()
