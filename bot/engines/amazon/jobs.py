"""Batch jobs: their manifests in the bucket, their start, their state and their output.

A job's folder `jobs/<name>/` holds `manifest.json`, which is written first, `in/` and `out/`. The manifest and the
service's list of jobs show every state that a killed bot may leave; a folder without a manifest is deleted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter

from bot.config.records import read_json
from bot.engines.amazon.clients import ServiceError, Session, listed, part, service_errors
from bot.engines.amazon.documents import BatchDocument, read_blocks, render
from bot.engines.amazon.records import Answer, Failure
from bot.engines.amazon.settings import AmazonSettings, digest
from bot.engines.amazon.storage import BucketStorage

if TYPE_CHECKING:
    from mypy_boto3_translate.type_defs import TextTranslationJobPropertiesTypeDef as Description

FAILED = frozenset({"FAILED", "STOPPED"})
ENDED = FAILED | {"COMPLETED", "COMPLETED_WITH_ERROR"}

_MAX_OUTPUT_READS = 6
_OUTPUT_PAUSE_SECONDS = 5.0
_FOLDER = "jobs/"
_MANIFEST = "/manifest.json"


@dataclass(frozen=True, slots=True)
class LanguagePair:
    """The service's codes of the languages, and the parallel data and the terminology that are used, "" for none."""

    source: str
    target: str
    parallel_data: str = ""
    terminology: str = ""


@dataclass(frozen=True, slots=True)
class BatchJob:
    """A manifest: the keys in each document, the pair, the entry in the ledger, and the ids of jobs of this name that
    had ended before this one was planned (to tell them apart)."""

    name: str
    documents: Mapping[str, Sequence[str]]
    pair: LanguagePair
    ledger: str
    spent: Sequence[str]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for keys in self.documents.values() for key in keys)

    @property
    def token(self) -> str:
        """Equal for the same attempt, different for the next."""
        return digest("\0".join([self.name, *sorted(self.spent)]))[:48]


@dataclass(frozen=True, slots=True)
class _Manifest:
    """The fields of a BatchJob that its manifest holds."""

    documents: Mapping[str, Sequence[str]]
    pair: LanguagePair
    ledger: str
    spent: Sequence[str]


_FORM = TypeAdapter(_Manifest)


class _Error(BaseModel):
    errorCode: str = ""  # noqa: N815 (these are the service's own names)
    errorMessage: str = ""  # noqa: N815


class _Auxiliary(BaseModel):
    error: _Error | None = None


class _Document(BaseModel):
    sourceFile: str = ""  # noqa: N815
    auxiliaryData: _Auxiliary | None = None  # noqa: N815


class _Details(BaseModel):
    """The service's account of a job's documents, as far as it matters here."""

    details: tuple[_Document, ...]


def answers_name(job: BatchJob, job_id: str) -> str:
    """The name under which the answers of this job are stored."""
    return f"{job.name}-{digest(job_id)[:12]}"


def job_name(session: Session, documents: Sequence[BatchDocument], pair: LanguagePair) -> str:
    """Derived from the requests alone: a restarted bot finds its own job."""
    requests = [[document.name, *(block.key for block in document.blocks)] for document in documents]
    content = json.dumps(
        [pair.source, pair.target, pair.parallel_data, pair.terminology, session.settings.formality, requests]
    )
    return f"{session.resource}-{digest(content)[:16]}"


