"""A cache on disk. A key covers everything that its value depends on: no entry is ever out of date."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import bot
from bot.forge.staging import write_whole

Value = TypeVar("Value")
_MAX_BYTES = 256 * 1024 * 1024
# Besides our own code, these decide how a document is read and aligned.
_LIBRARIES = ("numpy", "pyromark", "rapidfuzz", "sentencex")


@dataclass(frozen=True)
class Cache:
    """Values as JSON in a folder, one file for each entry. A damaged entry, or one in another's place, counts as
    absent. If the folder can't be written, the next run is slower; nothing else happens."""

    folder: Path

    def get(self, key: str, read: Callable[[Any], Value]) -> Value | None:
        """What `read` makes of the value of an entry; None if it is absent, or damaged so that `read` fails with one of
        the errors of a value of the wrong form."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        digest, _, body = data.partition(b"\n")
        if digest != _digest(key, body):
            return None
        try:
            return read(json.loads(body))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            return None

    def put(self, key: str, value: object) -> None:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        with suppress(OSError):
            write_whole(self._path(key), _digest(key, body) + b"\n" + body)

    def trim(self, max_bytes: int = _MAX_BYTES) -> None:
        """Deletes the entries that were not used for longest, down to `max_bytes`."""
        try:
            entries = [(path.stat(), path) for path in self.folder.glob("*/*") if path.is_file()]
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


def cache_key(*parts: object, lasting: bool = False) -> str:
    """A key of texts, numbers, and tuples, sets, mappings and dataclasses of them; it changes with the code that reads,
    aligns and repairs, unless it is `lasting`. It is the same in every process. Raises TypeError for anything else."""
    return sha256(_written(parts if lasting else (_code(), *parts)).encode()).hexdigest()


def _written(part: object) -> str:
    """The part in words that no two parts share. The order of a set differs from process to process."""
    if part is None or isinstance(part, str | int | float):
        return repr(part)
    if isinstance(part, Set):
        return f"{{{','.join(sorted(map(_written, part)))}}}"
    if isinstance(part, Mapping):
        return f"{{{','.join(sorted(f'{_written(key)}:{_written(value)}' for key, value in part.items()))}}}"
    if is_dataclass(part):
        values = (_written(getattr(part, field.name)) for field in fields(part))
        return f"{type(part).__name__}({','.join(values)})"
    if isinstance(part, Sequence):
        return f"({','.join(map(_written, part))})"
    raise TypeError(f"a cache key can't be made of {type(part).__name__}")


@cache
def _code() -> str:
    """The digest of the code that reads, aligns and repairs documents: after an edit, its former results no longer
    count."""
    texts = [path.read_bytes() for folder in bot.__path__ for path in sorted(Path(folder).rglob("*.py"))]
    return sha256(b"\0".join([*texts, *(version(name).encode() for name in _LIBRARIES)])).hexdigest()


def _digest(key: str, body: bytes) -> bytes:
    return sha256(key.encode() + b"\n" + body).hexdigest().encode()
