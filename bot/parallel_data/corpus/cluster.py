"""A Dask cluster as the workers of a corpus: its client offers the executor that the code asks for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from bot.errors import AmtsError, UsageError, install_hint
from bot.parallel_data.corpus.workers import Workers

if TYPE_CHECKING:
    from distributed import Client

# Until the scheduler answers, and until its first worker is there.
_SECONDS = 10.0
# What decides which text and which pairs a document gives.
_PACKAGES = ("amts", "numpy", "py3langid", "pyromark", "sentencex", "trafilatura")


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """All workers of the Dask cluster whose scheduler is at `address`. What one that dies was at, others do again; what
    they are at is given up where the block ends by an exception. Raises UsageError where the cluster can't be used,
    AmtsError where it fails."""
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise UsageError(f"a Dask cluster needs distributed: {install_hint('dask')}") from None
    # What it has to say of a broken connection is the error here.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=_SECONDS)
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
    """Of what reads and aligns documents; "" for what is not installed."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def _check(client: Client, address: str) -> int:
    """How many threads the workers have. Raises UsageError unless all have what this machine has: the same documents
    are to give the same bytes."""
    try:
        client.wait_for_workers(1, _SECONDS)
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
                versions = [f"{name} {one}" if one else f"no {name}" for one in (there[name], here[name])]
                raise UsageError(
                    f"the Dask worker {worker} has {versions[0]}, this machine {versions[1]}; install the same"
                )
    return sum(client.nthreads().values())
