"""Maps a function over a stream on all processors: few items are in memory at a time, results come in their order."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from bot.book.workers import begin_process
from bot.errors import AmtsError

Item = TypeVar("Item")
Result = TypeVar("Result")

# Batches for each process: one at work, and some that wait, so that a slow one holds nobody up.
_WAITING = 4


def batches(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    stream = iter(items)
    while batch := tuple(islice(stream, size)):
        yield batch


@dataclass(frozen=True, slots=True)
class Workers:
    """An executor of any kind, and how many items it works on at once."""

    executor: Executor
    jobs: int


def stream(workers: Workers, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """`function(item)` for each item, in order. At most four items for each job are read ahead."""
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(workers.executor.submit(function, item))
            if len(waiting) >= workers.jobs * _WAITING:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)
    finally:
        for future in waiting:
            future.cancel()


def _first(waiting: deque[Future[Result]]) -> Result:
    """Waits for it. An interrupt leaves it among those that are given up."""
    result = waiting[0].result()
    waiting.popleft()
    return result


@contextmanager
def processes(jobs: int) -> Iterator[Workers]:
    """So many processes. What they are at is given up where the block ends by an exception. Raises AmtsError where one
    of them dies."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, initializer=begin_process)
    try:
        yield Workers(pool, jobs)
    except BrokenProcessPool:
        raise AmtsError("a process died over these documents; out of memory? Run again with --jobs 1") from None
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
