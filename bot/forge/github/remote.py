"""Moving a host's branches by compare and swap, over HTTP."""

from __future__ import annotations

from bot.errors import RepositoryError
from bot.forge.failures import moved_failure, redacted
from bot.forge.git import Access, Repository


class Remote:
    """A repository's branches on its host, moved from a clone of it."""

    def __init__(self, repository: Repository, url: str, access: Access) -> None:
        self._repository = repository
        self._url = url
        self._access = access

    def tip(self, branch: str) -> str | None:
        """Where the branch stands by now."""
        found = self._run("ls-remote", self._url, f"refs/heads/{branch}").split()
        return found[0] if found else None

    def fetch(self, ref: str, commit: str) -> None:
        """Sees to it that the clone holds a commit of a ref."""
        if not self._repository.has_commit(commit):
            self._run("fetch", "--quiet", self._url, ref)

    def obtain(self, ref: str, commit: str) -> bool:
        """As `fetch`; false where the host does not have the ref, or has it elsewhere."""
        if not self._repository.has_commit(commit) and self._run("ls-remote", self._url, ref).split():
            self._run("fetch", "--quiet", self._url, ref)
        return self._repository.has_commit(commit)

    def push(self, branch: str, new: str, expected: str | None) -> None:
        """Moves the branch forward from `expected` (None: it must not exist) to `new`, which contains it.

        Raises RepositoryError where it stands elsewhere by now; nothing is overwritten.
        """
        if expected is not None and not self._repository.contains(new, expected):
            raise moved_failure(self._repository.name, branch)
        self._swap(branch, f"{new}:refs/heads/{branch}", new, expected)

    def delete(self, branch: str, expected: str) -> None:
        """Deletes the branch, unless it stands elsewhere by now (RepositoryError)."""
        self._swap(branch, f":refs/heads/{branch}", None, expected)

    def _swap(self, branch: str, refspec: str, new: str | None, expected: str | None) -> None:
        # The lease is git's compare and swap. It would let history be rewritten, so `push` looks at that first.
        lease = f"--force-with-lease=refs/heads/{branch}:{expected or ''}"
        try:
            self._run("push", "--quiet", lease, self._url, refspec)
        except RepositoryError:
            tip = self.tip(branch)
            if tip not in (new, expected):
                raise moved_failure(self._repository.name, branch) from None
            if tip != new:
                raise
        self._follow(branch, new)

    def _follow(self, branch: str, tip: str | None) -> None:
        """Brings the clone's own branch in step."""
        ref = f"refs/heads/{branch}"
        if tip is None:
            self._repository.run("update-ref", "-d", ref)
        else:
            self._repository.run("update-ref", "-m", "amts", ref, tip)

    def _run(self, *arguments: str) -> str:
        return redacted(self._repository.run(*arguments, environment=self._access()).decode())
