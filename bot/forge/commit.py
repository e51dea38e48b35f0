"""Writing a commit into the object database, without touching a work tree or an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from bot.errors import InputError
from bot.forge.failures import storage_errors
from bot.forge.git import Repository, TreeEntry
from bot.model import Signature


def write_commit(
    repository: Repository,
    parents: Sequence[str],
    files: Mapping[str, bytes | None],
    message: str,
    signature: Signature,
    *,
    tree: str | None = None,
) -> str:
    """The id of a commit with the files of `tree` (the first parent's where it is None), changed by `files` (None
    deletes); no branch moves yet.

    Files keep their mode. Where nothing changes, a sole parent is returned and nothing is written. Raises InputError
    for a path out of the repository or under a file or a symbolic link, StorageError where the disk refuses.
    """
    start = tree or parents[0]
    old = repository.files(start)
    changed = changes(repository, old, files)
    if not changed and len(parents) == 1:
        return parents[0]
    _refuse_collisions(old, changed)
    with storage_errors(repository.name), TemporaryDirectory(prefix="amts-") as folder:
        records = _store(repository, old, changed, Path(folder))
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        repository.run("read-tree", start, environment=index)
        repository.run("update-index", "-z", "--index-info", stdin=records, environment=index)
        written = repository.run("write-tree", environment=index).decode().strip()
    _refuse_ignored(repository.files(written), changed)
    ancestry = [word for parent in parents for word in ("-p", parent)]
    return (
        repository.run(
            *("-c", "i18n.commitEncoding=UTF-8", "commit-tree", written, *ancestry, "-F", "-"),
            stdin=message.encode(),
            environment=_environment(signature),
        )
        .decode()
        .strip()
    )


def changes(
    repository: Repository, old: Mapping[str, TreeEntry], files: Mapping[str, bytes | None]
) -> dict[str, bytes | None]:
    """Those of `files` (None: deleted) that are not so already in the tree `old`."""
    return {path: data for path, data in files.items() if _differs(repository, old.get(path), data)}


def _differs(repository: Repository, entry: TreeEntry | None, data: bytes | None) -> bool:
    if entry is None or data is None:
        return (entry is None) != (data is None)
    return not entry.is_file or repository.read(entry.blob) != data


def _refuse_collisions(old: Mapping[str, TreeEntry], changed: Mapping[str, bytes | None]) -> None:
    """A file can't be written where a folder stands, nor below a file: a symbolic link to a folder, for one."""
    remaining = (old.keys() - changed.keys()) | {path for path, data in changed.items() if data is not None}
    for path in sorted(remaining):
        blocking = next((str(folder) for folder in PurePosixPath(path).parents if str(folder) in remaining), None)
        if blocking is not None:
            raise InputError(f"{path}: can't be written, since {blocking} is a file or a symbolic link, not a folder")


def _refuse_ignored(written: Mapping[str, TreeEntry], changed: Mapping[str, bytes | None]) -> None:
    """`git update-index` passes over paths such as `../x` and `.git/x` with a warning only; here that is an error."""
    for path, data in changed.items():
        if data is not None and path not in written:
            raise InputError(f"{path!r}: is not a path inside a repository; correct the path mapping")


def _store(
    repository: Repository, old: Mapping[str, TreeEntry], changed: Mapping[str, bytes | None], folder: Path
) -> bytes:
    """Writes the blobs (as they are: no line-end or other filter applies) and says what to do with each path, in the
    form of `git update-index --index-info`."""
    written = [(path, data) for path, data in changed.items() if data is not None]
    for number, (_, data) in enumerate(written):
        (folder / str(number)).write_bytes(data)
    names = "".join(f"{folder / str(number)}\n" for number in range(len(written))).encode()
    blobs = repository.run("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=names).decode().split()
    records = [f"0 {'0' * 40}\t{path}\0" for path, data in changed.items() if data is None]
    for (path, _), blob in zip(written, blobs, strict=True):
        entry = old.get(path)
        mode = entry.mode if entry is not None and entry.is_file else "100644"
        records.append(f"{mode} {blob}\t{path}\0")
    return "".join(records).encode("utf-8", "surrogateescape")


def _environment(signature: Signature) -> dict[str, str]:
    date = f"{int(signature.when.timestamp())} {signature.when:%z}"
    return {
        f"GIT_{role}_{fact}": value
        for role in ("AUTHOR", "COMMITTER")
        for fact, value in (("NAME", signature.name), ("EMAIL", signature.email), ("DATE", date))
    }
