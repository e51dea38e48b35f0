"""Parallel data: CREATING to ACTIVE or FAILED, updates beside the version in force, DELETING to gone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.emulator.backend import ACCOUNT, Backend, Call, given, moment, once, page
from bot.emulator.errors import ServiceError, invalid, not_found
from bot.emulator.importing import Imported, UnreadableError, import_file
from bot.emulator.languages import PARALLEL_DATA_REGIONS
from bot.emulator.recorded import Recorded
from bot.emulator.storage import split_uri
from bot.emulator.tagging import Tagging


@dataclass
class Attempt:
    """One try to import a file, at work from `due` on."""

    config: Mapping[str, str]
    description: str | None
    due: float
    is_update: bool
    at_work: bool = False


@dataclass
class ParallelData:
    """One resource. `imported` and `data` are what is in force."""

    name: str
    arn: str
    created: float
    updated: float
    config: Mapping[str, str]
    description: str | None
    encryption: Mapping[str, str] | None
    status: str = "CREATING"
    message: str = ""
    imported: Imported | None = None
    data: bytes = b""
    report: bytes = b""
    attempt: Attempt | None = None
    attempt_status: str | None = None
    attempted: float | None = None
    attempt_report: bytes = b""
    gone_at: float | None = None

    @property
    def is_at_work(self) -> bool:
        return self.attempt is not None and self.attempt.at_work


class ParallelDataStore:
    """The operations on parallel data, and its use by jobs."""

    def __init__(self, backend: Backend, tagging: Tagging) -> None:
        self._backend = backend
        self._tagging = tagging
        self._items: dict[tuple[str, str], ParallelData] = {}
        backend.on_clock(self._advance)

    def clear(self) -> None:
        self._items.clear()

    def all(self) -> list[tuple[str, ParallelData]]:
        """Each with its region."""
        return [(region, item) for (region, _), item in sorted(self._items.items())]

    def create(self, call: Call) -> Mapping[str, Any]:
        _check_region(call)
        self._look()
        return once(self._backend, call, partial(self._create, call))

    def update(self, call: Call) -> Mapping[str, Any]:
        _check_region(call)
        self._look()
        return once(self._backend, call, partial(self._update, call))

    def get(self, call: Call) -> Mapping[str, Any]:
        _check_region(call)
        self._look()
        item = self._find(call)
        suffix = f"{item.name}.{item.config['Format'].lower()}"
        files = self._backend.files
        return given(
            {
                "ParallelDataProperties": _properties(item),
                "DataLocation": files.offer(item.data, suffix) if item.imported else None,
                "AuxiliaryDataLocation": files.offer(item.report, "errors.json") if item.report else None,
                "LatestUpdateAttemptAuxiliaryDataLocation": files.offer(item.attempt_report, "errors.json")
                if item.attempt_report
                else None,
            }
        )

    def delete(self, call: Call) -> Mapping[str, Any]:
        _check_region(call)
        self._look()
        item = self._find(call)
        if item.attempt is not None or item.status == "DELETING":
            raise _busy(item.name)
        item.status = "DELETING"
        item.gone_at = self._backend.now() + self._backend.settings.import_seconds
        return {"Name": item.name, "Status": "DELETING"}

    def list(self, call: Call) -> Mapping[str, Any]:
        _check_region(call)
        self._look()
        items = [item for (region, _), item in sorted(self._items.items()) if region == call.region]
        found, token = page(call, items)
        return {"ParallelDataPropertiesList": [_properties(item) for item in found], **token}

    def examples(self, region: str, name: str, source: str, targets: Sequence[str]) -> Mapping[str, Recorded]:
        """What a job learns from, by target language. Raises ServiceError unless all of it is there and in force."""
        item = self._items.get((region, name))
        if item is None:
            raise not_found("ParallelData", name)
        if item.status != "ACTIVE" or item.imported is None:
            raise invalid(f"ParallelData {name} is {item.status}, not ACTIVE.")
        if item.imported.source != source:
            raise invalid(f"ParallelData {name} has the source language {item.imported.source}, not {source}.")
        if missing := [code for code in targets if code not in item.imported.targets]:
            raise invalid(f"ParallelData {name} does not include the target languages {', '.join(missing)}.")
        records = item.imported.records.items()
        return {code: Recorded((text, words[code]) for text, words in records if code in words) for code in targets}

    def _create(self, call: Call) -> Mapping[str, Any]:
        members, name = call.members, call.members["Name"]
        arn = f"arn:aws:translate:{call.region}:{ACCOUNT}:parallel-data/{name}"
        if (call.region, name) in self._items:
            raise ServiceError("ConflictException", f"ParallelData {name} already exists.")
        if sum(region == call.region for region, _ in self._items) >= self._backend.settings.quotas.parallel_data:
            raise ServiceError(
                "LimitExceededException", "The account has the most parallel data resources it can have."
            )
        self._check_slot(call)
        self._tagging.check(arn, members.get("Tags", ()))
        now = self._backend.now()
        config, description = _config(members), members.get("Description")
        item = ParallelData(name, arn, now, now, config, description, members.get("EncryptionKey"))
        item.attempt = Attempt(config, description, now + self._backend.settings.import_seconds, False)
        self._items[(call.region, name)] = item
        self._tagging.put(arn, members.get("Tags", ()))
        return {"Name": name, "Status": "CREATING"}

    def _update(self, call: Call) -> Mapping[str, Any]:
        item = self._find(call)
        if item.status not in ("ACTIVE", "FAILED") or item.attempt is not None:
            raise _busy(item.name)
        self._check_slot(call)
        now = self._backend.now()
        due = now + self._backend.settings.import_seconds
        item.attempt = Attempt(_config(call.members), call.members.get("Description"), due, True)
        item.attempt_status, item.attempted = "UPDATING", now
        return {
            "Name": item.name,
            "Status": item.status,
            "LatestUpdateAttemptStatus": "UPDATING",
            "LatestUpdateAttemptAt": moment(now),
        }

    def _find(self, call: Call) -> ParallelData:
        item = self._items.get((call.region, call.members["Name"]))
        if item is None:
            raise not_found("ParallelData", call.members["Name"])
        return item

    def _look(self) -> None:
        self._backend.look(lambda: any(item.is_at_work for item in self._items.values()))

    def _check_slot(self, call: Call) -> None:
        """An account imports one file at a time."""
        for (region, name), item in self._items.items():
            if region == call.region and item.attempt is not None:
                message = f"Only one create or update of parallel data can run at a time; {name} is under way."
                raise ServiceError("LimitExceededException", message)

    def _advance(self, now: float) -> float | None:
        due: list[float] = []
        for key, item in list(self._items.items()):
            if item.gone_at is not None and now >= item.gone_at:
                del self._items[key]
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

    def _import(self, item: ParallelData, attempt: Attempt) -> None:
        """In the worker."""
        imported, data, problem = self._read(attempt)
        with self._backend.changed:
            if imported is None:
                self._fail(item, problem)
                return
            report = json.dumps(imported.report(), ensure_ascii=False).encode() if imported.messages else b""
            now = self._backend.now()
            item.imported, item.data, item.config, item.updated = imported, data, attempt.config, now
            item.status, item.message = "ACTIVE", ""
            item.description = attempt.description if attempt.description is not None else item.description
            if attempt.is_update:
                item.attempt_status, item.attempt_report = "ACTIVE", report
            item.report = report
            item.attempt = None

    def _read(self, attempt: Attempt) -> tuple[Imported | None, bytes, str]:
        """What is in the file, its bytes, and else why it can't be imported."""
        quotas = self._backend.settings.quotas
        bucket, key = split_uri(attempt.config["S3Uri"])
        size = self._backend.storage.size(bucket, key) if key else None
        if size is None:
            return None, b"", f"There is no file at {attempt.config['S3Uri']}."
        if size > quotas.parallel_data_bytes:
            return None, b"", f"The file has {size} bytes, more than {quotas.parallel_data_bytes}."
        data = self._backend.storage.read(bucket, key)
        try:
            return import_file(data, attempt.config["Format"], quotas.parallel_data_segment_bytes), data, ""
        except UnreadableError as error:
            return None, b"", str(error)

    def _fail(self, item: ParallelData, reason: str) -> None:
        """With the lock held. A failed update leaves what is in force as it is."""
        summary = {"record_error_count": 1, "record_skipped_count": 0}
        report = {"summary": summary, "messages": [{"content": "The file", "message": reason}]}
        data = json.dumps(report, ensure_ascii=False).encode()
        if item.attempt is not None and item.attempt.is_update:
            item.attempt_status, item.attempt_report = "FAILED", data
        else:
            item.status, item.report = "FAILED", data
        item.message = f"emulator: {reason}"
        item.attempt = None


