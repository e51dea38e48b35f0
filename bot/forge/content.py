"""What a pull request proposes, as a hash by which a later run knows it again."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from bot.forge.git import Repository


def content_hash(files: Mapping[str, bytes | None]) -> str:
    """Of changed files (None: deleted). It does not depend on the rest of the tree, so that the base may move on."""
    digest = sha256()
    for path, data in sorted(files.items()):
        state = "deleted" if data is None else sha256(data).hexdigest()
        digest.update(f"{path}\0{state}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def proposed_content(repository: Repository, base: str, head: str) -> str:
    """The hash of what the commit `head` changes since it left `base`; empty where that is nothing."""
    start = repository.merge_base(base, head)
    before, after = repository.files(start), repository.files(head)
    files = {
        path: repository.read(after[path].blob) if path in after and after[path].is_file else None
        for path in before.keys() | after.keys()
        if before.get(path) != after.get(path)
    }
    return content_hash(files) if files else ""
