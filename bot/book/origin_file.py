"""The baseline strategy `origin-file`: `X_origin.md` beside `X.md` holds the English it was made from (as d2l does)."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.book.baselines import Base, BaselineRecord, Baselines, Paths
from bot.book.history import History
from bot.forge.git import Snapshot


@dataclass(frozen=True, slots=True)
class OriginFile:
    """`suffixes` are those in use. A new file's companion gets the first; existing companions keep theirs."""

    suffixes: tuple[str, ...] = ("_origin",)

    def read(self, source: Snapshot, history: History, target: Snapshot, paths: Paths) -> Baselines:
        bases = {}
        companions = set()
        for path in target.entries:
            companion = self._companion(path, target.entries)
            if companion is None:
                continue
            companions.add(companion)
            blob = target.entries[companion].blob
            guess = paths.source_of(path)
            sighting = history.find(blob, guess)
            if sighting is not None:
                bases[path] = Base(blob, sighting.path, sighting.commit)
            elif guess is not None:
                bases[path] = Base(blob, guess, None)
        named = " or ".join(self.suffixes)
        return Baselines(bases, frozenset(companions), target.repository, f"no {named} file stands beside it")

    def write(
        self, target: Snapshot, baselines: Baselines, written: Sequence[BaselineRecord], removed: Sequence[str]
    ) -> dict[str, bytes | None]:
        left = [*removed, *(record.old_path for record in written if record.old_path is not None)]
        companions = [self._companion(path, target.entries) for path in left]
        files: dict[str, bytes | None] = {companion: None for companion in companions if companion is not None}
        for record in written:
            companion = self._companion(record.path, target.entries)
            files[companion or origin_path(record.path, self.suffixes[0])] = record.source
        return files

    def _companion(self, path: str, entries: Container[str]) -> str | None:
        """The file beside `path` that holds its English."""
        return next((name for s in self.suffixes if (name := origin_path(path, s)) in entries), None)


def origin_path(path: str, suffix: str) -> str:
    """`chapter/x_origin.md` for `chapter/x.md`."""
    name = PurePosixPath(path)
    return str(name.with_name(f"{name.stem}{suffix}{name.suffix}"))
