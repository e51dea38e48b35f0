"""The sample book as git repositories: English that has changed, and two translations of its first version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory

import git

from bot.book.baselines import Base
from bot.book.lock_file import LOCK_PATH, serialize_lock
from bot.book.origin_file import origin_path
from bot.forge.failures import git_failure, storage_errors

MEMORIES = ("machine.es.csv", "machine.zh.csv")
"""The recorded translations of the emulator."""
SETTINGS = ("amts.yaml", "terms.es.md", *MEMORIES)
"""The files beside the repositories: the configuration, the Spanish glossary, the recorded translations."""

_TRANSLATED = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
_MOVED_ON = datetime(2024, 9, 1, 9, 0, tzinfo=UTC)


def build_sample(folder: Path) -> None:
    """Puts the repositories `en`, `zh` and `es` and the `SETTINGS` into an empty folder: all or none. Raises
    StorageError if the disk refuses, RepositoryError if git does."""
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".new-") as staging:
            try:
                _build(Path(staging))
            except git.CommandError as error:
                raise git_failure(error, "init", str(folder)) from error
            for entry in sorted(Path(staging).iterdir(), reverse=True):
                entry.replace(folder / entry.name)


@contextmanager
def memory_files() -> Iterator[tuple[Path, ...]]:
    """The files of `MEMORIES` in this package."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(resources.as_file(_sample() / name)) for name in MEMORIES)


def _sample() -> Traversable:
    return resources.files("bot.cli") / "sample"


def _build(place: Path) -> None:
    sample = _sample()
    old, new = _read_tree(sample / "en-1"), _read_tree(sample / "en-2")
    base, blobs = _create(place / "en", old)
    with git.Repo(place / "en") as repository:
        _commit(repository, new, "The English moves on", _MOVED_ON)
    chinese = _read_tree(sample / "zh")
    _create(place / "zh", chinese | {origin_path(path, "_origin"): old[path] for path in chinese})
    spanish = _read_tree(sample / "es")
    lock = serialize_lock({path: Base(blobs[path], path, base) for path in spanish})
    _create(place / "es", spanish | {LOCK_PATH: lock})
    for name in SETTINGS:
        (place / name).write_bytes((sample / name).read_bytes())


def _read_tree(folder: Traversable, prefix: str = "") -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            files |= _read_tree(entry, f"{prefix}{entry.name}/")
        else:
            files[prefix + entry.name] = entry.read_bytes()
    return files


def _create(place: Path, files: Mapping[str, bytes]) -> tuple[str, dict[str, str]]:
    """Creates a repository with one commit; returns the commit's id and the files' blobs."""
    with git.Repo.init(place, initial_branch="main") as repository:
        commit = _commit(repository, files, "The translated edition", _TRANSLATED)
        tree = repository.commit(commit).tree
        return commit, {path: (tree / path).hexsha for path in files}


def _commit(repository: git.Repo, files: Mapping[str, bytes], message: str, when: datetime) -> str:
    """Makes these files the work tree and commits it."""
    root = Path(repository.working_dir)
    tracked = [entry[0] for entry in repository.index.entries]
    gone = [str(path) for path in tracked if str(path) not in files]
    if gone:
        repository.index.remove(gone, working_tree=True)
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    repository.index.add(list(files))
    author = git.Actor("Sample Author", "author@example.org")
    commit = repository.index.commit(message, author=author, committer=author, author_date=when, commit_date=when)
    return commit.hexsha
