"""The baseline strategy `origin-file`: `X_origin.md` beside `X.md` holds the English it was made from (as d2l does)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from bot.forge.baseline import Base, Baselines, Paths, Record
from bot.forge.git import Snapshot
from bot.forge.history import History

_MARK = "_origin"


class OriginFile:
    def read(self, source: Snapshot, history: History, target: Snapshot, paths: Paths) -> Baselines:  # noqa: ARG002
        bases = {}
        companions = set()
        for path in target.entries:
            origin = target.entries.get(origin_path(path))
            if origin is None:
                continue
            companions.add(origin_path(path))
            guess = paths.source_of(path)
            sighting = history.find(origin.blob, guess)
            if sighting is not None:
                bases[path] = Base(origin.blob, sighting.path, sighting.commit)
            elif guess is not None:
                bases[path] = Base(origin.blob, guess, None)
        return Baselines(bases, frozenset(companions), target.repository, "no _origin file stands beside it")

    def write(self, target: Snapshot, written: Sequence[Record], removed: Sequence[str]) -> dict[str, bytes | None]:
        left = [*removed, *(record.old_path for record in written if record.old_path is not None)]
        files: dict[str, bytes | None] = {
            origin_path(path): None for path in left if origin_path(path) in target.entries
        }
        return files | {origin_path(record.path): record.source for record in written}


def origin_path(path: str) -> str:
    """`chapter/x_origin.md` for `chapter/x.md`."""
    name = PurePosixPath(path)
    return str(name.with_name(f"{name.stem}{_MARK}{name.suffix}"))
