"""Parallel data: CREATING to ACTIVE or FAILED, updates beside the version in force, DELETING to gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.emulator.backend import Backend, Call
from bot.emulator.importing import ImportedRecords, UnreadableError, import_file, write_report
from bot.emulator.languages import PARALLEL_DATA_REGIONS
from bot.emulator.protocol import EmulatorServiceError, Members, invalid_parameter, invalid_request, limit_exceeded
from bot.emulator.recorded import Recorded
from bot.emulator.resources import Catalog, Tagging, given, moment, page, picked
from bot.emulator.storage import ACCOUNT, split_uri


@dataclass
class ImportAttempt:
    """The import of one file; the work begins at `due`."""

    config: Mapping[str, str]
    description: str | None
    due: float
    is_update: bool
    at_work: bool = False


@dataclass
class EmulatedParallelData:
    """One resource. `members` come from the request that created the resource, `config` and `description` the latest
    ones in force, `imported` and `data` the version in force."""

    members: Members
    arn: str
    created: float
    updated: float
    config: Mapping[str, str]
    description: str | None
    status: str = "CREATING"
    message: str = ""
    imported: ImportedRecords | None = None
    data: bytes = b""
    report: bytes = b""
    attempt: ImportAttempt | None = None
    attempt_status: str | None = None
    attempted: float | None = None
    attempt_report: bytes = b""
    gone_at: float | None = None

    @property
    def name(self) -> str:
        return str(self.members["Name"])


class ParallelDataStore:
    """The operations on parallel data, and its use by jobs."""

    def __init__(self, backend: Backend, tagging: Tagging) -> None:
        self.items: Catalog[EmulatedParallelData] = Catalog("ParallelData")
        self._backend = backend
        self._tagging = tagging
        backend.on_clock(self._advance)

    def create(self, call: Call) -> Members:
        self._bring_to_present(call)
        members, name, tags = call.members, call.members["Name"], call.members.get("Tags", ())
        arn = f"arn:aws:translate:{call.region}:{ACCOUNT}:parallel-data/{name}"
        if (call.region, name) in self.items:
            raise EmulatorServiceError("ConflictException", f"ParallelData {name} already exists.")
        if len(self.items.in_region(call.region)) >= self._backend.settings.quotas.parallel_data:
            raise limit_exceeded("The account has the most parallel data resources it can have.")
        attempt = self._attempt(call, is_update=False)
        self._tagging.check(arn, tags)
        now = self._backend.now()
        item = EmulatedParallelData(members, arn, now, now, attempt.config, attempt.description, attempt=attempt)
        self.items[call.region, name] = item
        self._tagging.put(arn, tags)
        return {"Name": name, "Status": "CREATING"}

    def update(self, call: Call) -> Members:
        self._bring_to_present(call)
        item = self.items.find(call.region, call.members["Name"])
        if item.status not in ("ACTIVE", "FAILED") or item.attempt is not None:
            raise _busy(item.name)
        item.attempt = self._attempt(call, is_update=True)
        item.attempt_status, item.attempted = "UPDATING", self._backend.now()
        return {
            "Name": item.name,
            "Status": item.status,
            "LatestUpdateAttemptStatus": "UPDATING",
            "LatestUpdateAttemptAt": moment(item.attempted),
        }

    def get(self, call: Call) -> Members:
        self._bring_to_present(call)
        item = self.items.find(call.region, call.members["Name"])
        offer = self._backend.files.offer
        return given(
            {
                "ParallelDataProperties": _properties(item),
                "DataLocation": offer(item.data, f"{item.name}.{item.config['Format'].lower()}"),
                "AuxiliaryDataLocation": offer(item.report, "errors.json"),
                "LatestUpdateAttemptAuxiliaryDataLocation": offer(item.attempt_report, "errors.json"),
            }
        )

    def delete(self, call: Call) -> Members:
        self._bring_to_present(call)
        item = self.items.find(call.region, call.members["Name"])
        if item.attempt is not None or item.status == "DELETING":
            raise _busy(item.name)
        item.status = "DELETING"
        item.gone_at = self._backend.now() + self._backend.settings.import_seconds
        return {"Name": item.name, "Status": "DELETING"}

    def list(self, call: Call) -> Members:
        self._bring_to_present(call)
        items, token = page(call, self.items.in_region(call.region))
        return {"ParallelDataPropertiesList": [_properties(item) for item in items], **token}

    def examples(self, region: str, name: str, source: str, targets: Sequence[str]) -> Mapping[str, Recorded]:
        """The pairs that a job learns from, by target language. Raises EmulatorServiceError unless the parallel data is
        active and has all these languages."""
        item = self.items.find(region, name)
        if item.status != "ACTIVE" or item.imported is None:
            raise invalid_request(f"ParallelData {name} is {item.status}, not ACTIVE.")
        if item.imported.source != source:
            raise invalid_request(f"ParallelData {name} has the source language {item.imported.source}, not {source}.")
        if missing := [code for code in targets if code not in item.imported.targets]:
            raise invalid_request(f"ParallelData {name} does not include the target languages {', '.join(missing)}.")
        records = item.imported.records.items()
        return {code: Recorded((text, words[code]) for text, words in records if code in words) for code in targets}

    def _attempt(self, call: Call, *, is_update: bool) -> ImportAttempt:
        """Raises EmulatorServiceError while another import runs: an account imports one file at a time."""
        for item in self.items.in_region(call.region):
            if item.attempt is not None:
                message = f"Only one create or update of parallel data can run at a time; {item.name} is under way."
                raise limit_exceeded(message)
        config: Mapping[str, str] = call.members["ParallelDataConfig"]
        if "S3Uri" not in config or "Format" not in config:
            raise invalid_parameter("ParallelDataConfig needs S3Uri and Format.")
        due = self._backend.now() + self._backend.settings.import_seconds
        return ImportAttempt(config, call.members.get("Description"), due, is_update)

    def _bring_to_present(self, call: Call) -> None:
        """Raises EmulatorServiceError in a region that has no parallel data."""
        if call.region not in PARALLEL_DATA_REGIONS:
            problem = f"not authorized for parallel data in {call.region}: it is not offered there"
            raise EmulatorServiceError("AccessDeniedException", f"emulator: the account is {problem}")
        self._backend.wait(lambda: any(item.attempt and item.attempt.at_work for item in self.items.values()))

    def _advance(self, now: float) -> float | None:
        due: list[float] = []
        for key, item in list(self.items.items()):
            if item.gone_at is not None and now >= item.gone_at:
                del self.items[key]
                self._tagging.drop(item.arn)
            elif item.gone_at is not None:
                due.append(item.gone_at)
            if item.attempt is not None and not item.attempt.at_work:
                if now >= item.attempt.due:
                    item.attempt.at_work = True
                    self._backend.submit(partial(self._import, item, item.attempt), partial(self._fail, item))
                else:
                    due.append(item.attempt.due)
        return min(due, default=None)

    def _import(self, item: EmulatedParallelData, attempt: ImportAttempt) -> None:
        """In the worker."""
        try:
            data = self._read(attempt.config["S3Uri"])
            most = self._backend.settings.quotas.parallel_data_segment_bytes
            imported = import_file(data, attempt.config["Format"], most)
        except UnreadableError as error:
            with self._backend.changed:
                self._fail(item, str(error))
            return
        with self._backend.changed:
            report = imported.report()
            item.imported, item.data, item.config, item.updated = imported, data, attempt.config, self._backend.now()
            item.status, item.message = "ACTIVE", ""
            item.description = attempt.description if attempt.description is not None else item.description
            if attempt.is_update:
                item.attempt_status, item.attempt_report = "ACTIVE", report
            item.report = report
            item.attempt = None

    def _read(self, uri: str) -> bytes:
        """Raises UnreadableError for a file that is missing or too large."""
        most, storage = self._backend.settings.quotas.parallel_data_bytes, self._backend.storage
        bucket, key = split_uri(uri)
        size = storage.size(bucket, key) if key else None
        if size is None:
            raise UnreadableError(f"There is no file at {uri}.")
        if size > most:
            raise UnreadableError(f"The file has {size} bytes, more than {most}.")
        return storage.read(bucket, key)

    def _fail(self, item: EmulatedParallelData, reason: str) -> None:
        """A failed update leaves the version in force. The caller holds the lock."""
        report = write_report([{"content": "The file", "message": reason}], failed=1, skipped=0)
        if item.attempt is not None and item.attempt.is_update:
            item.attempt_status, item.attempt_report = "FAILED", report
        else:
            item.status, item.report = "FAILED", report
        item.message = f"emulator: {reason}"
        item.attempt = None


def _busy(name: str) -> EmulatorServiceError:
    return EmulatorServiceError("ConcurrentModificationException", f"ParallelData {name} is being modified.")


def _properties(item: EmulatedParallelData) -> Members:
    imported: dict[str, object] = {}
    if item.imported is not None:
        imported = {
            "SourceLanguageCode": item.imported.source,
            "TargetLanguageCodes": item.imported.targets,
            "ImportedDataSize": item.imported.size,
            "ImportedRecordCount": len(item.imported.records),
            "FailedRecordCount": item.imported.failed,
            "SkippedRecordCount": item.imported.skipped,
        }
    return given(
        {
            **imported,
            **picked(item.members, "Name", "EncryptionKey"),
            "Arn": item.arn,
            "Description": item.description,
            "Status": item.status,
            "ParallelDataConfig": dict(item.config),
            "Message": item.message or None,
            "CreatedAt": moment(item.created),
            "LastUpdatedAt": moment(item.updated),
            "LatestUpdateAttemptStatus": item.attempt_status,
            "LatestUpdateAttemptAt": moment(item.attempted) if item.attempted is not None else None,
        }
    )
