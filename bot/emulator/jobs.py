"""Batch jobs: by the clock from SUBMITTED to IN_PROGRESS to their end. A few run at a time, the others wait."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from bot.emulator.backend import Backend, Call
from bot.emulator.faults import FaultKind
from bot.emulator.job_work import HTML, TEXT, JobOrder, JobOutcome, check_folders, open_output, run_job
from bot.emulator.languages import BATCH_REGIONS, check_pair
from bot.emulator.machine import Resources
from bot.emulator.parallel_data import ParallelDataStore
from bot.emulator.protocol import EmulatorServiceError, Members, invalid_parameter, throttled
from bot.emulator.recorded import Recorded
from bot.emulator.resources import Catalog, given, moment, page, picked
from bot.emulator.settings import Quotas
from bot.emulator.storage import ACCOUNT
from bot.emulator.terminology import TerminologyStore

# The share of a job's time that passes before its work starts.
_SUBMITTED_SHARE = 0.2
_RUNNING_STATUSES = frozenset({"IN_PROGRESS", "STOP_REQUESTED"})
_FINAL_STATUSES = frozenset({"COMPLETED", "COMPLETED_WITH_ERROR", "FAILED", "STOPPED"})


@dataclass
class EmulatedJob:
    """One job. `due` is when it ends, unless its work takes longer; `is_open` once its output folder exists."""

    members: Members
    order: JobOrder
    submitted: float
    status: str = "SUBMITTED"
    due: float = 0.0
    is_open: bool = False
    at_work: bool = False
    message: str = ""
    ended: float | None = None
    outcome: JobOutcome = field(default_factory=JobOutcome)


class JobStore:
    """The operations on batch jobs. `items` are in the order of their submission."""

    def __init__(self, backend: Backend, parallel_data: ParallelDataStore, terminologies: TerminologyStore) -> None:
        self.items: Catalog[EmulatedJob] = Catalog("Job")
        self._backend = backend
        self._parallel_data = parallel_data
        self._terminologies = terminologies
        backend.on_clock(self._advance)

    def start(self, call: Call) -> Members:
        """Takes the lock itself, since it reads and writes buckets."""
        _check(call, self._backend.settings.quotas)
        input_uri = _folder(call.members["InputDataConfig"]["S3Uri"])
        output_uri = _folder(call.members["OutputDataConfig"]["S3Uri"])
        check_folders(self._backend.storage, input_uri, output_uri, call.region)
        with self._backend.changed:
            self._bring_to_present()
            known = set(self.items)
            answer = self._backend.answer_once(call, partial(self._start, call, input_uri, output_uri))
        key = call.region, answer["JobId"]
        if key not in known:
            job = self.items[key]
            open_output(self._backend.storage, output_uri, job.order)
            with self._backend.changed:
                job.is_open = True
                self._backend.advance()
        return answer

    def describe(self, call: Call) -> Members:
        self._bring_to_present()
        return {"TextTranslationJobProperties": _properties(self.items.find(call.region, call.members["JobId"]))}

    def stop(self, call: Call) -> Members:
        self._bring_to_present()
        job = self.items.find(call.region, call.members["JobId"])
        if job.status not in _FINAL_STATUSES and not job.at_work:
            job.status = "STOP_REQUESTED"
            job.due = self._backend.now() + self._backend.settings.job_seconds * _SUBMITTED_SHARE
        return {"JobId": job.order.job_id, "JobStatus": job.status}

    def list(self, call: Call) -> Members:
        self._bring_to_present()
        conditions = call.members.get("Filter", {})
        if len(conditions) > 1:
            raise EmulatorServiceError("InvalidFilterException", "A filter can have one condition only.")
        jobs = [job for (region, _), job in self.items.items() if region == call.region and _matches(job, conditions)]
        if "SubmittedBeforeTime" not in conditions:
            jobs.reverse()
        listed, token = page(call, jobs)
        return {"TextTranslationJobPropertiesList": [_properties(job) for job in listed], **token}

    def _start(self, call: Call, input_uri: str, output_uri: str) -> Members:
        """Raises EmulatorServiceError for resources that do not exist, or not for these languages."""
        waiting = sum(job.status == "SUBMITTED" for job in self.items.values())
        if waiting >= self._backend.settings.quotas.queued_jobs:
            raise throttled()
        members, now = call.members, self._backend.now()
        job_id = hashlib.sha256(f"{len(self.items)}\0{now}\0{members}".encode()).hexdigest()[:32]
        source, targets = members["SourceLanguageCode"], members["TargetLanguageCodes"]
        (terminology,) = members.get("TerminologyNames") or [""]
        (parallel_data,) = members.get("ParallelDataNames") or [""]
        terms = self._terminologies.items.find(call.region, terminology) if terminology else None
        examples: Mapping[str, Recorded] = {}
        if parallel_data:
            examples = self._parallel_data.examples(call.region, parallel_data, source, targets)
        resources = {
            target: Resources(examples.get(target, Recorded(())), terms.terms(source, target) if terms else {})
            for target in targets
        }
        order = JobOrder(
            job_id,
            members.get("JobName", ""),
            input_uri,
            f"{output_uri}{ACCOUNT}-TranslateText-{job_id}/",
            members["InputDataConfig"]["ContentType"],
            source,
            targets,
            resources,
            terminology,
            parallel_data,
        )
        self.items[call.region, job_id] = EmulatedJob(members, order, now)
        return {"JobId": job_id, "JobStatus": "SUBMITTED"}

    def _bring_to_present(self) -> None:
        self._backend.wait(lambda: any(job.at_work for job in self.items.values()))

    def _advance(self, now: float) -> float | None:
        """Ends jobs that are due, starts waiting ones, and returns the time of the next change."""
        seconds = self._backend.settings.job_seconds
        due: list[float] = []
        jobs = [
            job for job in self.items.values() if job.is_open and job.status not in _FINAL_STATUSES and not job.at_work
        ]
        running = sum(job.status in _RUNNING_STATUSES for job in self.items.values())
        for job in jobs:
            if job.status in _RUNNING_STATUSES and now >= job.due:
                running -= job.status == "STOP_REQUESTED"
                self._end(job, now)
        for job in jobs:
            if job.status != "SUBMITTED":
                continue
            ready = job.submitted + seconds * _SUBMITTED_SHARE
            if now < ready:
                due.append(ready)
            elif running < self._backend.settings.quotas.running_jobs:
                running += 1
                job.status, job.due = "IN_PROGRESS", ready + seconds * (1 - _SUBMITTED_SHARE)
                slow = self._backend.faults.take((FaultKind.SLOW_JOB,), job.order.name, job.order.job_id)
                job.due += slow.seconds if slow else 0
                if now >= job.due:
                    self._end(job, now)
        due += [job.due for job in jobs if job.status in _RUNNING_STATUSES and not job.at_work]
        return min(due, default=None)

    def _end(self, job: EmulatedJob, now: float) -> None:
        if job.status == "STOP_REQUESTED":
            job.status, job.ended, job.message = "STOPPED", now, "emulator: The job was stopped."
        else:
            job.at_work = True
            self._backend.submit(partial(self._run, job), partial(self._fail, job))

    def _run(self, job: EmulatedJob) -> None:
        """In the worker."""
        backend, order = self._backend, job.order
        problem, outcome = "", JobOutcome()
        if backend.faults.take((FaultKind.FAIL_JOB,), order.name, order.job_id):
            problem = "emulator: failed on request"
        else:
            try:
                outcome = run_job(order, backend)
            except EmulatorServiceError as error:
                problem = f"emulator: {error.message}"
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

    def _fail(self, job: EmulatedJob, reason: str) -> None:
        """The caller holds the lock."""
        job.status, job.message = "FAILED", reason
        job.at_work, job.ended = False, self._backend.now()


def _check(call: Call, quotas: Quotas) -> None:
    """Raises EmulatorServiceError for a request that is wrong whatever the state of the service."""
    members = call.members
    targets, content_type = members["TargetLanguageCodes"], members["InputDataConfig"]["ContentType"]
    if call.region not in BATCH_REGIONS:
        message = f"emulator: the account is not authorized for batch jobs in {call.region}: not offered there"
        raise EmulatorServiceError("AccessDeniedException", message)
    if len(targets) > quotas.targets_per_job or len(set(targets)) != len(targets):
        raise invalid_parameter(f"A job has at most {quotas.targets_per_job} target languages, each once.")
    for name in ("TerminologyNames", "ParallelDataNames"):
        if len(members.get(name, ())) > 1:
            raise invalid_parameter(f"{name} takes one name at most.")
    for target in targets:
        check_pair(members["SourceLanguageCode"], target)
    if content_type not in (HTML, TEXT):
        raise invalid_parameter(f"emulator: no documents of the type {content_type}, only {HTML} and {TEXT}")


def _folder(uri: str) -> str:
    return uri if uri.endswith("/") else f"{uri}/"


def _matches(job: EmulatedJob, conditions: Mapping[str, Any]) -> bool:
    match conditions:
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


def _properties(job: EmulatedJob) -> Members:
    members, order, outcome = job.members, job.order, job.outcome
    details = {
        "TranslatedDocumentsCount": outcome.documents - outcome.with_errors,
        "DocumentsWithErrorsCount": outcome.with_errors,
        "InputDocumentsCount": outcome.documents,
    }
    return given(
        {
            **picked(members, "JobName", "SourceLanguageCode", "TargetLanguageCodes", "TerminologyNames"),
            **picked(members, "ParallelDataNames", "InputDataConfig", "DataAccessRoleArn", "Settings"),
            "JobId": order.job_id,
            "JobStatus": job.status,
            "JobDetails": details if job.ended is not None else None,
            "Message": job.message or None,
            "SubmittedTime": moment(job.submitted),
            "EndTime": moment(job.ended) if job.ended is not None else None,
            "OutputDataConfig": {**members["OutputDataConfig"], "S3Uri": order.output_uri},
        }
    )
