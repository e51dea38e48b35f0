"""Git's own merge of two commits into a tree, without touching a work tree, an index or a branch (git 2.38 or
newer)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import RepositoryError
from bot.forge.git import Repository, TreeEntry

_CLEAN, _CONFLICTS = 0, 1


@dataclass(frozen=True, slots=True)
class Conflict:
    """A path that git could not merge, in the merge base, in ours and in theirs; None if absent there. For a renamed
    file all three stand at the new path."""

    path: str
    old: TreeEntry | None
    ours: TreeEntry | None
    theirs: TreeEntry | None


@dataclass(frozen=True, slots=True)
class MergedTree:
    """`tree` is an object id. Files with `conflicts` hold conflict markers."""

    tree: str
    conflicts: tuple[Conflict, ...]


def merge_tree(repository: Repository, ours: str, theirs: str) -> MergedTree:
    """Merges two commits. Raises RepositoryError if git can't (unrelated histories, an old git)."""
    output = repository.run(
        *("-c", "merge.conflictStyle=merge", "merge-tree", "--write-tree", "--no-messages", "-z", ours, theirs),
        accepted=(_CLEAN, _CONFLICTS),
    )
    tree, *records = output.decode("utf-8", "surrogateescape").rstrip("\0").split("\0")
    if not tree:
        raise RepositoryError(f"{repository.name}: git could not merge {theirs[:10]} into {ours[:10]}; merge by hand")
    stages: dict[str, dict[str, TreeEntry]] = {}
    for record in records:
        facts, path = record.split("\t", 1)
        mode, blob, stage = facts.split(" ")
        stages.setdefault(path, {})[stage] = TreeEntry(blob, mode)
    conflicts = (Conflict(path, sides.get("1"), sides.get("2"), sides.get("3")) for path, sides in stages.items())
    return MergedTree(tree, tuple(sorted(conflicts, key=lambda conflict: conflict.path)))
