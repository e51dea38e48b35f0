"""Random histories with branches and merges, on real git: a file is where its own words are, and where
`git log --follow` says it is."""

from __future__ import annotations

import hashlib
import random
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.book.history import History, read_history
from bot.book.lineage import Lineage
from bot.forge.git import Repository
from tests.support.gitrepo import git

_PATHS = ("a.md", "b.md", "c.md", "sub/a.md", "sub/d.md")
_IDENTITY = re.compile(r"^This is the file (\d+)\.$", re.MULTILINE)
_LINES = 12
_DEEDS = ("edit", "edit", "move", "move", "move and edit", "delete", "add")

Tree = dict[str, str]
"""Path to text. The first line of a text names its file for good: nothing else may tell the reference where it went."""


@dataclass
class Story:
    """A history while it is made: each commit with its parents and its tree."""

    rng: random.Random
    deeds: tuple[str, ...]
    trees: list[Tree] = field(default_factory=list)
    parents: list[tuple[int, ...]] = field(default_factory=list)
    files: int = 0
    words: int = 0

    def commit(self, tree: Tree, *parents: int) -> int:
        self.trees.append(tree)
        self.parents.append(parents)
        return len(self.trees) - 1

    def fresh(self) -> str:
        self.files += 1
        return f"This is the file {self.files}.\n" + "".join(self.line() for _ in range(_LINES))

    def line(self) -> str:
        self.words += 1
        return f"Sentence {self.words} speaks of {self.rng.randrange(10**9)} and of {self.rng.randrange(10**9)}.\n"

    def edited(self, text: str) -> str:
        """A text that keeps most of its lines."""
        first, *lines = text.splitlines(keepends=True)
        for _ in range(self.rng.randint(1, 2)):
            lines[self.rng.randrange(len(lines))] = self.line()
        return first + "".join(lines)

    def changed(self, old: Tree) -> Tree:
        """A tree after one commit: one file is edited, moved (and edited), deleted or new, or two swap their names."""
        tree = dict(old)
        free = [path for path in _PATHS if path not in tree]
        what = self.rng.choice(self.deeds)
        if not tree or what == "add":
            if free:
                tree[self.rng.choice(free)] = self.fresh()
            return tree
        path = self.rng.choice(sorted(tree))
        if what == "edit":
            tree[path] = self.edited(tree[path])
        elif what == "delete":
            del tree[path]
        elif what == "swap" and len(tree) > 1:
            other = self.rng.choice(sorted(tree.keys() - {path}))
            tree[path], tree[other] = tree[other], tree[path]
        elif what == "take over" and free:
            # A new file takes the name in the same commit.
            tree[self.rng.choice(free)], tree[path] = tree[path], self.fresh()
        elif free:
            text = tree.pop(path)
            tree[self.rng.choice(free)] = text if what == "move" else self.edited(text)
        return tree

    def merged(self, *trees: Tree) -> Tree | None:
        """The merge of two trees (the first is their base), file by file as people mean it; None if the two want
        different things."""
        sides = [{identity(text): (path, text) for path, text in tree.items()} for tree in trees]
        tree: Tree = {}
        for file in sorted(set().union(*sides)):
            was, left, right = (side.get(file) for side in sides)
            if left == right or right == was:
                chosen = left
            elif left == was:
                chosen = right
            elif left is None or right is None:
                return None
            else:
                assert was is not None
                path = left[0] if right[0] == was[0] else right[0]
                if was[0] not in (left[0], right[0]) and left[0] != right[0]:
                    return None
                rows = zip(*(side[1].splitlines(keepends=True) for side in (was, left, right)), strict=True)
                chosen = path, "".join(theirs if ours == old else ours for old, ours, theirs in rows)
            if chosen is not None:
                if chosen[0] in tree:
                    return None
                tree[chosen[0]] = chosen[1]
        return tree

    def ancestors(self, commit: int) -> set[int]:
        return {commit}.union(*(self.ancestors(parent) for parent in self.parents[commit]))


def identity(text: str) -> str:
    found = _IDENTITY.search(text)
    assert found is not None
    return found[1]