@dataclass(frozen=True)
class Jobs:
    """The jobs of one language. Every method raises ServiceError if a call fails."""

    session: Session
    storage: BucketStorage

    def read_manifests(self) -> tuple[list[BatchJob], list[str]]:
        """The jobs that have a manifest, and the names of folders without one."""
        folders = sorted({stored.name.split("/")[1] for stored in self.storage.list(_FOLDER)})
        manifests = {name: self.storage.get_json(_FOLDER + name + _MANIFEST, _FORM) for name in folders}
        jobs = [
            BatchJob(name, manifest.documents, manifest.pair, manifest.ledger, manifest.spent)
            for name, manifest in manifests.items()
            if manifest is not None
        ]
        return jobs, [name for name, manifest in manifests.items() if manifest is None]

    def ended_ids(self, name: str) -> tuple[str, ...]:
        """The ids of the jobs of this name that have ended."""
        return tuple(job["JobId"] for job in self._named(name) if job["JobStatus"] in ENDED)

    def find(self, job: BatchJob) -> Description | None:
        """The job as the service knows it; None if it was never started. Of several jobs, a job that did not fail."""
        jobs = [known for known in self._named(job.name) if known["JobId"] not in job.spent]
        return min(jobs, key=lambda known: (known["JobStatus"] in FAILED, known["JobId"]), default=None)

    def write(self, job: BatchJob, documents: Sequence[BatchDocument]) -> None:
        """The manifest, then the documents."""
        manifest = {name: value for name, value in asdict(job).items() if name != "name"}
        self.storage.put_json(_FOLDER + job.name + _MANIFEST, manifest)
        for document in documents:
            name = f"{_FOLDER}{job.name}/in/{document.name}"
            self.storage.put(name, render(document.blocks, job.pair.source), "text/html; charset=utf-8")

    def start(self, job: BatchJob) -> str:
        """Starts the job unless it was started; returns its id. A call that may have taken effect is repeated only
        after searching for the job. A call that a busy service refused is repeated after a pause."""
        for attempt, _ in enumerate(self.session.attempts(), 1):
            if known := self.find(job):
                return known["JobId"]
            try:
                with service_errors(f"starting the job {job.name}"):
                    answer = self.session.clients.starter.start_text_translation_job(**self._call(job))
                    return str(part(answer, "JobId"))
            except ServiceError as error:
                if not error.transient or attempt >= self.session.settings.max_attempts:
                    raise
        raise AssertionError("attempts() never ends")

    def describe(self, job_id: str) -> Description:
        with service_errors(f"looking at the job {job_id}"):
            answer = self.session.clients.translate.describe_text_translation_job(JobId=job_id)
            description: Description = part(answer, "TextTranslationJobProperties")
            return description

    def collect(self, job: BatchJob, description: Description) -> Mapping[str, Answer]:
        """The answers of a completed job, by key. Files are read by their expected names only; the list of failures may
        be missing at first and is then read again."""
        folder = description["OutputDataConfig"]["S3Uri"].rstrip("/") + "/"
        texts: dict[str, bytes | None] = dict.fromkeys(job.documents)
        failures: Mapping[str, str] | None = None
        for attempt in range(_MAX_OUTPUT_READS):
            if attempt:
                self.session.clients.sleep(min(_OUTPUT_PAUSE_SECONDS, self.session.settings.poll_seconds))
            if failures is None:
                failures = self._failures(f"{folder}details/{job.pair.target}.auxiliary-translation-details.json")
            for name, text in texts.items():
                if text is None and name not in (failures or {}):
                    texts[name] = self.storage.get_uri(f"{folder}{job.pair.target}.{name}")
            if failures is not None and all(text is not None or name in failures for name, text in texts.items()):
                break
        answers: dict[str, Answer] = {}
        for name, text in texts.items():
            answers.update(_document_answers(text, (failures or {}).get(name), job.documents[name]))
        return answers

    def delete(self, name: str) -> None:
        """The job's folder."""
        self.storage.delete([stored.name for stored in self.storage.list(f"{_FOLDER}{name}/")])

    def _named(self, name: str) -> Iterator[Description]:
        clients = self.session.clients
        call, member = clients.translate.list_text_translation_jobs, "TextTranslationJobPropertiesList"
        jobs = listed(clients, f"looking for the job {name}", call, member, Filter={"JobName": name})
        yield from (job for job in jobs if job.get("JobName") == name)

    def _call(self, job: BatchJob) -> Any:
        folder = self.storage.uri(f"{_FOLDER}{job.name}/")
        key = self.session.settings.encryption_key
        output = {"S3Uri": f"{folder}out/"} | ({"EncryptionKey": {"Type": "KMS", "Id": key}} if key else {})
        return {
            "JobName": job.name,
            "ClientToken": job.token,
            "InputDataConfig": {"S3Uri": f"{folder}in/", "ContentType": "text/html"},
            "OutputDataConfig": output,
            "DataAccessRoleArn": self.session.settings.role,
            "SourceLanguageCode": job.pair.source,
            "TargetLanguageCodes": [job.pair.target],
            **({"ParallelDataNames": [job.pair.parallel_data]} if job.pair.parallel_data else {}),
            **optional_arguments(self.session.settings, job.pair),
        }

    def _failures(self, uri: str) -> Mapping[str, str] | None:
        """Document name to the service's reason for its failure; None while the list is not written."""
        try:
            details = _Details.model_validate(read_json(self.storage.get_uri(uri) or b"")).details
        except ValueError:
            return None
        failures = {}
        for entry in details:
            if entry.auxiliaryData and (error := entry.auxiliaryData.error):
                message = f"{error.errorCode} {error.errorMessage}".strip()
                failures[entry.sourceFile.rpartition("/")[2]] = message or "no reason given"
        return failures


def optional_arguments(settings: AmazonSettings, pair: LanguagePair) -> dict[str, Any]:
    """Terminology and formality of a job or a call, if they are wanted."""
    terminology = {"TerminologyNames": [pair.terminology]} if pair.terminology else {}
    formality = {"Settings": {"Formality": settings.formality.upper()}} if settings.formality else {}
    return {**terminology, **formality}


def _document_answers(text: bytes | None, failure: str | None, keys: Sequence[str]) -> Mapping[str, Answer]:
    if failure is not None:
        return dict.fromkeys(keys, Failure(f"Amazon Translate did not translate its document: {failure}"))
    if text is None:
        return dict.fromkeys(keys, Failure("Amazon Translate returned no translation of its document, and no reason"))
    try:
        blocks = read_blocks(text.decode("utf-8-sig"), keys)
    except UnicodeDecodeError:
        return dict.fromkeys(keys, Failure("Amazon Translate returned a document that is not UTF-8"))
    missing = Failure("Amazon Translate returned its document without this sentence")
    return {key: missing if html is None else html for key, html in blocks.items()}
