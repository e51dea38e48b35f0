"""Runs a stage over many files on all cores; with few files, in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from bot.errors import AmtsError

Item = TypeVar("Item")
Result = TypeVar("Result")
Advance = Callable[[str, int, int], None]
"""Told after each file: the stage, how many are done, how many there are."""

# Starting processes costs more than this many files do.
_FEW = 6

_function: Callable[..., Any]
_shared: tuple[Any, ...]


def no_progress(stage: str, done: int, total: int) -> None:
    """An Advance that tells nobody."""


class Runner:
    """Maps functions over files. `jobs` defaults to the cores this process may use."""

    def __init__(self, jobs: int | None = None, advance: Advance = no_progress) -> None:
        self._jobs = jobs or _cores()
        self._advance = advance

    def map(
        self, stage: str, function: Callable[..., Result], items: Sequence[tuple[Any, ...]], *shared: object
    ) -> list[Result | AmtsError]:
        """`function(*item, *shared)` for each item, in order. An AmtsError is that item's result; others end the run."""
        results: list[Result | AmtsError] = []
        if self._jobs == 1 or len(items) < _FEW:
            for item in items:
                results.append(_attempt(function, item, shared))
                self._advance(stage, len(results), len(items))
            return results
        with ProcessPoolExecutor(self._jobs, initializer=_share, initargs=(function, shared)) as pool:
            for result in pool.map(_run, items, chunksize=4):
                results.append(result)
                self._advance(stage, len(results), len(items))
        return results


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _attempt(function: Callable[..., Result], item: tuple[Any, ...], shared: tuple[Any, ...]) -> Result | AmtsError:
    try:
        return function(*item, *shared)
    except AmtsError as error:
        return error


def _share(function: Callable[..., Any], shared: tuple[Any, ...]) -> None:
    """What all items need travels once to each process, not with each item."""
    global _function, _shared  # noqa: PLW0603 - a worker process has no other place for it
    _function, _shared = function, shared


def _run(item: tuple[Any, ...]) -> Any:
    return _attempt(_function, item, _shared)