def tell(rng: random.Random, *, swaps: bool = True) -> tuple[Story, int]:
    """A story of a main branch and side branches that merge it and are merged into it; and the head. Without `swaps`,
    no file takes a name that another leaves in the same commit, which git does not follow."""
    story = Story(rng, (*_DEEDS, *(("swap", "take over") if swaps else ())))
    start = story.commit({path: story.fresh() for path in _PATHS[:3]})
    tips = {"main": start, "side": start, "other": start}
    for _ in range(rng.randint(4, 14)):
        branch = rng.choice(("main", "main", "side", "other"))
        tip = tips[branch]
        if rng.random() < 0.3:
            partner = tips[rng.choice(("side", "other"))] if branch == "main" else tips["main"]
            shared = story.ancestors(tip) & story.ancestors(partner)
            # With one best common ancestor, which is the newest.
            nearest = max(shared)
            if partner in shared or not shared <= story.ancestors(nearest):
                continue
            if tip == nearest and branch != "main":
                tips[branch] = partner
                continue
            tree = story.merged(*(story.trees[commit] for commit in (nearest, tip, partner)))
            if tree is not None:
                tips[branch] = story.commit(tree, tip, partner)
        else:
            tips[branch] = story.commit(story.changed(story.trees[tip]), tip)
    return story, tips["main"]


def write(story: Story, path: Path) -> list[str]:
    """The ids of the story's commits in a new repository."""
    git(path, "init", "--quiet", "--bare", "--initial-branch=main")
    stream = b""
    for number, (tree, parents) in enumerate(zip(story.trees, story.parents, strict=True), 1):
        links = "".join(f"{word} :{parent + 1}\n" for word, parent in zip(("from", "merge"), parents, strict=False))
        stream += f"commit refs/heads/c{number}\nmark :{number}\ncommitter A <a@b.c> {10**9 + number} +0000\n".encode()
        stream += f"data 1\n.\n{links}deleteall\n".encode()
        for name, text in tree.items():
            stream += f"M 100644 inline {name}\ndata {len(text.encode())}\n{text}\n".encode()
    git(path, "fast-import", "--quiet", stdin=stream)
    names = [f"refs/heads/c{number + 1}" for number in range(len(story.trees))]
    return git(path, "rev-parse", *names).splitlines()


def git_blob(text: str) -> str:
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def read(path: Path, head: str) -> History:
    with Repository.open(path, path / "cache") as repository:
        return read_history(repository, head)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32))
def test_a_file_is_followed_to_where_its_own_words_are(seed: int) -> None:
    story, head = tell(random.Random(seed))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        ids = write(story, path)
        history = read(path, ids[head])
        today = {identity(text): name for name, text in story.trees[head].items()}
        for commit in sorted(story.ancestors(head)):
            for name, text in story.trees[commit].items():
                blob = git_blob(text)
                sighting = history.find(blob, name)
                assert sighting is not None
                lineage = Lineage(history, story.trees[head])
                for since in {ids[commit], sighting.commit}:
                    found = lineage.follow(name, blob, since)
                    expected = today.get(identity(text))
                    assert found == expected or (expected is None and is_successor(story, head, text, found))


def is_successor(story: Story, head: int, gone: str, path: str | None) -> bool:
    """Whether a newer file took one of the names of a file that is gone: it counts as the file that came back."""
    assert path is not None
    successor, names = identity(story.trees[head][path]), names_of(story, identity(gone))
    return int(successor) > int(identity(gone)) and not names.isdisjoint(names_of(story, successor))


def names_of(story: Story, file: str) -> set[str]:
    return {name for tree in story.trees for name, text in tree.items() if identity(text) == file}


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32))
def test_what_git_follows_on_the_branch_is_followed(seed: int) -> None:
    story, head = tell(random.Random(seed), swaps=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        ids = write(story, path)
        history = read(path, ids[head])
        lineage = Lineage(history, story.trees[head])
        for name in story.trees[head]:
            for commit, old in followed_by_git(path, ids[head], name):
                text = story.trees[ids.index(commit)].get(old)
                # Git is fooled by a merge that brings a renamed file and a new one under its old name.
                if text and identity(text) == identity(story.trees[head][name]):
                    assert lineage.follow(old, git_blob(text), commit) == name


def followed_by_git(path: Path, head: str, name: str) -> list[tuple[str, str]]:
    """The commits of the branch that changed the file, with its name there, as `git log --follow` tells."""
    options = ("--follow", "--first-parent", "--diff-merges=first-parent", "--find-renames=50%", "--name-only")
    words = git(path, "log", *options, "--format=%H", head, "--", name).split()
    return list(zip(words[::2], words[1::2], strict=True))
