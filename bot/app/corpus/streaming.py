"""Maps a function over a stream on all processors: few items are in memory at a time, results come in their order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from bot.errors import AmtsError

Item = TypeVar("Item")
Result = TypeVar("Result")

# Batches for each process: one at work, and some that wait, so that a slow one holds nobody up.
_WAITING = 4


def batches(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    stream = iter(items)
    while batch := tuple(islice(stream, size)):
        yield batch


def stream(
    executor: Executor, jobs: int, function: Callable[[Item], Result], items: Iterable[Item]
) -> Iterator[Result]:
    """`function(item)` for each item, in order; an executor of any kind will do. At most four items for each of its
    `jobs` are read ahead. Raises AmtsError where a process dies."""
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(executor.submit(function, item))
            if len(waiting) >= jobs * _WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise AmtsError("a process died over these documents; out of memory? Run again with --jobs 1") from None
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def processes(jobs: int) -> Iterator[Executor]:
    """An executor of so many processes. What they are at is given up where the block ends by an exception."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, initializer=_begin)
    try:
        yield pool
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Control-C reaches all processes of a terminal, and the one that started these deals with it; none outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
