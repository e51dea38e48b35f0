"""Git's own merge of two commits, as a tree: no work tree, no index, no branch is touched (git 2.38 or newer)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import RepositoryError
from bot.forge.git import Repository, TreeEntry

_CLEAN, _CONFLICTS = 0, 1


@dataclass(frozen=True, slots=True)
class Conflict:
    """A path that git could not merge, as the merge base, ours and theirs have it; None where it is not there. In a
    renamed file's conflict all three are of the new path."""

    path: str
    old: TreeEntry | None
    ours: TreeEntry | None
    theirs: TreeEntry | None


@dataclass(frozen=True, slots=True)
class MergedTree:
    """A tree's id. Where `conflicts` are, its files hold conflict markers."""

    tree: str
    conflicts: tuple[Conflict, ...]


def merge_tree(repository: Repository, ours: str, theirs: str) -> MergedTree:
    """The merge of two commits. Raises RepositoryError where git can't do it (unrelated histories, an old git)."""
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
    return MergedTree(tree, tuple(_conflict(path, found) for path, found in sorted(stages.items())))


def _conflict(path: str, stages: Mapping[str, TreeEntry]) -> Conflict:
    return Conflict(path, stages.get("1"), stages.get("2"), stages.get("3"))
