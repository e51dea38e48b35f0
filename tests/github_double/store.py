"""A bare git repository of the double: the questions that GitHub answers from git, asked from git itself."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.github_double.diffs import FileDiff, parse_diff

_CONFIG = """
[http]
    receivepack = true
[receive]
    hideRefs = refs/pull
[uploadpack]
    allowFilter = true
    allowAnySHA1InWant = true
[gc]
    auto = 0
[maintenance]
    auto = false
"""

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


class GitError(Exception):
    """A git command of the double's own failed; the text is its error output."""


@dataclass(frozen=True)
class Signature:
    name: str
    email: str
    when: int

    def environment(self) -> dict[str, str]:
        facts = {"NAME": self.name, "EMAIL": self.email, "DATE": f"@{self.when} +0000"}
        return {f"GIT_{role}_{fact}": value for role in ("AUTHOR", "COMMITTER") for fact, value in facts.items()}


@dataclass(frozen=True)
class Commit:
    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


def environment() -> dict[str, str]:
    """For git commands of a server: nobody's settings but its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}


class Store:
    """Answers about fixed commits are kept, since they can't change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept: dict[tuple[str, ...], Any] = {}

    @classmethod
    def create(cls, path: Path, branch: str, source: Path | None = None) -> Store:
        """A new bare repository, empty or with all branches and tags of `source` (a path or bundle), where `branch`
        must be among them."""
        path.parent.mkdir(parents=True, exist_ok=True)
        store = cls(path)
        subprocess.run(
            ["git", "init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}", str(path)],
            check=True,
            env=environment(),
        )
        if source is not None:
            store.run("fetch", "--quiet", str(source), "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
            assert store.branch(branch), f"{source} has no branch {branch}, only {', '.join(store.refs())}"
        with (path / "config").open("a") as config:
            config.write(_CONFIG)
        return store

    def run(self, *arguments: str, stdin: bytes = b"", signature: Signature | None = None) -> str:
        """What git prints, without the last line end. Raises GitError."""
        return self.raw(*arguments, stdin=stdin, signature=signature).decode("utf-8", "replace").removesuffix("\n")

    def raw(self, *arguments: str, stdin: bytes = b"", signature: Signature | None = None) -> bytes:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env=environment() | (signature.environment() if signature else {}),
            input=stdin,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise GitError(f"git {arguments[0]}: {done.stderr.decode('utf-8', 'replace') or done.stdout.decode()}")
        return done.stdout

    @cached_property
    def default_branch(self) -> str:
        return (self.path / "HEAD").read_text().strip().removeprefix("ref: refs/heads/")

    def refs(self) -> dict[str, str]:
        """Branches and tags with what they point at, full names."""
        lines = self.run("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags").splitlines()
        return dict(line.split(" ", 1) for line in lines)

    def ref(self, name: str) -> str | None:
        """What a full ref name points at. Read from git's files: this is asked too often to start a process."""
        if ".." in name or not name.startswith("refs/"):
            return None
        if (loose := self.path / name).is_file():
            return loose.read_text().strip()
        packed = self.path / "packed-refs"
        lines = packed.read_text().splitlines() if packed.is_file() else []
        return next((line.split(" ")[0] for line in lines if line.partition(" ")[2] == name), None)

    def branch(self, name: str) -> str | None:
        return self.ref(f"refs/heads/{name}")

    def commit_of(self, revision: str) -> str | None:
        """The commit that a branch, tag or SHA names, as GitHub looks names up."""
        if len(revision) == 40 and ("exists", revision) in self._kept:
            return revision
        found = self.branch(revision) or self._peeled(f"refs/tags/{revision}") or self._peeled(revision)
        if found is not None:
            self._kept["exists", found] = True
        return found

    def _peeled(self, name: str) -> str | None:
        if name.startswith("refs/") and self.ref(name) is None:
            return None
        try:
            return self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except GitError:
            return None

    def move(self, name: str, new: str | None, old: str | None = None) -> None:
        """Moves, creates or (None) deletes a full ref name. Raises GitError where it is not at `old`."""
        if new is None:
            self.run("update-ref", "-d", name, *([old] if old else []))
        else:
            self.run("update-ref", name, new, *([old] if old else []))

    def is_ancestor(self, old: str, new: str) -> bool:
        def ask() -> bool:
            try:
                self.run("merge-base", "--is-ancestor", old, new)
            except GitError:
                return False
            return True

        return bool(self._keep(("ancestor", old, new), ask))

    def merge_base(self, one: str, other: str) -> str | None:
        def ask() -> str | None:
            try:
                return self.run("merge-base", one, other)
            except GitError:
                return None

        found: str | None = self._keep(("base", one, other), ask)
        return found

    def count(self, old: str, new: str) -> int:
        """How many commits `new` has that `old` lacks."""
        return int(self._keep(("count", old, new), lambda: self.run("rev-list", "--count", f"{old}..{new}")))

    def log(self, *arguments: str) -> list[Commit]:
        """The commits that `git log` lists for these arguments."""
        form = "%x1e%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%at%x1f%cn%x1f%ce%x1f%ct%x1f%B"
        return [_commit(record) for record in self.run("log", f"--format={form}", *arguments).split("\x1e")[1:]]

    def commit(self, sha: str) -> Commit:
        found: Commit = self._keep(("commit", sha), lambda: self.log("-1", sha)[0])
        return found

    def between(self, old: str, new: str) -> list[Commit]:
        """The commits of `new` that `old` lacks, oldest first."""
        ask = lambda: self.log("--reverse", "--topo-order", f"{old}..{new}")  # noqa: E731
        found: list[Commit] = self._keep(("between", old, new), ask)
        return found

    def diff(self, old: str, new: str) -> list[FileDiff]:
        """The files that differ between two commits or trees, renames found."""

        def ask() -> list[FileDiff]:
            return parse_diff(self.raw("diff", "--raw", "--patch", "--no-abbrev", "-M", "--no-color", old, new))

        found: list[FileDiff] = self._keep(("diff", old, new), ask)
        return found

    def merge_tree(self, base: str, head: str) -> str | None:
        """The tree of the merge, None where it conflicts."""

        def ask() -> str | None:
            try:
                return self.run("merge-tree", "--write-tree", base, head).splitlines()[0]
            except GitError:
                return None

        found: str | None = self._keep(("merge", base, head), ask)
        return found

    def commit_tree(self, tree: str, parents: list[str], message: str, signature: Signature) -> str:
        arguments = [argument for parent in parents for argument in ("-p", parent)]
        return self.run("commit-tree", tree, *arguments, stdin=message.encode(), signature=signature)

    def _keep(self, key: tuple[str, ...], ask: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = ask()
        return self._kept[key]


def _commit(record: str) -> Commit:
    sha, tree, parents, an, ae, at, cn, ce, ct, message = record.split("\x1f", 9)
    return Commit(
        sha,
        tree,
        tuple(parents.split()),
        Signature(an, ae, int(at)),
        Signature(cn, ce, int(ct)),
        message.rstrip("\n"),
    )
