"""Answers of engines under test, stored by a hash of everything that they depend on: a stopped run can continue."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.config.records import read_json
from bot.errors import InputError
from bot.forge.failures import storage_errors

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """`left` says why the engine did not translate ("" if it did); `text` is then the source text."""

    text: str
    left: str


@dataclass(frozen=True)
class AnswerStore:
    """One JSON file for each run, written once. `write` writes files completely or not at all."""

    folder: Path
    write: Callable[[Mapping[Path, bytes]], None]

    def get(self, key: str) -> tuple[StoredAnswer, ...] | None:
        """None if there is no file. Raises InputError if it is damaged, since a new request would cost money again."""
        path = self._path(key)
        if not path.exists():
            return None
        try:
            value: Any = read_json(path.read_text("utf-8"))
            return tuple(StoredAnswer(str(text), str(left)) for text, left in value["answers"])
        except (OSError, ValueError, KeyError, TypeError):
            raise InputError(f"{path}: is damaged; delete it to have its article translated again") from None

    def put(self, key: str, about: dict[str, str], answers: Sequence[StoredAnswer]) -> None:
        """`about` tells a person what the file is. Raises StorageError."""
        value = {"format": _FORMAT, **about, "answers": [[answer.text, answer.left] for answer in answers]}
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        self.write({self._path(key): (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")})

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def answer_key(*parts: object) -> str:
    """The name of a run's file: a hash of texts and lists of them."""
    return sha256(json.dumps([_FORMAT, *parts], ensure_ascii=False).encode()).hexdigest()[:32]
