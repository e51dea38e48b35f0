"""`amts` in a process of its own that is killed, or whose disk is full, at a moment that a test chooses."""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["bot.cli.sync", "bot.sync.language", "bot.forge.local", "tests.support.disturbed"])


@dataclass(frozen=True)
class Disturbance:
    """What happens to the process: it is killed at its step number `kill` (each start of a git and each change of the
    disk is a step); its disk is full from step number `full`; no file can grow beyond `size` bytes."""

    kill: int = 0
    full: int = 0
    size: int = -1


@dataclass(frozen=True)
class Ended:
    """`code` is negative for a process that a signal ended. `steps` are those that it came to."""

    code: int
    err: str
    steps: int


def run_disturbed(folder: Path, arguments: Sequence[str | Path], disturbance: Disturbance) -> Ended:
    """Runs `amts`; `folder` is for what it prints."""
    err, steps = folder / "err", folder / "steps"
    for file in (err, steps):
        file.write_text("")
    process = _CONTEXT.Process(target=_run, args=(list(map(str, arguments)), dict(os.environ), disturbance, err, steps))
    process.start()
    process.join(120)
    assert process.exitcode is not None
    return Ended(process.exitcode, err.read_text("utf-8"), steps.stat().st_size)


def _run(
    arguments: Sequence[str], environment: dict[str, str], disturbance: Disturbance, err: Path, steps: Path
) -> None:
    from bot.cli import main

    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["amts", *arguments]
    # Not into a file, which could not grow either.
    with StringIO() as errors, redirect_stderr(errors), redirect_stdout(StringIO()):
        told = os.open(err, os.O_WRONLY)
        sys.addaudithook(_stepping(disturbance, os.open(steps, os.O_WRONLY | os.O_APPEND)))
        if disturbance.size >= 0:
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (disturbance.size, hard))
        try:
            main()
        finally:
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            os.write(told, errors.getvalue().encode())


def _stepping(disturbance: Disturbance, counter: int) -> Callable[[str, tuple[object, ...]], None]:
    number = 0

    def step(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal number
        match event, arguments:
            case "open", (str() | bytes() | Path() as path, _, int(flags)) if flags & _WRITING and path != os.devnull:
                pass
            case "os.rename" | "os.mkdir" | "os.link", _:
                pass
            case "os.remove" | "os.rmdir" | "subprocess.Popen", _:
                # Neither needs room.
                number += 1
                os.write(counter, b".")
                if number == disturbance.kill:
                    os.kill(os.getpid(), signal.SIGKILL)
                return
            case _:
                return
        number += 1
        os.write(counter, b".")
        if number == disturbance.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        if 0 < disturbance.full <= number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return step
