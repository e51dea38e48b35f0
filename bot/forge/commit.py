"""Commits written into the object database, without a work tree or an index; and a hash of what a commit proposes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from bot.errors import InputError
from bot.forge.base import PullRequest
from bot.forge.failures import moved_failure, storage_errors
from bot.forge.git import Repository, TreeEntry
from bot.forge.trailers import SEAL, before_seal
from bot.markup.sending import safe_message
from bot.model import PullRequestDraft, Signature


def write_commit(
    repository: Repository,
    parents: Sequence[str],
    files: Mapping[str, bytes | None],
    message: str,
    signature: Signature,
    *,
    tree: str | None = None,
) -> str:
    """Writes a commit, sealed as the bot's, and returns its id: the files of `tree` (default: the first parent's) with
    the changes `files` (None deletes). No branch moves.

    The message loses what would mention people or refer to issues. Files keep their mode. If nothing changes and there
    is one parent, that parent is returned. Raises InputError for a path outside the repository or under a file or a
    symbolic link, StorageError if the disk refuses.
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
    names = repository.files(written)
    for path, data in changed.items():
        # `git update-index` skips paths such as `../x` and `.git/x` with a warning.
        if data is not None and path not in names:
            raise InputError(f"{path!r}: is not a path inside a repository; correct the path mapping")
    who = {"NAME": signature.name, "EMAIL": signature.email}
    facts = {**who, "DATE": f"{int(signature.when.timestamp())} {signature.when:%z}"}
    environment = {f"GIT_{role}_{fact}": value for role in ("AUTHOR", "COMMITTER") for fact, value in facts.items()}
    ancestry = [word for parent in parents for word in ("-p", parent)]
    command = "-c", "i18n.commitEncoding=UTF-8", "commit-tree", "--no-gpg-sign", written, *ancestry, "-F", "-"

    def make(text: str) -> str:
        return repository.run(*command, stdin=text.encode(), environment=environment).decode().strip()

    words = before_seal(safe_message(message))
    return make(f"{words}{SEAL}: {make(words)}\n")


def write_draft(repository: Repository, draft: PullRequestDraft, pull: PullRequest | None) -> str:
    """Writes the commit of a draft for `pull`, the open pull request of its branch, and returns its id.

    Raises MovedError if the draft was made from another commit than the head (of the base branch if none is open);
    a draft whose commit is the head was published before and is accepted.
    """
    start = pull.head if pull else repository.head(draft.base)
    made_from = draft.onto or draft.expected_head
    commit = write_commit(repository, [made_from], draft.files, draft.message, draft.signature)
    if draft.expected_head != start and commit != start:
        raise moved_failure(repository.name, draft.branch if pull else draft.base)
    return commit


def changes(
    repository: Repository, old: Mapping[str, TreeEntry], files: Mapping[str, bytes | None]
) -> dict[str, bytes | None]:
    """The `files` (None: deleted) that differ from the tree `old`."""
    return {path: data for path, data in files.items() if _differs(repository, old.get(path), data)}


def draft_content(repository: Repository, draft: PullRequestDraft) -> str:
    """The content hash of what a draft changes."""
    return _content_hash(changes(repository, repository.files(draft.expected_head), draft.files))


def _content_hash(files: Mapping[str, bytes | None]) -> str:
    """A hash of changed files (None: deleted). The rest of the tree does not count, so the base may move on."""
    digest = sha256()
    for path, data in sorted(files.items()):
        state = "deleted" if data is None else sha256(data).hexdigest()
        digest.update(f"{path}\0{state}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def proposed_content(repository: Repository, base: str, head: str) -> str:
    """The content hash of what the commit `head` changes since it left `base`; empty if it changes nothing."""
    start = repository.merge_base(base, head)
    before, after = repository.files(start), repository.files(head)
    files = {
        path: repository.read(after[path].blob) if path in after and after[path].is_file else None
        for path in before.keys() | after.keys()
        if before.get(path) != after.get(path)
    }
    return _content_hash(files) if files else ""


def _differs(repository: Repository, entry: TreeEntry | None, data: bytes | None) -> bool:
    if entry is None or data is None:
        return (entry is None) != (data is None)
    return not entry.is_file or repository.read(entry.blob) != data


def _refuse_collisions(old: Mapping[str, TreeEntry], changed: Mapping[str, bytes | None]) -> None:
    """A file can't be written in place of a folder, nor below a file: a symbolic link to a folder, for one."""
    remaining = (old.keys() - changed.keys()) | {path for path, data in changed.items() if data is not None}
    for path in sorted(remaining):
        blocking = next((str(folder) for folder in PurePosixPath(path).parents if str(folder) in remaining), None)
        if blocking is not None:
            raise InputError(f"{path}: can't be written, since {blocking} is a file or a symbolic link, not a folder")


def _store(
    repository: Repository, old: Mapping[str, TreeEntry], changed: Mapping[str, bytes | None], folder: Path
) -> bytes:
    """Writes the blobs, unfiltered (no line-end conversion), and returns the input of `git update-index --index-info`
    for all changed paths."""
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
