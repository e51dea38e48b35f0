"""Git as it talks to other machines: bounded in time, tried again, and ended with all of its helpers."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from subprocess import PIPE, TimeoutExpired
from typing import Any

import git
from git.exc import CommandError, GitCommandError

from bot.config.network import NetworkSettings
from bot.errors import DeadlineError, TransientError
from bot.forge.git_failures import git_failure
from bot.forge.git_settings import SAFE_OPTIONS
from bot.network.deadline import patiently, seconds_left
from bot.network.processes import GRACE_SECONDS, ended_with_the_program, signal_all, was_ended

_LEAST_BYTES_PER_SECOND = 100
_SMALL = frozenset({"ls-remote"})
"""Commands whose answer is as small as one of an API."""


def transfer(
    runner: git.Git, arguments: Sequence[str], name: str, environment: Mapping[str, str], network: NetworkSettings
) -> bytes:
    """The output of a git command that talks to the repository called `name`. A failure that may pass is tried again:
    the command must do no harm when it is run twice. Raises TransientError, DeadlineError, RepositoryError,
    RefusedError or StorageError."""
    own = {**_environment(runner, network), **environment}
    return patiently(
        lambda: _run(runner, arguments, name, own, network),
        lambda error: isinstance(error, TransientError),
        network.retry_seconds,
    )


def _run(
    runner: git.Git, arguments: Sequence[str], name: str, environment: Mapping[str, str], network: NetworkSettings
) -> bytes:
    command = arguments[0]
    most = network.request_seconds if command in _SMALL else network.transfer_minutes * 60
    seconds = seconds_left(most)
    try:
        process: Any = runner.execute(
            [git.Git.GIT_PYTHON_GIT_EXECUTABLE or "git", *SAFE_OPTIONS, *arguments],
            istream=PIPE,
            as_process=True,
            env=environment,
            # So that its helpers can be ended with it, and nothing asks at the terminal and waits for an answer.
            start_new_session=True,
        )
        try:
            with ended_with_the_program(process):
                output, errors = process.communicate(b"", timeout=seconds)
                if was_ended(process):
                    raise DeadlineError(f"{name}: git {command} was ended with the program; run again")
        except TimeoutExpired:
            seconds_left(most)  # says so if it was the limit around this transfer
            limit = "network.request_seconds" if command in _SMALL else "network.transfer_minutes"
            raise DeadlineError(
                f"{name}: git {command} was not done after {seconds:.0f} s and was ended; check the network, or raise"
                f" {limit} if the repository is that large, and run again"
            ) from None
        finally:
            _end(process)
        if process.returncode:
            raise GitCommandError([command], process.returncode, errors)
    except CommandError as error:
        raise git_failure(error, command, name) from error
    return bytes(output)


def _end(process: Any) -> None:
    """Ends the command, if it still runs, and its helpers: first politely, so that it removes its locks."""
    if process.poll() is not None:
        return
    signal_all(process, signal.SIGTERM)
    try:
        process.communicate(timeout=GRACE_SECONDS)
    except TimeoutExpired:
        signal_all(process, signal.SIGKILL)
        process.communicate()


def _environment(runner: git.Git, network: NetworkSettings) -> dict[str, str]:
    """Limits that git and SSH keep by themselves; what the user configured for SSH stands."""
    limits = {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_HTTP_LOW_SPEED_LIMIT": str(_LEAST_BYTES_PER_SECOND),
        "GIT_HTTP_LOW_SPEED_TIME": str(max(round(network.silence_seconds), 1)),
    }
    if not (os.environ.get("GIT_SSH_COMMAND") or os.environ.get("GIT_SSH") or _has_ssh_command(runner)):
        connect, interval = max(round(network.connect_seconds), 1), max(round(network.silence_seconds / 3), 1)
        options = f"ConnectTimeout={connect}", f"ServerAliveInterval={interval}", "ServerAliveCountMax=3"
        limits["GIT_SSH_COMMAND"] = " ".join(["ssh", *(f"-o {option}" for option in options)])
    return limits


def _has_ssh_command(runner: git.Git) -> bool:
    return bool(runner.execute(["git", "config", "--get", "core.sshCommand"], with_exceptions=False))
