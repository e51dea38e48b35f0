"""What git and the disk say when they fail, as errors a user can act on."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from git.exc import CommandError, GitCommandNotFound

from bot.errors import AmtsError, RepositoryError, StorageError

_STORAGE = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "Read-only file system",
    "Permission denied",
    "insufficient permission",
)
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
# A git killed by this signal wrote past the limit on file sizes (`ulimit -f`).
_FILE_SIZE_SIGNAL = -int(getattr(signal, "SIGXFSZ", 0))


def redacted(text: str) -> str:
    """The text without the user names, passwords and tokens of the URLs in it."""
    return _CREDENTIALS.sub("", text)


def git_failure(error: CommandError, command: str, repository: str) -> AmtsError:
    """The error for a git command (`update-ref`, say) that failed in `repository`: StorageError where the disk refused,
    RepositoryError otherwise."""
    if isinstance(error, GitCommandNotFound):
        return RepositoryError("git is not installed or not on the PATH; install git 2.31 or newer")
    said = _last_line(error.stderr) or f"exit status {error.status}"
    if error.status == _FILE_SIZE_SIGNAL:
        said = "File too large"
    # A remote that denies access speaks of permissions too, and no disk is at fault.
    if any(sign in said for sign in _STORAGE) and "publickey" not in said:
        return storage_failure(repository, said)
    return RepositoryError(f"{repository}: git {command} failed: {said}")


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


def _last_line(stderr: object) -> str:
    """What git said last, without GitPython's wrapping (`stderr: '…'`) and git's `fatal:`."""
    text = stderr.decode("utf-8", "replace") if isinstance(stderr, bytes) else str(stderr or "")
    text = text.strip().removeprefix("stderr:").strip().strip("'")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    return redacted(re.sub(r"^(fatal|error):\s*", "", telling[-1])) if telling else ""
