"""The workers of a corpus (local processes or a Dask cluster), and an ordered map that holds few items in memory."""

from __future__ import annotations

import logging
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.book.workers import begin_process
from bot.errors import AmtsError, UsageError, install_hint
from bot.memory.language_detection import installed_version

if TYPE_CHECKING:
    from distributed import Client

Item = TypeVar("Item")
Result = TypeVar("Result")

# Items for each job: one at work, and some that wait. So a slow item delays no others.
_ITEMS_PER_JOB = 4
# Seconds until the scheduler of a cluster answers, and until its first worker is there.
_CLUSTER_TIMEOUT = 10.0
# The packages that decide which text and which pairs a document gives.
_PACKAGES = ("amts", "numpy", "py3langid", "pyromark", "sentencex", "trafilatura")


@dataclass(frozen=True, slots=True)
class Workers:
    """An executor, and the number of items that it works on at once."""

    executor: Executor
    jobs: int


def stream(workers: Workers, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """`function(item)` for each item, in order. At most four items for each job are read ahead."""
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(workers.executor.submit(function, item))
            if len(waiting) >= workers.jobs * _ITEMS_PER_JOB:
                yield _next_result(waiting)
        while waiting:
            yield _next_result(waiting)
    finally:
        for future in waiting:
            future.cancel()


def _next_result(waiting: deque[Future[Result]]) -> Result:
    # An interrupt while this waits leaves the future among the futures to cancel.
    result = waiting[0].result()
    waiting.popleft()
    return result


@contextmanager
def processes(jobs: int) -> Iterator[Workers]:
    """Processes of this machine. An exception in the block stops them at once. Raises AmtsError if one dies."""
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


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """All workers of the Dask cluster whose scheduler is at `address`. Others redo the work of a worker that dies; an
    exception in the block cancels all work. Raises UsageError for an unusable cluster, AmtsError if it fails."""
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise UsageError(f"a Dask cluster needs distributed: {install_hint('dask')}") from None
    # A broken connection is reported by the errors here.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=_CLUSTER_TIMEOUT)
    except (OSError, TimeoutError, ValueError):
        raise UsageError(f"no Dask scheduler answers at {address}; is it running, and is that its address?") from None
    with client:
        jobs = _check(client, address)
        try:
            yield Workers(client.get_executor(), jobs)
        except KilledWorker as error:
            raise AmtsError(
                f"{error.allowed_failures + 1} Dask workers died over the same documents; out of memory? Give each more"
            ) from None
        except CancelledError:
            raise AmtsError(f"the Dask scheduler at {address} is gone; run again once it is back") from None


def installed_versions() -> dict[str, str]:
    """The versions of the packages that read and align documents; "" for a package that is not installed."""
    return {name: installed_version(name) for name in _PACKAGES}


def _check(client: Client, address: str) -> int:
    """The workers' threads. Raises UsageError unless all have this machine's packages: results must be the same."""
    try:
        client.wait_for_workers(1, _CLUSTER_TIMEOUT)
        everywhere = client.run(installed_versions)
    except TimeoutError:
        raise UsageError(
            f"the Dask scheduler at {address} has no worker; start one with: dask worker {address}"
        ) from None
    except ModuleNotFoundError:
        raise UsageError(
            f"a Dask worker of {address} has no AMTS; on each machine: {install_hint('corpus,dask')}"
        ) from None
    here = installed_versions()
    for worker, there in everywhere.items():
        for name in _PACKAGES:
            if there[name] != here[name]:
                versions = [f"{name} {number}" if number else f"no {name}" for number in (there[name], here[name])]
                raise UsageError(
                    f"the Dask worker {worker} has {versions[0]}, this machine {versions[1]}; install the same"
                )
    return sum(client.nthreads().values())
