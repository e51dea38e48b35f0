"""Processes that talk to other machines: each is the head of a session of its own, and ends with the program."""

from __future__ import annotations

import atexit
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

GRACE_SECONDS = 3.0
"""For a process that was told to end: git then removes its locks and what it received in part."""
_PAUSE_SECONDS = 0.02


class Process(Protocol):
    """A started process, as of `subprocess`."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...


_running: set[Process] = set()
_ended: set[Process] = set()


@contextmanager
def ended_with_the_program(process: Process) -> Iterator[None]:
    """Within the block, `end_processes` ends the process and its helpers."""
    _running.add(process)
    try:
        yield
    finally:
        _running.discard(process)
        _ended.discard(process)


def was_ended(process: Process) -> bool:
    """Whether `end_processes` ended it."""
    return process in _ended


def end_processes(seconds: float = GRACE_SECONDS) -> None:
    """Tells all to end; those that have not after so many seconds are killed. With 0, nobody waits and none is
    killed."""
    processes = [process for process in list(_running) if process.poll() is None]
    _ended.update(processes)
    for process in processes:
        signal_all(process, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(process.poll() is None for process in processes):
        time.sleep(_PAUSE_SECONDS)
    if seconds:
        for process in processes:
            signal_all(process, signal.SIGKILL)


def signal_all(process: Process, number: signal.Signals) -> None:
    """Sends a signal to the process and its helpers, as far as they are still there."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


atexit.register(end_processes)
