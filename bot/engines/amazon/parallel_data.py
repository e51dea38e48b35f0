"""The book's pairs as parallel data of Amazon Translate: pushed when they changed, awaited, deleted.

The service takes one creation or update at a time for each account, and an update replaces everything. If a push is
killed, the next one finds the import by its state, awaits it, and recognizes it by the hash in the description.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from bot.config.network import NetworkSettings
from bot.config.records import read_json
from bot.engines.amazon.clients import MISSING, LanguageResource, ServiceError, if_present, listed, part, service_errors
from bot.engines.amazon.storage import BucketStorage
from bot.engines.teaching import ParallelDataContent, ParallelDataState, PushResult, Reason
from bot.errors import EngineError
from bot.network.deadline import in_time

if TYPE_CHECKING:
    from mypy_boto3_translate.type_defs import GetParallelDataResponseTypeDef, ParallelDataPropertiesTypeDef

_DESCRIPTION = re.compile(r"AMTS; (\w+) pairs: (\d+); sha256 ([0-9a-f]{64})")
_FOLDER = "parallel-data/"
_MEDIA_TYPES = {"csv": "text/csv", "tsv": "text/tab-separated-values", "tmx": "application/xml"}
# Refused while another creation, update or deletion of the account is under way, or because the state has changed since
# it was read.
_REFUSALS = MISSING | {"ConcurrentModificationException", "LimitExceededException", "ConflictException"}
# How long to wait for others: LimitExceeded may also mean that the account has no room for more.
_PATIENCE_SECONDS = 2 * 3600.0
# The service's clock may round the time of an update differently in two answers.
_ROUNDING = timedelta(seconds=1)
_AGES = {"daily": timedelta(days=1), "weekly": timedelta(days=7), "monthly": timedelta(days=30)}
_SHOWN_REASONS = 3
# The first requests may not see a resource that was just created.
_ABSENCES = 3


class _Report(BaseModel):
    """The service's auxiliary file, as far as it matters here."""

    messages: tuple[dict[str, Any], ...] = ()


