"""Amazon Translate's operations behind one function, from request body to status and answer; and a record of them."""

from __future__ import annotations

import re
import traceback
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from bot.emulator.backend import Backend, Call
from bot.emulator.faults import CALL_FAULTS, FaultKind
from bot.emulator.jobs import JobStore
from bot.emulator.parallel_data import ParallelDataStore
from bot.emulator.protocol import (
    EmulatorServiceError,
    Members,
    operation_model,
    read_request,
    throttled,
    write_answer,
    write_error,
)
from bot.emulator.realtime import Realtime
from bot.emulator.resources import Tagging
from bot.emulator.terminology import TerminologyStore

Handler = Callable[[Call], Members]

# These read, write or translate texts that may be long, and take the lock themselves when they need it.
_UNLOCKED_OPERATIONS = frozenset({"StartTextTranslationJob", "TranslateText", "TranslateDocument"})
_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 Credential=[^/]+/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request\b")


class DroppedConnectionError(ConnectionError):
    """The connection is to break without an answer."""


_CALL_ERRORS: Mapping[FaultKind, Callable[[], Exception]] = {
    FaultKind.THROTTLE: throttled,
    FaultKind.ERROR: partial(EmulatorServiceError, "InternalServerException", "emulator: failed on request"),
    FaultKind.DROP_BEFORE: partial(DroppedConnectionError, FaultKind.DROP_BEFORE),
}


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call by a client. `error` is its code, `drop` or `drop-before` for a connection that broke, else empty. Calls
    to moto are `s3:GET`, `sts:POST` …"""

    operation: str
    region: str
    error: str


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One batch job. `billed` is characters of the source, by target language."""

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
    """One resource. `update_status` is the status of the latest update, empty if there was none."""

    name: str
    region: str
    status: str
    update_status: str
    description: str
    records: int


@dataclass(frozen=True, slots=True)
class EmulatorState:
    """Everything since the start or the last reset, for whoever tests a client against the emulator. `billed` is
    characters of TranslateText and TranslateDocument by pair of languages (`en-zh`)."""

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
        """The number of calls of an operation that were answered without an error, or that failed."""
        return sum(call.operation == operation and bool(call.error) is failed for call in self.calls)

    def to_json(self) -> Mapping[str, Any]:
        calls = Counter(call.operation for call in self.calls)
        return {**asdict(self), "calls_by_operation": calls, "billed_characters": self.billed_characters}


class TranslateService:
    """Translate in all regions. Many threads may call at once."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._tagging = Tagging(backend)
        self._terminologies = TerminologyStore(backend, self._tagging)
        self._parallel_data = ParallelDataStore(backend, self._tagging)
        self._jobs = JobStore(backend, self._parallel_data, self._terminologies)
        self._realtime = Realtime(backend, self._terminologies)
        self._calls: list[CallRecord] = []
        self._recent: dict[str, deque[float]] = {}
        self._handlers: Mapping[str, Handler] = {
            "CreateParallelData": self._parallel_data.create,
            "UpdateParallelData": self._parallel_data.update,
            "GetParallelData": self._parallel_data.get,
            "DeleteParallelData": self._parallel_data.delete,
            "ListParallelData": self._parallel_data.list,
            "ImportTerminology": self._terminologies.import_terms,
            "GetTerminology": self._terminologies.get,
            "DeleteTerminology": self._terminologies.delete,
            "ListTerminologies": self._terminologies.list,
            "DescribeTextTranslationJob": self._jobs.describe,
            "StopTextTranslationJob": self._jobs.stop,
            "ListTextTranslationJobs": self._jobs.list,
            "TagResource": self._tagging.tag_resource,
            "UntagResource": self._tagging.untag_resource,
            "ListTagsForResource": self._tagging.list_tags_for_resource,
            "StartTextTranslationJob": self._jobs.start,
            "TranslateText": self._realtime.translate_text,
            "TranslateDocument": self._realtime.translate_document,
            "ListLanguages": self._realtime.list_languages,
        }

    def answer(self, operation: str, authorization: str, body: bytes) -> tuple[int, bytes]:
        """Status and body; 500 for an answer that breaks the model. Raises DroppedConnectionError if a fault asks
        for it."""
        region, code = "", ""
        try:
            region = _region(authorization)
            operation_model(operation)
            fault = self._backend.faults.take(CALL_FAULTS, operation)
            if fault is not None and fault.kind is not FaultKind.DROP:
                raise _CALL_ERRORS[fault.kind]()
            self._throttle(operation)
            call = Call(operation, region, read_request(operation, body))
            handler = partial(self._handlers[operation], call)
            if operation in _UNLOCKED_OPERATIONS:
                members = handler()
            else:
                with self._backend.changed:
                    members = self._backend.answer_once(call, handler) if "ClientToken" in call.members else handler()
            if fault is not None:
                raise DroppedConnectionError(FaultKind.DROP)
            return 200, write_answer(operation, members)
        except EmulatorServiceError as error:
            code = error.code
            return error.status, write_error(operation, error)
        except ValueError as error:
            traceback.print_exc()
            code = "InternalServerException"
            return 500, write_error(operation, EmulatorServiceError(code, f"emulator: {error}"))
        except DroppedConnectionError as error:
            code = str(error)
            raise
        finally:
            self.record(CallRecord(operation, region, code))

    def record(self, call: CallRecord) -> None:
        with self._backend.changed:
            self._calls.append(call)

    def state(self) -> EmulatorState:
        with self._backend.changed:
            self._backend.advance()
            jobs = [
                JobRecord(
                    job_id,
                    job.order.name,
                    region,
                    job.status,
                    job.order.source,
                    tuple(job.order.targets),
                    job.order.parallel_data,
                    job.order.terminology,
                    job.outcome.documents,
                    job.outcome.with_errors,
                    dict(job.outcome.billed),
                )
                for (region, job_id), job in self._jobs.items.items()
            ]
            parallel_data = [
                ParallelDataRecord(
                    name,
                    region,
                    item.status,
                    item.attempt_status or "",
                    item.description or "",
                    len(item.imported.records) if item.imported else 0,
                )
                for (region, name), item in sorted(self._parallel_data.items.items(), key=lambda entry: entry[0])
            ]
            terminologies = tuple(name for _, name in sorted(self._terminologies.items))
            billed = dict(self._realtime.billed)
            faults = tuple(self._backend.faults.pending())
            return EmulatorState(tuple(self._calls), tuple(jobs), tuple(parallel_data), terminologies, billed, faults)

    def _throttle(self, operation: str) -> None:
        rate = self._backend.settings.quotas.rates.get(operation)
        if rate is None:
            return
        now = self._backend.now()
        with self._backend.changed:
            recent = self._recent.setdefault(operation, deque())
            while recent and recent[0] <= now - 1:
                recent.popleft()
            if len(recent) >= rate:
                raise throttled()
            recent.append(now)


def _region(authorization: str) -> str:
    """The region in the signature, which is required but not verified. Raises EmulatorServiceError."""
    match = _CREDENTIAL.match(authorization)
    if match is None:
        raise EmulatorServiceError("MissingAuthenticationTokenException", "Missing Authentication Token")
    if match[2] != "translate":
        message = f"Credential should be scoped to correct service: 'translate', not '{match[2]}'."
        raise EmulatorServiceError("InvalidSignatureException", message)
    return match[1]
