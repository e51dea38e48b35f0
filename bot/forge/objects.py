"""Objects of git's database as they are: under their own ids, and compared with them."""

from __future__ import annotations

from hashlib import sha1
from typing import Any

import git

from bot.forge.git_settings import SAFE_OPTIONS


class DamagedObjectError(Exception):
    """The bytes of an object do not have its id."""


class RealObjects:
    """The objects of a repository, read through one `git cat-file` that follows no replacement (`git replace`).
    Not safe for use by several threads."""

    def __init__(self, repo: git.Repo) -> None:
        self._git = git.Git(repo.working_dir)
        self._git.set_persistent_git_options(c=list(SAFE_OPTIONS[1::2]))
        self._git.update_environment(GIT_DIR=str(repo.git_dir), GIT_TERMINAL_PROMPT="0", GIT_NO_REPLACE_OBJECTS="1")

    def read(self, name: str) -> bytes:
        """The bytes of the object with this id. Raises ValueError or OSError if the repository lacks it, and
        DamagedObjectError."""
        answer: tuple[Any, ...] = self._git.get_object_data(name)
        _, kind, _, data = answer
        # Git does not compare what it unpacks from a pack with its id, nor GitPython the length with what was promised.
        # GitPython declares the kind as text and gives bytes.
        head = b"%b %d\0" % (kind, len(data))
        if sha1(head + data, usedforsecurity=False).hexdigest() != name:
            raise DamagedObjectError
        return bytes(data)

    def close(self) -> None:
        """Ends the running `git cat-file`."""
        self._git.clear_cache()
