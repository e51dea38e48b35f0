"""Amazon Translate's operations behind one function: request body in, status and answer out."""

from __future__ import annotations

import re
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.emulator.backend import Backend, Call
from bot.emulator.errors import ServiceError, throttled
from bot.emulator.faults import ON_CALLS, FaultKind
from bot.emulator.jobs import JobStore
from bot.emulator.parallel_data import ParallelDataStore
from bot.emulator.protocol import operation_model, read_request, write_answer, write_error
from bot.emulator.realtime import Realtime
from bot.emulator.state import CallRecord, JobRecord, ParallelDataRecord, State
from bot.emulator.tagging import Tagging
from bot.emulator.terminology import TerminologyStore

Handler = Callable[[Call], Mapping[str, Any]]

_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 Credential=[^/]+/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request\b")


class DroppedConnectionError(ConnectionError):
    """The connection is to break without an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


class Service:
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
        guarded: Mapping[str, Handler] = {
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
        }
        self._handlers: Mapping[str, Handler] = {
            "StartTextTranslationJob": self._jobs.start,
            "TranslateText": self._realtime.translate_text,
            "TranslateDocument": self._realtime.translate_document,
            "ListLanguages": self._realtime.list_languages,
            **{name: self._guard(handler) for name, handler in guarded.items()},
        }

    def answer(self, operation: str, authorization: str, body: bytes) -> Answer:
        """Raises DroppedConnectionError where a fault says so. An answer that breaks the model is a 500."""
        region, code = "", ""
        try:
            region = _region(authorization)
            operation_model(operation)
            fault = self._backend.faults.take(ON_CALLS, operation)
            if fault is not None and fault.kind is not FaultKind.DROP:
                _raise(fault.kind)
            self._throttle(operation)
            members = self._handlers[operation](Call(operation, region, read_request(operation, body)))
            if fault is not None:
                raise DroppedConnectionError(FaultKind.DROP)
            return Answer(200, write_answer(operation, members))
        except ServiceError as error:
            code = error.code
            return Answer(error.status, write_error(operation, error))
        except ValueError as error:
            traceback.print_exc()
            code = "InternalServerException"
            return Answer(500, write_error(operation, ServiceError(code, f"emulator: {error}")))
        except DroppedConnectionError as error:
            code = str(error)
            raise
        finally:
            self.record(CallRecord(operation, region, code))

    def record(self, call: CallRecord) -> None:
        with self._backend.changed:
            self._calls.append(call)

    def state(self) -> State:
        with self._backend.changed:
            self._backend.advance()
            jobs = [
                JobRecord(
                    job.order.job_id,
                    job.order.name,
                    job.region,
                    job.status,
                    job.order.source,
                    tuple(job.order.targets),
                    job.order.parallel_data,
                    job.order.terminology,
                    job.outcome.documents,
                    job.outcome.with_errors,
                    dict(job.outcome.billed),
                )
                for job in self._jobs.all()
            ]
            parallel_data = [
                ParallelDataRecord(
                    item.name,
                    region,
                    item.status,
                    item.attempt_status or "",
                    item.description or "",
                    len(item.imported.records) if item.imported else 0,
                )
                for region, item in self._parallel_data.all()
            ]
            terminologies = tuple(item.name for _, item in self._terminologies.all())
            billed = dict(self._realtime.billed)
            faults = tuple(self._backend.faults.pending())
            return State(tuple(self._calls), tuple(jobs), tuple(parallel_data), terminologies, billed, faults)

    def clear(self) -> None:
        """Everything forgotten, faults included."""
        with self._backend.changed:
            self._backend.clear()
            for room in (self._jobs, self._parallel_data, self._terminologies, self._tagging, self._realtime):
                room.clear()
            self._calls.clear()
            self._recent.clear()

    def _guard(self, handler: Handler) -> Handler:
        def guarded(call: Call) -> Mapping[str, Any]:
            with self._backend.changed:
                return handler(call)

        return guarded

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


def _raise(kind: FaultKind) -> None:
    if kind is FaultKind.THROTTLE:
        raise throttled()
    if kind is FaultKind.DROP_BEFORE:
        raise DroppedConnectionError(kind)
    raise ServiceError("InternalServerException", "emulator: failed on request")


def _region(authorization: str) -> str:
    """Of the signature, which must be there but is not verified. Raises ServiceError."""
    match = _CREDENTIAL.match(authorization)
    if match is None:
        raise ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token")
    if match[2] != "translate":
        message = f"Credential should be scoped to correct service: 'translate', not '{match[2]}'."
        raise ServiceError("InvalidSignatureException", message)
    return match[1]
