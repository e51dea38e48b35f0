"""The baseline strategy `lock-file`: `.amts/lock.yaml` maps each translation to its source path, commit and blob."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from bot.book.baselines import Base, BaselineRecord, Baselines, Paths
from bot.book.history import History
from bot.config.records import Node, YamlRecord
from bot.errors import BaselineError
from bot.forge.git import Repository, Snapshot

LOCK_PATH = ".amts/lock.yaml"
_HEADER = "# Written by amts: the English each translation was made from. Edit it only to follow a file you moved.\n"
_KEYS = ("source", "commit", "blob")
_RECORD = YamlRecord(LOCK_PATH, BaselineError)


@dataclass(frozen=True)
class LockFile:
    def read(self, source: Snapshot, history: History, target: Snapshot, paths: Paths) -> Baselines:
        recorded = parse_lock(target.read(LOCK_PATH)) if LOCK_PATH in target.entries else {}
        locked = {path: base for path, base in recorded.items() if path in target.entries}
        others = {path: base for path, base in locked.items() if paths.is_of_other(path, base.source_path)}
        bases = {path: _held(source.repository, path, base) for path, base in locked.items() if path not in others}
        return Baselines(bases, frozenset({LOCK_PATH}), source.repository, f"it is not in {LOCK_PATH}", others=others)

    def write(
        self, target: Snapshot, baselines: Baselines, written: Sequence[BaselineRecord], removed: Sequence[str]
    ) -> dict[str, bytes | None]:
        gone = {*removed, *(record.old_path for record in written)}
        locked = {path: base for path, base in {**baselines.others, **baselines.bases}.items() if path not in gone}
        locked |= {record.path: Base(record.blob, record.source_path, record.commit) for record in written}
        return {LOCK_PATH: serialize_lock(locked)}


def parse_lock(text: bytes) -> dict[str, Base]:
    """The bases in a lock file, by path of the translation. Raises BaselineError, with the line, for a malformed
    file."""
    top = _RECORD.top(text, frozenset({"files"}))
    files = _RECORD.fields(top["files"]) if "files" in top else {}
    return {path: _base(path, node) for path, node in files.items()}


def serialize_lock(bases: Mapping[str, Base]) -> bytes:
    """The lock file's text, sorted: the same bases always give the same bytes."""
    files = {
        path: {"source": base.source_path, "commit": base.commit, "blob": base.blob}
        for path, base in sorted(bases.items())
    }
    body = yaml.safe_dump({"version": 1, "files": files}, sort_keys=False, allow_unicode=True, width=4096)
    return (_HEADER + body).encode()


def _held(source: Repository, path: str, base: Base) -> Base:
    """The base with a blob of the source repository, found by its id or by commit and path. Raises BaselineError."""
    blob = source.holds(base.blob) or source.holds(f"{base.commit}:{base.source_path}")
    if blob is None:
        raise BaselineError(
            f"{path}: its English, {base.source_path} at {(base.commit or base.blob)[:10]}, is not in {source.name}; "
            "if that is a shallow clone, fetch the whole history (git fetch --unshallow; in a workflow, "
            "actions/checkout with fetch-depth: 0)"
        )
    return Base(blob, base.source_path, base.commit)


def _base(path: str, node: Node) -> Base:
    fields = _RECORD.fields(node)
    if set(fields) != set(_KEYS):
        _RECORD.refuse(node.line, f'{path} must have exactly "source", "commit" and "blob"')
    source = _RECORD.name(fields["source"])
    commit, blob = (_RECORD.git_id(fields[key], f"the {key} of {path}") for key in ("commit", "blob"))
    return Base(blob, source, commit)
