"""Runs a program: text in, text out, within limits. It is the head of a session of its own, which ends with it."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.errors import DeadlineError, EngineError
from bot.network.processes import GRACE_SECONDS, ended_with_the_program, signal_all, was_ended

_PIECE = 1 << 16
_ERROR_BYTES = 4096
"""What is kept of the end of the standard error."""
_LOOK_SECONDS = 0.1
"""How soon the end of a program is seen that leaves its output to a process of its own."""


@dataclass(frozen=True, slots=True)
class RunLimits:
    """`seconds` for the whole run, `idle_seconds` without a byte read or written, and the bytes of the output."""

    seconds: float
    idle_seconds: float
    output_bytes: int


@dataclass(frozen=True, slots=True)
class Run:
    """What a program wrote: its output, and the end of its standard error. `fault` is "" if it ended by itself with
    exit code 0, else what it did instead ("ended with exit code 3"). `in_time` is false if it took too long in all."""

    output: bytes
    errors: str
    fault: str
    in_time: bool = True


def run(command: Sequence[str], text: bytes, folder: Path, environment: Mapping[str, str], limits: RunLimits) -> Run:
    """Gives the program the text. Raises EngineError if it can't be started, DeadlineError if AMTS itself ends."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment,
            start_new_session=True,
            bufsize=0,
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise EngineError(
            f"the engine's program {command[0]} can't be started ({reason}); install it, or correct `command`"
        ) from error
    with process, ended_with_the_program(process):
        exchange = _Exchange(process, text, limits)
        try:
            fault = exchange.carry_out()
        finally:
            _end(process)
        if was_ended(process):
            raise DeadlineError(f"the engine's program {command[0]} was ended with AMTS; run again")
    code = process.returncode
    if not fault and code:
        fault = f"ended with exit code {code}" if code > 0 else f"was ended by the signal {_signal_name(-code)}"
    errors = bytes(exchange.errors).decode(errors="replace")
    return Run(bytes(exchange.output), errors, fault, exchange.in_time)


class _Exchange:
    """Writes the input and reads output and errors at the same time: neither side can wait for the other for ever."""

    def __init__(self, process: subprocess.Popen[bytes], text: bytes, limits: RunLimits) -> None:
        self.output = bytearray()
        self.errors = bytearray()
        self.in_time = True
        self._process = process
        self._text = memoryview(text)
        self._limits = limits

    def carry_out(self) -> str:
        """Until the program has ended and said all; returns what it did instead."""
        began = moved = time.monotonic()
        ended: float | None = None
        with selectors.DefaultSelector() as selector:
            for stream, event in self._streams():
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, event)
            while True:
                for key, _ in selector.select(_LOOK_SECONDS if self._awaits(selector) else _LOOK_SECONDS / 10):
                    moved = time.monotonic()
                    if not self._move(key.fileobj):  # type: ignore[arg-type]  # one of the streams
                        selector.unregister(key.fileobj)
                        key.fileobj.close()  # type: ignore[union-attr]
                if len(self.output) > self._limits.output_bytes:
                    return f"wrote more than {self._limits.output_bytes / 1e6:g} MB (answer_megabytes) and was ended"
                now = time.monotonic()
                if ended is None and _has_ended(self._process):
                    ended = now
                if ended is not None:
                    # A process that it left behind may hold the streams open.
                    if not self._awaits(selector) or now - ended > GRACE_SECONDS:
                        return ""
                elif now - began > self._limits.seconds:
                    self.in_time = False
                    return f"was not done after {self._limits.seconds:.0f} s (timeout_minutes) and was ended"
                elif now - moved > self._limits.idle_seconds:
                    idle = f"{self._limits.idle_seconds:g} s (idle_seconds)"
                    return f"neither read nor wrote anything for {idle} and was ended"

    def _streams(self) -> list[tuple[IO[bytes], int]]:
        streams = self._process.stdin, self._process.stdout, self._process.stderr
        events = selectors.EVENT_WRITE, selectors.EVENT_READ, selectors.EVENT_READ
        return [(stream, event) for stream, event in zip(streams, events, strict=True) if stream is not None]

    def _awaits(self, selector: selectors.BaseSelector) -> bool:
        """Whether more output may come."""
        return any(key.fileobj is not self._process.stdin for key in selector.get_map().values())

    def _move(self, stream: IO[bytes]) -> bool:
        """Moves a piece; false at the end of the stream."""
        if stream is self._process.stdin:
            try:
                self._text = self._text[os.write(stream.fileno(), self._text[:_PIECE]) :]
            except BlockingIOError:
                return True
            except OSError:  # it reads no more
                return False
            return len(self._text) > 0
        try:
            piece = os.read(stream.fileno(), _PIECE)
        except BlockingIOError:
            return True
        if stream is self._process.stdout:
            self.output += piece
        else:
            self.errors = (self.errors + piece)[-_ERROR_BYTES:]
        return bool(piece)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Leaves the process to be waited for: as long as it is, its number belongs to no other."""
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:  # another thread waited for it
        return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program, if it still runs, and all that it started in its session."""
    if not _has_ended(process):
        signal_all(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while not _has_ended(process) and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS / 5)
    signal_all(process, signal.SIGKILL)
    process.wait()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
