"""The branches of a repository on its host, fetched, and moved by compare and swap."""

from __future__ import annotations

from bot.errors import RepositoryError
from bot.forge.blocking import blocked_failure, blocking_branch, branches_there
from bot.forge.clones import Access
from bot.forge.failures import moved_failure, redacted
from bot.forge.git import Repository


class Remote:
    """The branches of the repository at `url`, of which `repository` is a clone."""

    def __init__(self, repository: Repository, url: str, access: Access) -> None:
        self._repository = repository
        self._url = url
        self._access = access

    def tip(self, branch: str) -> str | None:
        """The commit that the branch stands at now."""
        line = self._run("ls-remote", self._url, f"refs/heads/{branch}").split()
        return line[0] if line else None

    def fetch(self, ref: str, commit: str) -> None:
        """Fetches a ref, unless the clone holds the commit already."""
        if not self._repository.has_commit(commit):
            self._run("fetch", "--quiet", self._url, ref)

    def obtain(self, ref: str, commit: str) -> bool:
        """As `fetch`, for a ref that may be gone. Whether the clone holds the commit now."""
        if not self._repository.has_commit(commit) and self._run("ls-remote", self._url, ref).split():
            self._run("fetch", "--quiet", self._url, ref)
        return self._repository.has_commit(commit)

    def push(self, branch: str, new: str, expected: str | None) -> None:
        """Moves the branch forward from `expected` (None: it must not exist) to `new`, which contains it. Raises
        MovedError if the branch stands elsewhere by now; nothing is overwritten."""
        if expected is not None and not self._repository.contains(new, expected):
            raise moved_failure(self._repository.name, branch)
        self._swap(branch, f"{new}:refs/heads/{branch}", new, expected)

    def delete(self, branch: str, expected: str) -> None:
        """Deletes the branch. Raises MovedError if it stands elsewhere by now."""
        self._swap(branch, f":refs/heads/{branch}", None, expected)

    def _swap(self, branch: str, refspec: str, new: str | None, expected: str | None) -> None:
        # The lease is git's compare and swap. It would allow to rewrite history, so `push` rules that out before.
        lease = f"--force-with-lease=refs/heads/{branch}:{expected or ''}"
        try:
            self._run("push", "--quiet", lease, self._url, refspec)
        except RepositoryError:
            tip = self.tip(branch)
            if tip not in (new, expected):
                raise moved_failure(self._repository.name, branch) from None
            if tip != new:
                if new is not None and (found := blocking_branch(branch, branches_there(self._transfer, self._url))):
                    raise blocked_failure(self._repository.name, branch, found) from None
                raise
        # The clone's own branch follows.
        ref = f"refs/heads/{branch}"
        self._repository.run("update-ref", *(["-d", ref] if new is None else ["-m", "amts", ref, new]))

    def _run(self, *arguments: str) -> str:
        return redacted(self._transfer(*arguments).decode("utf-8", "replace"))

    def _transfer(self, *arguments: str) -> bytes:
        return self._repository.transfer(*arguments, environment=self._access())
