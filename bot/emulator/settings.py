"""What an emulator is told at its start: durations, quotas, and what its machine answers from."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

# Requests per second that Amazon grants an account (developer guide, "Guidelines and quotas").
AMAZON_RATES: Mapping[str, int] = {
    "CreateParallelData": 5,
    "UpdateParallelData": 5,
    "DeleteParallelData": 5,
    "GetParallelData": 10,
    "ListParallelData": 10,
    "ImportTerminology": 5,
    "DeleteTerminology": 5,
    "GetTerminology": 10,
    "ListTerminologies": 10,
    "StartTextTranslationJob": 5,
    "StopTextTranslationJob": 5,
    "DescribeTextTranslationJob": 10,
    "ListTextTranslationJobs": 10,
}


class Fallback(StrEnum):
    """What the machine says of a text that no memory holds: an accented, longer copy in ⟦ ⟧, or the text itself."""

    PSEUDO = "pseudo"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Quotas:
    """Amazon's quotas; lower one to provoke its error. `rates` are requests per second of an operation, by default
    none, so that tests need not wait; `AMAZON_RATES` are the service's."""

    text_bytes: int = 10_000
    document_bytes: int = 20 * 1024 * 1024
    document_characters: int = 1_000_000
    document_text_bytes: int = 1024 * 1024
    documents_per_job: int = 1_000_000
    job_bytes: int = 5 * 1024**3
    running_jobs: int = 10
    queued_jobs: int = 1_000
    targets_per_job: int = 10
    parallel_data: int = 1_000
    parallel_data_bytes: int = 5 * 1024**3
    parallel_data_segment_bytes: int = 1_000
    terminologies: int = 100
    terminology_targets: int = 10
    tags: int = 50
    rates: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EmulatorSettings:
    """How an emulator behaves.

    `port` 0 takes a free one. `job_seconds` is the time from the submission of a job to its end, and of the import of
    parallel data unless `parallel_data_seconds` is given; 0 is done at the first look. `memory` are files of recorded
    translations (TMX, CSV, TSV, XLIFF). `buckets` are there from the start, in us-east-1. `moves_spaces` shifts the
    spaces around inline elements, as Amazon does. `clock` gives seconds since the epoch.
    """

    host: str = "127.0.0.1"
    port: int = 0
    memory: tuple[Path, ...] = ()
    buckets: tuple[str, ...] = ()
    fallback: Fallback = Fallback.PSEUDO
    job_seconds: float = 0.0
    parallel_data_seconds: float | None = None
    moves_spaces: bool = True
    quotas: Quotas = field(default_factory=Quotas)
    clock: Callable[[], float] = time.time

    @property
    def import_seconds(self) -> float:
        return self.job_seconds if self.parallel_data_seconds is None else self.parallel_data_seconds
