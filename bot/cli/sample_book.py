"""The sample book as git repositories: English that has changed, and two translations of its first version."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory

import git

from bot.book.baselines import Base
from bot.book.lock_file import LOCK_PATH, serialize_lock
from bot.book.origin_file import origin_path
from bot.cli.sample_notebook import notebook
from bot.forge.failures import storage_errors
from bot.forge.git_failures import git_failure

MEMORIES = ("machine.es.csv", "machine.zh.csv")
"""The recorded translations of the emulator."""
SETTINGS = ("amts.yaml", "terms.es.md", *MEMORIES)
"""The files beside the repositories: the configuration, the Spanish glossary, the recorded translations."""

_TRANSLATED = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
_MOVED_ON = datetime(2024, 9, 1, 9, 0, tzinfo=UTC)


SPANISH_ENGINE = "engine: translate, glossary:"
"""The engine of Spanish in the configuration."""


def build_sample(folder: Path, spanish: str = "translate") -> None:
    """Puts the repositories `en`, `zh` and `es` and the `SETTINGS` into an empty folder: all or none. `spanish` is the
    engine of Spanish, an entry of the configuration. Raises StorageError if the disk refuses, RepositoryError if git
    does."""
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".new-") as staging:
            try:
                _build(Path(staging))
                config = Path(staging) / "amts.yaml"
                text = config.read_text(encoding="utf-8")
                config.write_text(
                    text.replace(SPANISH_ENGINE, SPANISH_ENGINE.replace("translate", spanish)), encoding="utf-8"
                )
            except git.CommandError as error:
                raise git_failure(error, "init", str(folder)) from error
            for entry in sorted(Path(staging).iterdir(), reverse=True):
                entry.replace(folder / entry.name)


@contextmanager
def memory_files() -> Iterator[tuple[Path, ...]]:
    """The files of `MEMORIES`. Raises StorageError."""
    with TemporaryDirectory(prefix="amts-demo-memory-") as folder:
        with storage_errors("the folder for temporary files"):
            for name in MEMORIES:
                (Path(folder) / name).write_bytes(_settings(name))
        yield tuple(Path(folder) / name for name in MEMORIES)


def _settings(name: str) -> bytes:
    """A file of `SETTINGS`; the recorded translations are those of the notebook, too."""
    data = (_sample() / name).read_bytes()
    if name not in MEMORIES:
        return data
    rows = io.StringIO()
    csv.writer(rows, lineterminator="\n").writerows(notebook().drafts[name.split(".")[1]].items())
    return data + rows.getvalue().encode()


def _sample() -> Traversable:
    return resources.files("bot.cli") / "sample"


def _build(place: Path) -> None:
    sample = _sample()
    added = notebook().chapters
    old, new = (_read_tree(sample / folder) | added["en"] for folder in ("en-1", "en-2"))
    base, blobs = _create(place / "en", old)
    with git.Repo(place / "en") as repository:
        _commit(repository, new, "The English moves on", _MOVED_ON)
    chinese = _read_tree(sample / "zh") | added["zh"]
    _create(place / "zh", chinese | {origin_path(path, "_origin"): old[path] for path in chinese})
    spanish = _read_tree(sample / "es") | added["es"]
    lock = serialize_lock({path: Base(blobs[path], path, base) for path in spanish})
    _create(place / "es", spanish | {LOCK_PATH: lock})
    for name in SETTINGS:
        (place / name).write_bytes(_settings(name))


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
