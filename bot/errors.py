"""Every error a user can meet, with its exit code; caught once, at the top of the command line."""

from __future__ import annotations


def install_hint(extra: str) -> str:
    """How an extra is installed: from a checkout, since the name `amts` on PyPI is not this project's."""
    return f'pip install ".[{extra}]" in a checkout of AMTS'


class AmtsError(Exception):
    """An error that the user can act on: one clear sentence that says what to do, and an exit code."""

    exit_code = 1


class UsageError(AmtsError):
    """The command line names something that does not exist, or options that exclude each other."""

    exit_code = 2


class ConfigError(AmtsError):
    """The configuration is wrong; the message names the file, the line and the nearest valid key."""

    exit_code = 3


class InputError(AmtsError):
    """A document can't be read: missing, not UTF-8, binary, too large, outside the repository."""

    exit_code = 4


class RepositoryError(AmtsError):
    """A git repository is not in a state to work with: no commits, unknown branch, dirty checkout, moved branch."""

    exit_code = 5


class MovedError(RepositoryError):
    """A branch moved while the bot worked, so nothing was written to it."""


class TransientError(RepositoryError):
    """A host is down, can't be reached, or limits the rate of requests; a later try may succeed."""


class DeadlineError(TransientError):
    """A limit of time is used up; a later run goes on from there."""


class RefusedError(RepositoryError):
    """A host, or people's work on it, does not let a branch be written."""


class BaselineError(AmtsError):
    """The English revision that a translated file was made from is unknown."""

    exit_code = 6


class VerificationError(AmtsError):
    """A merged document broke one of the promises, so it was not written."""

    exit_code = 7


class EngineError(AmtsError):
    """A translation engine could not do its work."""

    exit_code = 8


class StorageError(AmtsError):
    """Writing failed (disk full, no permission); the previous content is intact."""

    exit_code = 9


class PendingError(AmtsError):
    """A batch job is still running; a later run collects its translations."""

    exit_code = 10


class UnforeseenError(AmtsError):
    """A bug, or no memory: any exception that is none of the others. The message says where its traceback is."""
