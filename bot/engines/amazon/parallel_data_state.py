"""What Amazon Translate says of parallel data: state, counts, the reasons for what it left out, and content."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, cast

from bot.engines.amazon.clients import Clients, ServiceError, service_errors
from bot.engines.amazon.settings import Settings
from bot.errors import EngineError

if TYPE_CHECKING:
    from mypy_boto3_translate.type_defs import GetParallelDataResponseTypeDef, ParallelDataPropertiesTypeDef

_DESCRIPTION = re.compile(r"AMTS; (\w+) pairs: (\d+); sha256 ([0-9a-f]{64})")
_SECONDS = 60.0
_MISSING = "ResourceNotFoundException"


@dataclass(frozen=True, slots=True)
class State:
    """Parallel data as the service describes it.

    `status` is that of the data in force; `update` that of the latest update ("" where there was none), whose content
    is in force only once it is ACTIVE. `hash` (SHA-256), `level` and `pairs` are of the latest content that AMTS
    pushed, empty where it was another program's. `characters` are those of the examples.
    """

    name: str
    status: str
    update: str
    hash: str
    level: str
    pairs: int
    message: str
    imported: int
    skipped: int
    failed: int
    characters: int
    source: str
    targets: tuple[str, ...]
    file: str
    created: datetime | None
    updated: datetime | None
    attempted: datetime | None

    @property
    def is_usable(self) -> bool:
        """Whether jobs may name it; during an update they use the version before."""
        return self.status == "ACTIVE"

    @property
    def is_busy(self) -> bool:
        return self.status in ("CREATING", "DELETING") or self.update in ("CREATING", "UPDATING")

    @property
    def has_failed(self) -> bool:
        """Whether the latest content that was pushed is not in force, and will not be."""
        return not self.is_busy and (self.update or self.status) == "FAILED"

    @property
    def active_hash(self) -> str:
        """The hash of the content in force; "" where that is not certain."""
        return self.hash if self.is_usable and self.update in ("", "ACTIVE") else ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the service left out a record: which, and what it says."""

    record: str
    message: str


def describe(level: str, pairs: int, digest: str) -> str:
    """The description by which AMTS knows content again; at most 256 characters, the service's limit."""
    return f"AMTS; {level} pairs: {pairs}; sha256 {digest}"


def find(clients: Clients, settings: Settings) -> State | None:
    """This language's parallel data; None where there is none."""
    answer = _get(clients, settings)
    return _state(answer["ParallelDataProperties"]) if answer is not None else None


def list_all(clients: Clients) -> Iterator[State]:
    """All parallel data of the account in the region, by name."""
    token: str | None = None
    while True:
        with service_errors("listing the parallel data"):
            page = clients.translate.list_parallel_data(**cast("Any", {"NextToken": token} if token else {}))
        yield from map(_state, page.get("ParallelDataPropertiesList", []))
        token = page.get("NextToken")
        if not token:
            return


def reasons(clients: Clients, settings: Settings) -> list[Reason]:
    """Why records of the latest content were left out, as the service's auxiliary file says; empty where it says
    nothing."""
    answer = _get(clients, settings)
    if answer is None:
        return []
    updated = bool(answer["ParallelDataProperties"].get("LatestUpdateAttemptStatus"))
    member = "LatestUpdateAttemptAuxiliaryDataLocation" if updated else "AuxiliaryDataLocation"
    location = cast("Mapping[str, Any]", answer).get(member) or {}
    if not location.get("Location"):
        return []
    data = _fetch(location["Location"], f"the report on {settings.resource}")
    try:
        messages = json.loads(data or b"{}").get("messages", [])
        return [Reason(str(one.get("content", "")), str(one.get("message", ""))) for one in messages]
    except (ValueError, AttributeError):
        raise EngineError(
            f"the report on {settings.resource} is no JSON as the service documents it; "
            "look at the parallel data in the AWS console"
        ) from None


def download(clients: Clients, settings: Settings) -> tuple[State, bytes] | None:
    """The state and the content in force, as the service keeps it; None where there is no such parallel data. Raises
    EngineError where it has no content yet."""
    answer = _get(clients, settings)
    if answer is None:
        return None
    location = cast("Mapping[str, Any]", answer).get("DataLocation") or {}
    if not location.get("Location"):
        raise EngineError(f"the parallel data {settings.resource} has no content in force; push it first")
    content = _fetch(location["Location"], f"the content of {settings.resource}")
    return _state(answer["ParallelDataProperties"]), content


def _get(clients: Clients, settings: Settings) -> GetParallelDataResponseTypeDef | None:
    try:
        with service_errors(f"looking at the parallel data {settings.resource}"):
            return clients.translate.get_parallel_data(Name=settings.resource)
    except ServiceError as error:
        if error.code == _MISSING:
            return None
        raise


def _fetch(url: str, what: str) -> bytes:
    """What is at a presigned URL. Such a URL opens the file to everybody who reads it, so no message shows it."""
    if not url.startswith(("https://", "http://")):
        raise EngineError(f"{what}: the service gave no web address for it")
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:
            data: bytes = answer.read()
            return data
    except urllib.error.HTTPError as error:
        error.close()
        raise EngineError(f"{what}: S3 answered {error.code} to the address the service gave; run again") from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None)
        said = type(reason if isinstance(reason, BaseException) else error).__name__
        raise EngineError(f"{what}: can't be fetched ({said}); check the network, then run again") from None


def _state(properties: ParallelDataPropertiesTypeDef) -> State:
    found = _DESCRIPTION.search(properties.get("Description") or "")
    level, pairs, digest = found.groups() if found else ("", "0", "")
    return State(
        name=properties.get("Name", ""),
        status=properties.get("Status", ""),
        update=properties.get("LatestUpdateAttemptStatus") or "",
        hash=digest,
        level=level,
        pairs=int(pairs),
        message=properties.get("Message") or "",
        imported=properties.get("ImportedRecordCount") or 0,
        skipped=properties.get("SkippedRecordCount") or 0,
        failed=properties.get("FailedRecordCount") or 0,
        characters=properties.get("ImportedDataSize") or 0,
        source=properties.get("SourceLanguageCode") or "",
        targets=tuple(properties.get("TargetLanguageCodes") or ()),
        file=(properties.get("ParallelDataConfig") or {}).get("S3Uri") or "",
        created=properties.get("CreatedAt"),
        updated=properties.get("LastUpdatedAt"),
        attempted=properties.get("LatestUpdateAttemptAt"),
    )
