"""What an emulator did so far, for whoever tests a client against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call by a client; `error` is its code, `drop` or `drop-before` for a connection that broke, else empty. Calls
    to moto are `s3:GET`, `sts:POST` …"""

    operation: str
    region: str
    error: str


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One batch job; `billed` is characters of the source, by target language."""

    id: str
    name: str
    region: str
    status: str
    source: str
    targets: tuple[str, ...]
    parallel_data: str
    terminology: str
    documents: int
    documents_with_errors: int
    billed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ParallelDataRecord:
    """One resource; `update_status` is that of the latest update, empty where there was none."""

    name: str
    region: str
    status: str
    update_status: str
    description: str
    records: int


@dataclass(frozen=True, slots=True)
class State:
    """Everything since the start or the last reset. `billed` is characters of TranslateText and TranslateDocument by
    pair of languages (`en-zh`)."""

    calls: tuple[CallRecord, ...]
    jobs: tuple[JobRecord, ...]
    parallel_data: tuple[ParallelDataRecord, ...]
    terminologies: tuple[str, ...]
    billed: Mapping[str, int]
    faults: tuple[Mapping[str, object], ...]

    @property
    def billed_characters(self) -> int:
        """Of all jobs and all texts."""
        return sum(self.billed.values()) + sum(sum(job.billed.values()) for job in self.jobs)

    def count(self, operation: str, *, failed: bool = False) -> int:
        """How many calls of an operation were answered without an error, or with `failed` how many were not."""
        return sum(call.operation == operation and bool(call.error) is failed for call in self.calls)

    def to_json(self) -> Mapping[str, Any]:
        calls = Counter(call.operation for call in self.calls)
        return {**asdict(self), "calls_by_operation": calls, "billed_characters": self.billed_characters}
