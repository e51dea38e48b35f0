"""Batch jobs from requests to answers in the bucket; jobs that a former run left are finished first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.engines.amazon.clients import ServiceError, Session
from bot.engines.amazon.documents import BatchBlock, BatchDocument, pack, split_jobs
from bot.engines.amazon.jobs import ENDED, FAILED, BatchJob, Jobs, LanguagePair, answers_name, job_name
from bot.engines.amazon.records import Answers, Ledger
from bot.engines.base import EngineOptions, Quote
from bot.errors import EngineError, PendingError

if TYPE_CHECKING:
    from mypy_boto3_translate.type_defs import TextTranslationJobPropertiesTypeDef as Description

_MAX_FAILED_LOOKS = 5
"""How many status requests for a job may fail in a row before the bot stops waiting."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """The remains of former runs. `running` are jobs that the service knows, without stored answers, by id; `unstarted`
    are jobs that the service does not know; `remains` are names of folders to delete."""

    running: Mapping[str, BatchJob]
    unstarted: Sequence[BatchJob]
    remains: Sequence[str]

    @property
    def keys(self) -> frozenset[str]:
        """Keys of sentences that running jobs translate."""
        return frozenset(key for job in self.running.values() for key in job.keys)


@dataclass(frozen=True)
class Batch:
    """The batch jobs of one language."""

    session: Session
    options: EngineOptions
    jobs: Jobs
    answers: Answers
    ledger: Ledger

    def recover(self) -> Recovered:
        """Finds jobs that former runs left, and changes nothing."""
        jobs, remains = self.jobs.read_manifests()
        running: dict[str, BatchJob] = {}
        unstarted: list[BatchJob] = []
        for job in jobs:
            known = self.jobs.find(job)
            if known is None:
                unstarted.append(job)
            elif self.answers.has(answers_name(job, known["JobId"])):
                remains.append(job.name)
            else:
                running[known["JobId"]] = job
        return Recovered(running, unstarted, remains)

    def discard(self, recovered: Recovered) -> None:
        """Deletes jobs that were never started, which are planned again, and folders of finished jobs."""
        for job in recovered.unstarted:
            self.ledger.forget(job.ledger)
            self.jobs.delete(job.name)
        for name in recovered.remains:
            self.jobs.delete(name)

    def quote(self, blocks: Sequence[BatchBlock], pair: LanguagePair) -> Quote:
        """The cost of translating these sentences."""
        characters = sum(block.characters for block in blocks)
        return self.session.settings.prices.quote(characters, custom=bool(pair.parallel_data))

    def start(self, blocks: Sequence[BatchBlock], pair: LanguagePair) -> Mapping[str, BatchJob]:
        """Starts jobs for these sentences; returns them by id. The caller checked the caps."""
        return dict(self._start(documents, pair) for documents in split_jobs(pack(blocks)))

    def finish(self, running: Mapping[str, BatchJob]) -> None:
        """Waits for the jobs and stores their answers. Raises PendingError if the options or the time limit end the
        wait, EngineError if a job failed; the answers of the others are stored then."""
        deadline = self.session.clients.clock() + timedelta(hours=self.session.settings.timeout_hours)
        open_jobs, reported = dict(running), dict.fromkeys(running, "")
        problems: list[str] = []
        failed_looks = 0
        for _ in self.session.attempts():
            try:
                for job_id, job in list(open_jobs.items()):
                    description = self.jobs.describe(job_id)
                    failed_looks = 0
                    details = description.get("JobDetails", {})
                    done, count = details.get("TranslatedDocumentsCount", 0), details.get("InputDocumentsCount", 0)
                    state = description["JobStatus"] + (f", {done} of {count} documents" if details else "")
                    if state != reported[job_id]:
                        reported[job_id] = state
                        self.options.tell(f"{self.session.language}: the job {job.name} is {state}")
                    if description["JobStatus"] in ENDED:
                        problems += self._end(job, description)
                        del open_jobs[job_id]
            except ServiceError as error:
                failed_looks += 1
                if not error.transient or failed_looks == _MAX_FAILED_LOOKS:
                    raise
            if problems and not open_jobs:
                raise EngineError("\n".join(problems))
            if not open_jobs:
                return
            if not self.options.wait or self.session.clients.clock() >= deadline:
                names = ", ".join(job.name for job in open_jobs.values())
                waiting = f"{self.session.language}: Amazon Translate is not done with {names}; run again later"
                raise PendingError("\n".join([*problems, waiting]))

    def _start(self, documents: Sequence[BatchDocument], pair: LanguagePair) -> tuple[str, BatchJob]:
        name = job_name(self.session, documents, pair)
        spent = self.jobs.ended_ids(name)
        keys = {document.name: [block.key for block in document.blocks] for document in documents}
        job = BatchJob(name, keys, pair, self.ledger.entry(f"{name}-{len(spent)}"), spent)
        self.jobs.write(job, documents)
        self.ledger.record(job.ledger, self.quote([block for document in documents for block in document.blocks], pair))
        try:
            return self.jobs.start(job), job
        except ServiceError as error:
            # The job may have started in spite of the error; then the next run finds it.
            if not error.transient and self.jobs.find(job) is None:
                self.ledger.forget(job.ledger)
                self.jobs.delete(job.name)
            raise

    def _end(self, job: BatchJob, description: Description) -> list[str]:
        """Stores the answers of a job that ended, and deletes its folder; returns the problems of the job as a whole. A
        failed job is not billed; a stopped one may be, in part."""
        status = description["JobStatus"]
        answers = answers_name(job, description["JobId"])
        # The answers may be stored already, and the folder deleted in part, if that failed the first time.
        if status not in FAILED and not self.answers.has(answers):
            self.answers.write(answers, self.jobs.collect(job, description))
        if status == "FAILED":
            self.ledger.forget(job.ledger)
        self.jobs.delete(job.name)
        if status not in FAILED:
            return []
        message = description.get("Message", "").rstrip(". ") or "without a message"
        advice = "correct the cause (`amts check --aws` checks the bucket and the role)"
        return [
            f"{self.session.language}: the job {job.name} ({description['JobId']}) {status}: {message}; "
            f"{advice if status == 'FAILED' else 'somebody stopped it'}, and run again"
        ]
