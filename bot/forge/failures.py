"""Failures of git and of the disk, as errors that a user can act on."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import AmtsError, MovedError, RefusedError, RepositoryError, StorageError, TransientError

if TYPE_CHECKING:
    from git.exc import CommandError

_STORAGE = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "Read-only file system",
    "Permission denied",
    "insufficient permission",
)
# The words of git and of curl, in which git speaks HTTP.
_TRANSIENT = re.compile(
    r"returned error: (5\d\d|429)|Could not resolve host|Couldn't connect|Failed to connect|RPC failed|early EOF"
    r"|Connection (was )?(reset|refused|timed out)|Operation timed out|Empty reply from server|Recv failure"
    r"|hung up unexpectedly|unexpected disconnect|SSL_ERROR_SYSCALL|outstanding read data remaining",
    re.IGNORECASE,
)
# A host wants credentials and nobody sits at a terminal, or it refused those it was given.
_REFUSED = re.compile(r"could not read (Username|Password) for|terminal prompts disabled|Authentication failed for")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
# What GitHub's tokens look like, and a header that carries one, in base64 too.
_TOKENS = re.compile(r"\bgh[a-z]_\w{8,}|\bgithub_pat_\w{8,}|\bauthorization: *\w+ +\S+", re.IGNORECASE)
# A git killed by this signal wrote past the limit on file sizes (`ulimit -f`).
_FILE_SIZE_SIGNAL = -int(getattr(signal, "SIGXFSZ", 0))


def storage_failure(place: str, reason: str) -> StorageError:
    return StorageError(
        f"{place}: can't write: {reason}; what was there before is intact, "
        "so make room or give write permission and run again"
    )


@contextmanager
def storage_errors(place: Path | str) -> Iterator[None]:
    """Turns the OSErrors of its block, which writes to `place`, into StorageErrors."""
    try:
        yield
    except OSError as error:
        raise storage_failure(str(place), error.strerror or type(error).__name__) from error


def moved_failure(repository: str, branch: str) -> MovedError:
    return MovedError(
        f'{repository}: the branch "{branch}" moved while the bot worked; nothing was overwritten, so run again'
    )


def redacted(text: str) -> str:
    """The text without user names and passwords in URLs, and without GitHub's tokens."""
    return _TOKENS.sub("***", _CREDENTIALS.sub("", text))


def git_failure(error: CommandError, command: str, repository: str) -> AmtsError:
    """The error for a git command (`update-ref`, say) that failed in `repository`: StorageError if the disk refused,
    TransientError if the network or the host failed, RefusedError if the host does not accept a branch, otherwise
    RepositoryError."""
    # Not before: commands that need no git start without it.
    from git.exc import GitCommandNotFound

    if isinstance(error, GitCommandNotFound):
        return RepositoryError("git is not installed or not on the PATH; install git 2.31 or newer")
    # Git's own words, without GitPython's wrapping (`stderr: '…'`).
    text = error.stderr.strip().removeprefix("stderr:").strip().strip("'")
    message = _last_line(text) or f"exit status {error.status}"
    if error.status == _FILE_SIZE_SIGNAL:
        message = "File too large"
    # A remote that denies access mentions permissions, too.
    if any(sign in message for sign in _STORAGE) and "publickey" not in message:
        return storage_failure(repository, message)
    if _REFUSED.search(text):
        need = "write to" if command == "push" else "read"
        return RepositoryError(
            f"{repository}: the host refused access; set GITHUB_TOKEN to a token that may {need} this repository (with"
            " a forge other than github, git needs credentials of its own)"
        )
    kind = RefusedError if "[remote rejected]" in text else RepositoryError
    kind = TransientError if _TRANSIENT.search(text) else kind
    return kind(f"{repository}: git {command} failed: {message}")


def _last_line(text: str) -> str:
    """Git's last message, without its `fatal:`."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    # A refused push gives the reason before its last line.
    refused = [line for line in lines if line.startswith(("remote: error:", "! [remote rejected]"))]
    if refused and "failed to push" in telling[-1]:
        telling = refused[:1]
    return redacted(re.sub(r"^(remote: )?(fatal|error):\s*", "", telling[-1])) if telling else ""
