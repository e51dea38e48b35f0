"""Batch jobs: SUBMITTED to IN_PROGRESS to their end, by the clock; a few run at a time, the others wait."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from bot.emulator.backend import ACCOUNT, Backend, Call, given, moment, once, page
from bot.emulator.errors import ServiceError, not_found, throttled
from bot.emulator.faults import FaultKind
from bot.emulator.job_work import HTML, TEXT, FailedJobError, Order, Outcome, check_folders, open_output, run_job
from bot.emulator.languages import BATCH_REGIONS, check_pair
from bot.emulator.machine import Resources
from bot.emulator.parallel_data import ParallelDataStore
from bot.emulator.recorded import Recorded
from bot.emulator.terminology import TerminologyStore

# The part of a job's time in which it waits to be taken up.
_SUBMITTED = 0.2
_RUNNING = frozenset({"IN_PROGRESS", "STOP_REQUESTED"})
_FINAL = frozenset({"COMPLETED", "COMPLETED_WITH_ERROR", "FAILED", "STOPPED"})


@dataclass
class Job:
    """One job. `due` is when it ends, unless its work takes longer; `is_open` once its output folder exists."""

    region: str
    members: Mapping[str, Any]
    order: Order
    submitted: float
    status: str = "SUBMITTED"
    due: float = 0.0
    is_open: bool = False
    at_work: bool = False
    message: str = ""
    ended: float | None = None
    outcome: Outcome = field(default_factory=Outcome)


class JobStore:
    """The operations on batch jobs."""

    def __init__(self, backend: Backend, parallel_data: ParallelDataStore, terminologies: TerminologyStore) -> None:
        self._backend = backend
        self._parallel_data = parallel_data
        self._terminologies = terminologies
        self._jobs: dict[str, Job] = {}
        backend.on_clock(self._advance)

    def clear(self) -> None:
        self._jobs.clear()

    def all(self) -> list[Job]:
        """In the order in which they were submitted."""
        return list(self._jobs.values())

    def start(self, call: Call) -> Mapping[str, Any]:
        """Takes the lock itself, since it reads and writes buckets."""
        members = call.members
        self._check(call)
        input_uri, output_uri = (
            _folder(members["InputDataConfig"]["S3Uri"]),
            _folder(members["OutputDataConfig"]["S3Uri"]),
        )
        check_folders(self._backend.storage, input_uri, output_uri, call.region)
        with self._backend.changed:
            self._look()
            known = set(self._jobs)
            answer = once(self._backend, call, partial(self._start, call, input_uri, output_uri))
        job = self._jobs[answer["JobId"]]
        if job.order.job_id not in known:
            open_output(self._backend.storage, output_uri, job.order)
            with self._backend.changed:
                job.is_open = True
                self._backend.advance()
        return answer

    def describe(self, call: Call) -> Mapping[str, Any]:
        self._look()
        return {"TextTranslationJobProperties": _properties(self._find(call))}

    def stop(self, call: Call) -> Mapping[str, Any]:
        self._look()
        job = self._find(call)
        if job.status not in _FINAL and not job.at_work:
            job.status = "STOP_REQUESTED"
            job.due = self._backend.now() + self._backend.settings.job_seconds * _SUBMITTED
        return {"JobId": job.order.job_id, "JobStatus": job.status}

    def list(self, call: Call) -> Mapping[str, Any]:
        self._look()
        wanted = call.members.get("Filter", {})
        if len(wanted) > 1:
            raise ServiceError("InvalidFilterException", "A filter can have one condition only.")
        jobs = [job for job in self._jobs.values() if job.region == call.region and _matches(job, wanted)]
        if "SubmittedBeforeTime" not in wanted:
            jobs.reverse()
        found, token = page(call, jobs)
        return {"TextTranslationJobPropertiesList": [_properties(job) for job in found], **token}

    def _check(self, call: Call) -> None:
        """What is wrong with a request, whatever the state of the service."""
        members, quotas = call.members, self._backend.settings.quotas
        targets, content_type = members["TargetLanguageCodes"], members["InputDataConfig"]["ContentType"]
        if call.region not in BATCH_REGIONS:
            message = f"emulator: the account is not authorized for batch jobs in {call.region}: not offered there"
            raise ServiceError("AccessDeniedException", message)
        if len(targets) > quotas.targets_per_job or len(set(targets)) != len(targets):
            message = f"A job has at most {quotas.targets_per_job} target languages, each once."
            raise ServiceError("InvalidParameterValueException", message)
        for name in ("TerminologyNames", "ParallelDataNames"):
            if len(members.get(name, ())) > 1:
                raise ServiceError("InvalidParameterValueException", f"{name} takes one name at most.")
        for target in targets:
            check_pair(members["SourceLanguageCode"], target)
        if content_type not in (HTML, TEXT):
            message = f"emulator: no documents of the type {content_type}, only {HTML} and {TEXT}"
            raise ServiceError("InvalidParameterValueException", message)

    def _start(self, call: Call, input_uri: str, output_uri: str) -> Mapping[str, Any]:
        waiting = sum(job.status == "SUBMITTED" for job in self._jobs.values())
        if waiting >= self._backend.settings.quotas.queued_jobs:
            raise throttled()
        now = self._backend.now()
        digest = hashlib.sha256(f"{len(self._jobs)}\0{now}\0{call.members}".encode()).hexdigest()[:32]
        order = self._order(call, digest, input_uri, f"{output_uri}{ACCOUNT}-TranslateText-{digest}/")
        self._jobs[digest] = Job(call.region, call.members, order, now)
        return {"JobId": digest, "JobStatus": "SUBMITTED"}

    def _order(self, call: Call, job_id: str, input_uri: str, output_uri: str) -> Order:
        """Raises ServiceError for resources that are not there, or not for these languages."""
        members = call.members
        source, targets = members["SourceLanguageCode"], members["TargetLanguageCodes"]
        (terminology,) = members.get("TerminologyNames") or [""]
        (parallel_data,) = members.get("ParallelDataNames") or [""]
        terms = self._terminologies.find(call.region, terminology) if terminology else None
        examples: Mapping[str, Recorded] = {}
        if parallel_data:
            examples = self._parallel_data.examples(call.region, parallel_data, source, targets)
        resources = {
            target: Resources(examples.get(target, Recorded(())), terms.terms(source, target) if terms else {})
            for target in targets
        }
        content_type = members["InputDataConfig"]["ContentType"]
        name = members.get("JobName", "")
        return Order(
            job_id, name, input_uri, output_uri, content_type, source, targets, resources, terminology, parallel_data
        )

    def _find(self, call: Call) -> Job:
        job = self._jobs.get(call.members["JobId"])
        if job is None or job.region != call.region:
            raise not_found("Job", call.members["JobId"])
        return job

    def _look(self) -> None:
        self._backend.look(lambda: any(job.at_work for job in self._jobs.values()))

    def _advance(self, now: float) -> float | None:
        """Ends what is due, takes up what waits, and tells when it is to be called again."""
        seconds = self._backend.settings.job_seconds
        due: list[float] = []
        jobs = [job for job in self._jobs.values() if job.is_open and job.status not in _FINAL and not job.at_work]
        running = sum(job.status in _RUNNING for job in self._jobs.values())
        for job in jobs:
            if job.status in _RUNNING and now >= job.due:
                running -= job.status == "STOP_REQUESTED"
                self._end(job, now)
        for job in jobs:
            if job.status != "SUBMITTED":
                continue
            ready = job.submitted + seconds * _SUBMITTED
            if now < ready:
                due.append(ready)
            elif running < self._backend.settings.quotas.running_jobs:
                running += 1
                job.status, job.due = "IN_PROGRESS", ready + seconds * (1 - _SUBMITTED)
                slow = self._backend.faults.take((FaultKind.SLOW_JOB,), job.order.name, job.order.job_id)
                job.due += slow.seconds if slow else 0
                if now >= job.due:
                    self._end(job, now)
        due += [job.due for job in jobs if job.status in _RUNNING and not job.at_work]
        return min(due, default=None)

    def _end(self, job: Job, now: float) -> None:
        if job.status == "STOP_REQUESTED":
            job.status, job.ended, job.message = "STOPPED", now, "emulator: The job was stopped."
        else:
            job.at_work = True
            self._backend.submit(partial(self._run, job), partial(self._fail, job))

    def _run(self, job: Job) -> None:
        """In the worker."""
        backend, order = self._backend, job.order
        problem, outcome = "", Outcome()
        if backend.faults.take((FaultKind.FAIL_JOB,), order.name, order.job_id):
            problem = "emulator: failed on request"
        else:
            try:
                outcome = run_job(order, backend.storage, backend.machine, backend.faults, backend.settings)
            except FailedJobError as error:
                problem = f"emulator: {error}"
        with backend.changed:
            if problem:
                self._fail(job, problem)
                return
            job.outcome = outcome
            job.status = "COMPLETED_WITH_ERROR" if outcome.with_errors else "COMPLETED"
            job.message = "emulator: Your job has completed successfully."
            if outcome.with_errors:
                job.message = f"emulator: {outcome.with_errors} of {outcome.documents} documents have errors."
            job.at_work, job.ended = False, backend.now()

    def _fail(self, job: Job, reason: str) -> None:
        """With the lock held."""
        job.status, job.message = "FAILED", reason
        job.at_work, job.ended = False, self._backend.now()


def _folder(uri: str) -> str:
    return uri if uri.endswith("/") else f"{uri}/"


def _matches(job: Job, wanted: Mapping[str, Any]) -> bool:
    match wanted:
        case {"JobName": str(name)}:
            return job.order.name == name
        case {"JobStatus": str(status)}:
            return job.status == status
        case {"SubmittedBeforeTime": datetime() as time}:
            return moment(job.submitted) < time
        case {"SubmittedAfterTime": datetime() as time}:
            return moment(job.submitted) > time
        case _:
            return True


def _properties(job: Job) -> Mapping[str, Any]:
    members, order, outcome = job.members, job.order, job.outcome
    details = {
        "TranslatedDocumentsCount": outcome.documents - outcome.with_errors,
        "DocumentsWithErrorsCount": outcome.with_errors,
        "InputDocumentsCount": outcome.documents,
    }
    return given(
        {
            "JobId": order.job_id,
            "JobName": members.get("JobName"),
            "JobStatus": job.status,
            "JobDetails": details if job.ended is not None else None,
            "SourceLanguageCode": order.source,
            "TargetLanguageCodes": list(order.targets),
            "TerminologyNames": members.get("TerminologyNames"),
            "ParallelDataNames": members.get("ParallelDataNames"),
            "Message": job.message or None,
            "SubmittedTime": moment(job.submitted),
            "EndTime": moment(job.ended) if job.ended is not None else None,
            "InputDataConfig": members["InputDataConfig"],
            "OutputDataConfig": {**members["OutputDataConfig"], "S3Uri": order.output_uri},
            "DataAccessRoleArn": members["DataAccessRoleArn"],
            "Settings": members.get("Settings"),
        }
    )
