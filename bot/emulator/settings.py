"""The settings of an emulator: durations, quotas, and the source of its translations."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

# Requests per second that Amazon grants an account (developer guide, "Guidelines and quotas").
_CHANGES = ("CreateParallelData", "UpdateParallelData", "DeleteParallelData", "ImportTerminology", "DeleteTerminology")
_JOB_CHANGES = ("StartTextTranslationJob", "StopTextTranslationJob")
_READS = ("GetParallelData", "ListParallelData", "GetTerminology", "ListTerminologies")
_JOB_READS = ("DescribeTextTranslationJob", "ListTextTranslationJobs")
AMAZON_RATES: Mapping[str, int] = dict.fromkeys(_CHANGES + _JOB_CHANGES, 5) | dict.fromkeys(_READS + _JOB_READS, 10)


class Fallback(StrEnum):
    """The translation of a text that no memory holds: an accented, longer copy in ⟦ ⟧, or the text itself."""

    PSEUDO = "pseudo"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Quotas:
    """Amazon's quotas; lower one to provoke its error. `rates` are requests per second by operation. The default has no
    rates: tests need not wait; `AMAZON_RATES` are the service's."""

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
    """An emulator's address and behaviour.

    `port` 0 is a free port. `memory` are files of recorded translations (TMX, CSV, TSV, XLIFF). `buckets` exist from
    the start, in us-east-1. A job takes `job_seconds` from its submission to its end, an import of parallel data
    `parallel_data_seconds` or as long as a job; with 0, the first request for its state finds it done. `moves_spaces`
    shifts the spaces around inline elements, as Amazon does. `clock` returns seconds since the epoch.
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
