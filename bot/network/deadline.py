"""A limit of time that travels: set around a piece of work, it bounds every call to another machine inside."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot.errors import AmtsError, DeadlineError

ResultT = TypeVar("ResultT")

ATTEMPTS = 3
"""How often a call is tried that may be repeated without harm."""


@dataclass
class _Deadline:
    ends: float
    """By the monotonic clock."""
    message: str
    outer: _Deadline | None
    """The limit around it, which is not sooner."""


_current: contextvars.ContextVar[_Deadline | None] = contextvars.ContextVar("deadline", default=None)


@contextmanager
def time_limit(seconds: float, message: str) -> Iterator[None]:
    """Within the block, calls may use up to so many seconds in all, and no more than a limit around the block has left.
    `message` is what the DeadlineError of a call that comes too late says."""
    outer = _current.get()
    ends = time.monotonic() + seconds
    token = _current.set(outer if outer is not None and outer.ends <= ends else _Deadline(ends, message, outer))
    try:
        yield
    finally:
        _current.reset(token)


def seconds_left(most: float) -> float:
    """The time for one call: `most`, or less if the limit around it leaves less. Raises DeadlineError if it leaves
    none."""
    deadline = _current.get()
    if deadline is None:
        return most
    left = deadline.ends - time.monotonic()
    if left <= 0:
        raise DeadlineError(deadline.message)
    return min(most, left)


def pause(seconds: float, sleep: Callable[[float], None] = time.sleep) -> None:
    """Waits before a call is tried again. Raises DeadlineError instead if that would take all that is left."""
    deadline = _current.get()
    if deadline is not None and deadline.ends - time.monotonic() <= seconds:
        raise DeadlineError(deadline.message)
    sleep(seconds)


@contextmanager
def uncounted() -> Iterator[None]:
    """The time that the block takes does not count (a wait for work that has a limit of its own)."""
    began = time.monotonic()
    try:
        yield
    finally:
        waited, deadline = time.monotonic() - began, _current.get()
        while deadline is not None:
            deadline.ends += waited
            deadline = deadline.outer


def patiently(call: Callable[[], ResultT], passes: Callable[[AmtsError], bool], seconds: float) -> ResultT:
    """The result of a call without lasting effects. After a failure that `passes`, it is tried again, up to ATTEMPTS
    times in all, with pauses that begin at so many seconds and double."""
    attempt = 1
    while True:
        try:
            return call()
        except AmtsError as error:
            if attempt == ATTEMPTS or isinstance(error, DeadlineError) or not passes(error):
                raise
        pause(seconds * 2 ** (attempt - 1))
        attempt += 1


def in_time(call: Callable[[], ResultT], most: float, message: str) -> ResultT:
    """The result of a call that keeps no time of its own (into other people's code, say). After `most` seconds, or what
    is left, raises DeadlineError; the call is then left behind in its thread, which does not keep the program alive."""
    results: list[ResultT] = []
    failures: list[BaseException] = []

    def work() -> None:
        try:
            results.append(call())
        except BaseException as error:
            failures.append(error)

    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(work,), name="limited call", daemon=True)
    thread.start()
    thread.join(seconds_left(most))
    if failures:
        raise failures[0]
    if not results:
        raise DeadlineError(message)
    return results[0]
