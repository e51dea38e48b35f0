"""Small real git repositories, built in one `git fast-import`, for the tests of whatever reads or writes git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_EPOCH = 1_600_000_000
_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Reviewer",
    "GIT_AUTHOR_EMAIL": "reviewer@example.org",
    "GIT_COMMITTER_NAME": "Reviewer",
    "GIT_COMMITTER_EMAIL": "reviewer@example.org",
}


@dataclass(frozen=True)
class Symlink:
    """A symbolic link to `aim`, as a file of a commit."""

    aim: str


@dataclass(frozen=True)
class Executable:
    data: bytes


Content = str | bytes | Symlink | Executable | None
"""What a commit makes of a path; None deletes it."""


def git(repository: Path, *arguments: str, stdin: bytes = b"") -> str:
    """What a git command prints, without the last line end."""
    done = subprocess.run(
        ["git", *arguments], cwd=repository, env=_ENVIRONMENT, input=stdin, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().removesuffix("\n")


def make_repo(path: Path, *commits: Mapping[str, Content], branch: str = "main", bare: bool = True) -> list[str]:
    """A new repository at `path` with the commits (each the changes to the one before); their ids, oldest first."""
    path.mkdir(parents=True)
    git(path, "init", "--quiet", f"--initial-branch={branch}", *(["--bare"] if bare else []))
    return add_commits(path, *commits, branch=branch) if commits else []


def add_commits(path: Path, *commits: Mapping[str, Content], branch: str = "main", start: str = "") -> list[str]:
    """Adds commits to a branch (that begins at `start` where it is new) and checks it out where it was; their ids."""
    exists = git(path, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")
    past = int(git(path, "rev-list", "--all", "--count"))
    stream = b"".join(
        _commit(files, branch, number + 1, past, (exists or start) if number == 0 else "")
        for number, files in enumerate(commits)
    )
    git(path, "fast-import", "--quiet", stdin=stream)
    bare = git(path, "rev-parse", "--is-bare-repository") == "true"
    if not bare and git(path, "symbolic-ref", "--short", "HEAD") == branch:
        git(path, "reset", "--quiet", "--hard")
    return git(path, "rev-list", "--reverse", f"--max-count={len(commits)}", branch, "--").splitlines()


def tree(path: Path, revision: str) -> dict[str, bytes]:
    """Path to bytes of everything in a commit."""
    names = git(path, "ls-tree", "-r", "-z", "--name-only", "--full-tree", revision).split("\0")[:-1]
    return {name: _blob(path, f"{revision}:{name}") for name in names}


def _blob(path: Path, name: str) -> bytes:
    return subprocess.run(
        ["git", "cat-file", "blob", name], cwd=path, env=_ENVIRONMENT, capture_output=True, check=True
    ).stdout


def _commit(files: Mapping[str, Content], branch: str, mark: int, past: int, parent: str) -> bytes:
    who = f"Author <author@example.org> {_EPOCH + past + mark} +0000"
    message = f"commit {past + mark}"
    lines = [f"commit refs/heads/{branch}", f"mark :{mark}", f"committer {who}", f"data {len(message)}", message]
    if parent:
        lines.append(f"from {parent}")
    stream = "\n".join(lines).encode() + b"\n"
    for name, content in files.items():
        stream += _change(name, content)
    return stream + b"\n"


def _change(name: str, content: Content) -> bytes:
    if content is None:
        return f"D {name}\n".encode()
    mode, data = "100644", content
    if isinstance(content, Symlink):
        mode, data = "120000", content.aim
    elif isinstance(content, Executable):
        mode, data = "100755", content.data
    data = data.encode() if isinstance(data, str) else data
    assert isinstance(data, bytes)
    return f"M {mode} inline {name}\ndata {len(data)}\n".encode() + data + b"\n"
