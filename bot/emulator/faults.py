"""Faults on request, each of them deterministic: they count calls, jobs, documents and sentences."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class FaultKind(StrEnum):
    """On calls: throttled, a 500, or a connection that breaks before or after the call took effect. On jobs: fail, take
    longer, or have a document fail. On sentences: what happens to their placeables."""

    THROTTLE = "throttle"
    ERROR = "error"
    DROP = "drop"
    DROP_BEFORE = "drop-before"
    FAIL_JOB = "fail-job"
    SLOW_JOB = "slow-job"
    FAIL_DOCUMENT = "fail-document"
    LOSE = "lose"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    NEST = "nest"


ON_CALLS = (FaultKind.THROTTLE, FaultKind.ERROR, FaultKind.DROP_BEFORE, FaultKind.DROP)
ON_SENTENCES = (FaultKind.LOSE, FaultKind.DUPLICATE, FaultKind.REORDER, FaultKind.NEST)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, `times` times (None: until a reset).

    `match` is a shell pattern: of an operation's name for a fault on calls (calls to moto are `s3:GET`, `sts:POST` …),
    of a job's name or id, of a document's path below the input folder, or of a sentence, the text of its placeables
    included. `every` hits the k-th, 2k-th … sentence that has a placeable, counted in each job and language, and over
    all texts of TranslateText. `seconds` is what a slow job takes longer.
    """

    kind: FaultKind
    match: str = "*"
    times: int | None = None
    every: int = 1
    seconds: float = 0.0


def read_fault(data: Mapping[str, Any]) -> Fault:
    """A fault from JSON, its keys those of `Fault`. Raises ValueError."""
    known = {field.name for field in fields(Fault)}
    if unknown := set(data) - known:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; a fault has {', '.join(sorted(known))}")
    kinds = ", ".join(FaultKind)
    if data.get("kind") not in set(FaultKind):
        raise ValueError(f'unknown kind "{data.get("kind")}"; known are {kinds}')
    fault = Fault(**{**data, "kind": FaultKind(data["kind"])})
    if fault.every < 1 or fault.seconds < 0 or (fault.times is not None and fault.times < 1):
        raise ValueError("every and times start at 1, seconds at 0")
    return fault


class Faults:
    """The faults that are still to happen; for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._pending.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._pending.clear()

    def take(self, kinds: tuple[FaultKind, ...], *names: str) -> Fault | None:
        """The oldest pending fault of these kinds that matches one of the names; that is one time less."""
        with self._lock:
            for number, fault in enumerate(self._pending):
                if fault.kind in kinds and any(fnmatchcase(name, fault.match) for name in names):
                    if fault.times == 1:
                        del self._pending[number]
                    elif fault.times is not None:
                        self._pending[number] = replace(fault, times=fault.times - 1)
                    return fault
        return None

    def damage(self, sentence: int, text: str) -> FaultKind | None:
        """What happens to the placeables of this sentence, counted from 1."""
        with self._lock:
            for fault in self._pending:
                if fault.kind in ON_SENTENCES and sentence % fault.every == 0 and fnmatchcase(text, fault.match):
                    return fault.kind
        return None

    def pending(self) -> list[dict[str, object]]:
        with self._lock:
            return [asdict(fault) for fault in self._pending]