class AmazonParallelData(LanguageResource):
    """The ParallelDataService of one language."""

    @cached_property
    def _storage(self) -> BucketStorage:
        return BucketStorage(self.session)

    def is_due(self) -> bool:
        policy = self.session.settings.refresh
        if policy in ("every-run", "by-hand"):
            return policy == "every-run"
        state = self.find()
        updated = state.updated or state.created if state else None
        return updated is None or self.session.clients.clock() - updated >= _AGES[policy]

    def find(self) -> ParallelDataState | None:
        answer = self._get()
        return _read_state(answer["ParallelDataProperties"]) if answer is not None else None

    def list_all(self) -> Iterator[ParallelDataState]:
        clients = self.session.clients
        call, member = clients.translate.list_parallel_data, "ParallelDataPropertiesList"
        yield from map(_read_state, listed(clients, "listing the parallel data", call, member))

    def reasons(self) -> list[Reason]:
        """From the service's auxiliary file; empty if it says nothing."""
        answer = self._get()
        if answer is None:
            return []
        updated = bool(answer["ParallelDataProperties"].get("LatestUpdateAttemptStatus"))
        url = _url(answer, "LatestUpdateAttemptAuxiliaryDataLocation" if updated else "AuxiliaryDataLocation")
        if not url:
            return []
        data = _fetch(url, f"the report on {self.name}", self.session.clients.network)
        try:
            messages = _Report.model_validate(read_json(data or b"{}")).messages
            return [Reason(str(entry.get("content", "")), str(entry.get("message", ""))) for entry in messages]
        except ValueError:
            raise EngineError(
                f"the report on {self.name} is no JSON as the service documents it; "
                "look at the parallel data in the AWS console"
            ) from None

    def download(self) -> tuple[ParallelDataState, bytes] | None:
        """Raises EngineError if it has no content yet."""
        answer = self._get()
        if answer is None:
            return None
        url = _url(answer, "DataLocation")
        if not url:
            raise EngineError(f"the parallel data {self.name} has no content in force; push it first")
        return _read_state(answer["ParallelDataProperties"]), _fetch(
            url, f"the content of {self.name}", self.session.clients.network
        )

    def push(self, content: ParallelDataContent, *, force: bool = False) -> PushResult:
        """Raises EngineError, with the service's reasons, if it refuses the content."""
        uploaded = False
        for next_attempt in self.session.attempts():
            state = self.find()
            awaited = state is not None and state.is_busy
            if awaited:
                state = self._settled()
            if state is not None and state.active_hash == content.hash and (awaited or not force):
                return self._done(content, state, changed=awaited)
            try:
                if not uploaded:
                    self._storage.put(_file(content), content.data, _MEDIA_TYPES[content.format])
                    uploaded = True
                attempted = self._begin(content, state)
            except ServiceError as error:
                if error.code not in _REFUSALS or next_attempt > _PATIENCE_SECONDS:
                    raise
            else:
                return self._finish(content, attempted)
        raise AssertionError("attempts() never ends")

    def delete(self) -> bool:
        """Deletes the language's files too."""
        existed = False
        for next_attempt in self.session.attempts():
            state = self.find()
            if state is None:
                break
            existed = True
            try:
                if state.status != "DELETING":
                    with service_errors(f"deleting the parallel data {self.name}"):
                        self.session.clients.translate.delete_parallel_data(Name=self.name)
            except ServiceError as error:
                if error.code not in _REFUSALS or next_attempt > _PATIENCE_SECONDS:
                    raise
            self._check_time(next_attempt)
        self._storage.delete([stored.name for stored in self._storage.list(_FOLDER)])
        return existed

    def _get(self) -> GetParallelDataResponseTypeDef | None:
        def get() -> GetParallelDataResponseTypeDef:
            answer = self.session.clients.translate.get_parallel_data(Name=self.name)
            part(answer, "ParallelDataProperties", "Name")  # an answer without it is not the service's
            return answer

        return if_present(f"looking at the parallel data {self.name}", get)

    def _begin(self, content: ParallelDataContent, state: ParallelDataState | None) -> datetime | None:
        """Creates or updates; returns when the service says that the update began (None for a creation)."""
        changed = (state.attempted or state.updated or state.created) if state else None
        moment = changed or self.session.clients.clock()
        call: dict[str, Any] = {
            "Name": self.name,
            "Description": f"AMTS; {content.level} pairs: {content.pairs}; sha256 {content.hash}",
            "ParallelDataConfig": {"S3Uri": self._storage.uri(_file(content)), "Format": content.format.upper()},
            # Equal for equal content in the same state. The service may ignore a request with a known token, so content
            # that failed, or was deleted since, needs another token when it is pushed again.
            "ClientToken": f"{content.hash[:40]}-{int(moment.timestamp() * 1000)}",
        }
        if state is not None:
            with service_errors(f"updating the parallel data {self.name}"):
                return self.session.clients.translate.update_parallel_data(**call).get("LatestUpdateAttemptAt")
        with service_errors(f"creating the parallel data {self.name}"):
            self.session.clients.translate.create_parallel_data(**call, **self.session.settings.creation_attributes())
        return None

    def _finish(self, content: ParallelDataContent, attempted: datetime | None) -> PushResult:
        """Awaits a creation or an update that has begun."""
        state = self._settled(attempted, absences=_ABSENCES)
        if state is None:
            raise EngineError(f"the parallel data {self.name} was deleted during its import; push it again")
        if state.has_failed:
            raise self._refused(state)
        if state.hash not in (content.hash, ""):
            raise EngineError(f"another program changes the parallel data {self.name}; push again when it is done")
        return self._done(content, state, changed=True)

    def _settled(self, attempted: datetime | None = None, absences: int = 0) -> ParallelDataState | None:
        """The state once no creation, update or deletion is under way; None if more than `absences` requests found no
        parallel data. An answer older than the update that began at `attempted` does not count."""
        for next_attempt in self.session.attempts():
            state = self.find()
            if state is None and absences == 0:
                return None
            absences -= state is None
            if state is not None and not state.is_busy:
                is_older = attempted and state.attempted and state.attempted < attempted - _ROUNDING
                if not is_older:
                    return state
            self._check_time(next_attempt)
        raise AssertionError("attempts() never ends")

    def _check_time(self, seconds: float) -> None:
        """Raises EngineError if so many seconds are longer than the settings allow."""
        hours = self.session.settings.timeout_hours
        if seconds > hours * 3600:
            raise EngineError(
                f"the parallel data {self.name} is still being worked on after {hours:g} hours; "
                "push again later, which waits on"
            )

    def _done(self, content: ParallelDataContent, state: ParallelDataState, *, changed: bool) -> PushResult:
        """Deletes the files in the bucket that no version in force was made from."""
        others = [stored.name for stored in self._storage.list(_FOLDER) if stored.name != _file(content)]
        if others:
            self._storage.delete(others)
        if not changed or not (state.skipped or state.failed):
            return PushResult(changed, state, ())
        try:
            reasons = tuple(self.reasons())
        except EngineError as error:
            # The pairs are in force all the same.
            reasons = (Reason("no reasons", str(error)),)
        return PushResult(changed, state, reasons)

    def _refused(self, state: ParallelDataState) -> EngineError:
        message = state.message.rstrip(".") or "no reason given"
        records = "; ".join(f"{reason.record}: {reason.message}" for reason in self.reasons()[:_SHOWN_REASONS])
        stays = "; what was in force before stays" if state.is_usable else ""
        return EngineError(
            f"Amazon Translate did not take the parallel data {self.name}: {message}"
            f"{f' ({records})' if records else ''}{stays}; correct it and push again"
        )


def _file(content: ParallelDataContent) -> str:
    return f"{_FOLDER}{content.hash}.{content.format}"


def _url(answer: GetParallelDataResponseTypeDef, member: str) -> str:
    """The address of a file that the answer links to, "" for none."""
    location = cast("Mapping[str, Any]", answer).get(member) or {}
    return str(location.get("Location") or "")


def _read_state(properties: ParallelDataPropertiesTypeDef) -> ParallelDataState:
    match = _DESCRIPTION.search(properties.get("Description") or "")
    level, pairs, digest = match.groups() if match else ("", "0", "")
    return ParallelDataState(
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


def _fetch(url: str, what: str, network: NetworkSettings) -> bytes:
    """The file at a presigned URL. Such a URL opens the file to everybody who reads it, so no message shows it."""
    if not url.startswith(("https://", "http://")):
        raise EngineError(f"{what}: the service gave no web address for it")
    most = int(network.answer_megabytes * 1_000_000)

    def fetch() -> bytes:
        with urllib.request.urlopen(url, timeout=network.silence_seconds) as answer:
            data: bytes = answer.read(most + 1)
            return data

    try:
        data = in_time(fetch, network.request_seconds, f"{what}: did not arrive within network.request_seconds")
    except urllib.error.HTTPError as error:
        error.close()
        raise EngineError(f"{what}: S3 answered {error.code} to the address the service gave; run again") from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None)
        kind = type(reason if isinstance(reason, BaseException) else error).__name__
        raise EngineError(f"{what}: can't be fetched ({kind}); check the network, then run again") from None
    if len(data) > most:
        raise EngineError(f"{what}: is larger than network.answer_megabytes allows; raise that limit and run again")
    return data
