"""Runs a stage over many files on all processors; with few files, in this process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from bot.errors import AmtsError

Result = TypeVar("Result")
Advance = Callable[[str, int, int], None]
"""Called after each file with the stage, the number of files that are done, and the number of all."""

# With fewer files, starting processes costs more than it saves.
_MIN_FILES_FOR_PROCESSES = 6

_function: Callable[..., Any]
_shared: tuple[Any, ...]


def no_progress(stage: str, done: int, total: int) -> None:
    """An Advance that does nothing."""


class Runner:
    """Maps functions over files. `jobs` defaults to the processors this process may use, `start_method` (one of
    multiprocessing's) to the platform's own."""

    def __init__(
        self, jobs: int | None = None, advance: Advance = no_progress, start_method: str | None = None
    ) -> None:
        self._jobs = jobs or processors()
        self._advance = advance
        self._context = multiprocessing.get_context(start_method)

    def map(
        self, stage: str, function: Callable[..., Result], items: Sequence[tuple[Any, ...]], *shared: object
    ) -> list[Result | AmtsError]:
        """`function(*item, *shared)` for each item, in order. An AmtsError is the result of its item; any other error
        ends the run. `function` must stand at the top of a module, since it travels to other processes. Raises
        AmtsError if one of these dies."""
        results: list[Result | AmtsError] = []
        if self._jobs == 1 or len(items) < _MIN_FILES_FOR_PROCESSES:
            for item in items:
                results.append(_attempt(function, item, shared))
                self._advance(stage, len(results), len(items))
            return results
        others = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(
            self._jobs, mp_context=self._context, initializer=_share, initargs=(function, shared)
        )
        try:
            for result in pool.map(_run, items):
                results.append(result)
                self._advance(stage, len(results), len(items))
        except BrokenProcessPool:
            advice = "out of memory? Run again with --jobs 1, which needs less"
            raise AmtsError(f"a process died while {stage} {len(items)} files; {advice}") from None
        except BaseException:
            # An interrupt does not wait for the files at work.
            for process in set(multiprocessing.active_children()) - others:
                process.kill()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
        return results


def processors() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _attempt(function: Callable[..., Result], item: tuple[Any, ...], shared: tuple[Any, ...]) -> Result | AmtsError:
    try:
        return function(*item, *shared)
    except AmtsError as error:
        return error


def _share(function: Callable[..., Any], shared: tuple[Any, ...]) -> None:
    """Sends what all items need once to each process, not with each item."""
    global _function, _shared
    _function, _shared = function, shared
    begin_process()


def begin_process() -> None:
    """To be called first in a process of a pool. Control-C reaches all processes of a terminal; the parent handles
    it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends a worker whose parent was killed; it would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(item: tuple[Any, ...]) -> Any:
    return _attempt(_function, item, _shared)
