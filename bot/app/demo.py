"""`amts demo`: a sample book whose English moves on, synced in two languages, all on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import mkdtemp

import git

from bot.app.output import Output
from bot.app.project import load_project
from bot.app.syncs import sync_all
from bot.errors import UsageError
from bot.forge.baseline import Base
from bot.forge.failures import storage_errors
from bot.forge.lock_file import LOCK_PATH, serialize_lock
from bot.forge.origin_file import origin_path

_TRANSLATED = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
_MOVED_ON = datetime(2024, 9, 1, 9, 0, tzinfo=UTC)
_PREVIEW_LINES = 40


def run(folder: Path | None, out: Output) -> None:
    """Raises UsageError where the folder holds something already."""
    place = build(folder)
    out.heading("AMTS demo: a small book in English, with human translations into Chinese and Spanish")
    out.say(f"The repositories are in {place}. The English has moved on since they were translated.")
    out.say("A small phrasebook stands in for a machine translation service; it knows the sentences of this demo only.")
    project = load_project(place / "amts.yaml")
    synced, errors = sync_all(project, project.select([]), [], out, dry_run=False)
    if errors:
        raise errors[0][1]
    for one in synced:
        if one.pull_request is None:
            continue
        body = (Path(one.pull_request.location) / "body.md").read_text(encoding="utf-8")
        out.heading(f"The {one.language} pull request: {one.pull_request.title}")
        _show_start(body, out)
    pulls = {one.language: one.pull_request.location for one in synced if one.pull_request}
    out.data({"folder": str(place), "pull_requests": pulls})
    out.heading("Look further")
    for language, location in pulls.items():
        out.say(f"git -C {place / language} diff main amts/{language}    # the Pull request: {location}")
    out.say(f"amts status --config {place / 'amts.yaml'}")


def build(folder: Path | None) -> Path:
    """The sample's repositories, written to a folder (a new one where none is named)."""
    place = Path(mkdtemp(prefix="amts-demo-")) if folder is None else folder
    if folder is not None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: is not empty; name a new folder with --dir")
    sample = resources.files("bot.app") / "sample"
    with storage_errors(place):
        place.mkdir(parents=True, exist_ok=True)
        old, new = _read_tree(sample / "en-1"), _read_tree(sample / "en-2")
        base, blobs = _create(place / "en", old)
        _commit(git.Repo(place / "en"), new, "The English moves on", _MOVED_ON)
        chinese = _read_tree(sample / "zh")
        _create(place / "zh", chinese | {origin_path(path): old[path] for path in chinese})
        spanish = _read_tree(sample / "es")
        lock = serialize_lock({path: Base(blobs[path], path, base) for path in spanish})
        _create(place / "es", spanish | {LOCK_PATH: lock})
        for name in ("amts.yaml", "phrasebook.yaml"):
            (place / name).write_bytes((sample / name).read_bytes())
    return place


def _read_tree(folder: Traversable, prefix: str = "") -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            files |= _read_tree(entry, f"{prefix}{entry.name}/")
        else:
            files[prefix + entry.name] = entry.read_bytes()
    return files


def _create(place: Path, files: Mapping[str, bytes]) -> tuple[str, dict[str, str]]:
    """A repository with one commit; returns its id and the files' blobs."""
    with git.Repo.init(place, initial_branch="main") as repository:
        commit = _commit(repository, files, "The translated edition", _TRANSLATED)
        tree = repository.commit(commit).tree
        return commit, {path: (tree / path).hexsha for path in files}


def _commit(repository: git.Repo, files: Mapping[str, bytes], message: str, when: datetime) -> str:
    """Make the work tree these files and commit it."""
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


def _show_start(body: str, out: Output) -> None:
    lines = body.splitlines()
    for line in lines[:_PREVIEW_LINES]:
        out.say(f"  {line}")
    if len(lines) > _PREVIEW_LINES:
        out.say(f"  … {len(lines) - _PREVIEW_LINES} more lines in body.md")