def _config(members: Mapping[str, Any]) -> Mapping[str, str]:
    config: Mapping[str, str] = members["ParallelDataConfig"]
    if "S3Uri" not in config or "Format" not in config:
        raise ServiceError("InvalidParameterValueException", "ParallelDataConfig needs S3Uri and Format.")
    return config


def _check_region(call: Call) -> None:
    if call.region not in PARALLEL_DATA_REGIONS:
        message = f"emulator: the account is not authorized for parallel data in {call.region}: it is not offered there"
        raise ServiceError("AccessDeniedException", message)


def _busy(name: str) -> ServiceError:
    return ServiceError("ConcurrentModificationException", f"ParallelData {name} is being modified.")


def _properties(item: ParallelData) -> Mapping[str, Any]:
    imported = item.imported
    return given(
        {
            "Name": item.name,
            "Arn": item.arn,
            "Description": item.description,
            "Status": item.status,
            "SourceLanguageCode": imported.source if imported else None,
            "TargetLanguageCodes": list(imported.targets) if imported else None,
            "ParallelDataConfig": dict(item.config),
            "Message": item.message or None,
            "ImportedDataSize": imported.size if imported else None,
            "ImportedRecordCount": len(imported.records) if imported else None,
            "FailedRecordCount": imported.failed if imported else None,
            "SkippedRecordCount": imported.skipped if imported else None,
            "EncryptionKey": item.encryption,
            "CreatedAt": moment(item.created),
            "LastUpdatedAt": moment(item.updated),
            "LatestUpdateAttemptStatus": item.attempt_status,
            "LatestUpdateAttemptAt": moment(item.attempted) if item.attempted is not None else None,
        }
    )
