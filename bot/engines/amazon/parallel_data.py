"""The book's pairs as parallel data of Amazon Translate: pushed when they changed, awaited, deleted.

The service takes one creation or update at a time for each account, and an update replaces everything. What a push that
was killed has begun is found by its state, awaited and recognised by the hash in the description.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.engines.amazon.clients import Clients, ServiceError, service_errors
from bot.engines.amazon.jobs import pauses
from bot.engines.amazon.parallel_data_state import Reason, State, describe, find, reasons
from bot.engines.amazon.settings import Settings
from bot.engines.amazon.storage import Storage
from bot.errors import EngineError

_FOLDER = "parallel-data/"
_MEDIA_TYPES = {"csv": "text/csv", "tsv": "text/tab-separated-values", "tmx": "application/xml"}
# Refused while another creation, update or deletion of the account is under way, or because the state has changed
# since it was looked at.
_BUSY = frozenset({"ConcurrentModificationException", "LimitExceededException", "ConflictException"})
_CHANGED = frozenset({"ResourceNotFoundException"})
# How long to wait for others: LimitExceeded may also mean that the account has no room for more.
_PATIENCE_SECONDS = 2 * 3600.0
# The service's clock may round the time of an update differently in two answers.
_ROUNDING = timedelta(seconds=1)
_AGES = {"daily": timedelta(days=1), "weekly": timedelta(days=7), "monthly": timedelta(days=30)}
_SHOWN_REASONS = 3
# What was just created may not be seen at the first looks.
_ABSENCES = 3


@dataclass(frozen=True, slots=True)
class Content:
    """A file of `pairs` pairs (`level`: sentence or paragraph) in one of the service's formats: csv, tsv or tmx."""

    data: bytes
    format: str
    level: str
    pairs: int

    @property
    def hash(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push came to: whether the service imported anything for it, the state now, and why it left out records."""

    changed: bool
    state: State
    reasons: tuple[Reason, ...]


def due(policy: str, last_updated: datetime | None, now: datetime) -> bool:
    """Whether the parallel data, last updated then (None: never), is to be brought up to date before a translation.
    `policy` is one of every-run, daily, weekly, monthly (30 days), by-hand."""
    if policy in ("every-run", "by-hand"):
        return policy == "every-run"
    return last_updated is None or now - last_updated >= _AGES[policy]


def push(clients: Clients, settings: Settings, content: Content, *, force: bool = False) -> Pushed:
    """Bring this content into force, and wait for it. Nothing is imported where it is in force already, unless
    `force` says so. Raises EngineError, with the service's reasons, where it refuses the content.
    """
    storage = Storage(clients, settings)
    uploaded = False
    waited = 0.0
    for pause in pauses(settings):
        state = find(clients, settings)
        awaited = state is not None and state.is_busy
        if awaited:
            state = _settled(clients, settings)
        if state is not None and state.active_hash == content.hash and (awaited or not force):
            return _done(clients, settings, storage, content, state, changed=awaited)
        try:
            if not uploaded:
                storage.put(_file(content), content.data, _MEDIA_TYPES[content.format])
                uploaded = True
            attempted = _begin(clients, settings, storage, content, state)
        except ServiceError as error:
            if error.code not in _BUSY | _CHANGED or waited + pause > _PATIENCE_SECONDS:
                raise
            clients.sleep(pause)
            waited += pause
            continue
        return _finish(clients, settings, storage, content, attempted)
    raise AssertionError("pauses() never ends")


def delete(clients: Clients, settings: Settings) -> bool:
    """Delete this language's parallel data and its files, and wait until it is gone. False where there was none."""
    waited = 0.0
    existed = False
    for pause in pauses(settings):
        state = find(clients, settings)
        if state is None:
            break
        existed = True
        try:
            if state.status != "DELETING":
                with service_errors(f"deleting the parallel data {settings.resource}"):
                    clients.translate.delete_parallel_data(Name=settings.resource)
        except ServiceError as error:
            if error.code not in _BUSY | _CHANGED or waited + pause > _PATIENCE_SECONDS:
                raise
        if waited + pause > settings.timeout_hours * 3600:
            raise _too_long(settings)
        clients.sleep(pause)
        waited += pause
    storage = Storage(clients, settings)
    storage.delete([stored.name for stored in storage.list(_FOLDER)])
    return existed


def _begin(
    clients: Clients, settings: Settings, storage: Storage, content: Content, state: State | None
) -> datetime | None:
    """Create or update; when the service says that the update began (None for a creation)."""
    changed = (state.attempted or state.updated or state.created) if state else None
    moment = changed or clients.clock()
    call: dict[str, Any] = {
        "Name": settings.resource,
        "Description": describe(content.level, content.pairs, content.hash),
        "ParallelDataConfig": {"S3Uri": storage.uri(_file(content)), "Format": content.format.upper()},
        # The same for the same content in the same state. The service may answer a token that it knows without doing
        # anything, so what failed, or was deleted since, must not come back under its former one.
        "ClientToken": f"{content.hash[:40]}-{int(moment.timestamp() * 1000)}",
    }
    if state is not None:
        with service_errors(f"updating the parallel data {settings.resource}"):
            return clients.translate.update_parallel_data(**call).get("LatestUpdateAttemptAt")
    if settings.encryption_key:
        call["EncryptionKey"] = {"Type": "KMS", "Id": settings.encryption_key}
    if settings.tags:
        call["Tags"] = [{"Key": key, "Value": value} for key, value in settings.tags.items()]
    with service_errors(f"creating the parallel data {settings.resource}"):
        clients.translate.create_parallel_data(**call)
    return None


def _finish(
    clients: Clients, settings: Settings, storage: Storage, content: Content, attempted: datetime | None
) -> Pushed:
    """What a creation or update that has begun comes to."""
    state = _settled(clients, settings, attempted, absences=_ABSENCES)
    if state is None:
        raise EngineError(f"the parallel data {settings.resource} was deleted during its import; push it again")
    if state.has_failed:
        raise _refused(clients, settings, state)
    if state.hash not in (content.hash, ""):
        raise EngineError(f"another program changes the parallel data {settings.resource}; push again when it is done")
    return _done(clients, settings, storage, content, state, changed=True)


def _settled(
    clients: Clients, settings: Settings, attempted: datetime | None = None, absences: int = 0
) -> State | None:
    """The state once nothing is under way any more; None where the parallel data is gone, for more looks than
    `absences`. An answer older than the update that began at `attempted` does not count."""
    waited = 0.0
    for pause in pauses(settings):
        state = find(clients, settings)
        if state is None and absences == 0:
            return None
        absences -= state is None
        if state is not None and not (state.is_busy or _is_older(state, attempted)):
            return state
        if waited + pause > settings.timeout_hours * 3600:
            raise _too_long(settings)
        clients.sleep(pause)
        waited += pause
    raise AssertionError("pauses() never ends")


def _is_older(state: State, attempted: datetime | None) -> bool:
    return attempted is not None and state.attempted is not None and state.attempted < attempted - _ROUNDING


def _done(
    clients: Clients, settings: Settings, storage: Storage, content: Content, state: State, *, changed: bool
) -> Pushed:
    """What no version in force was made from is deleted from the bucket."""
    others = [stored.name for stored in storage.list(_FOLDER) if stored.name != _file(content)]
    if others:
        storage.delete(others)
    if not changed or not (state.skipped or state.failed):
        return Pushed(changed, state, ())
    try:
        why = tuple(reasons(clients, settings))
    except EngineError as error:
        # The pairs are in force all the same.
        why = (Reason("no reasons", str(error)),)
    return Pushed(changed, state, why)


def _refused(clients: Clients, settings: Settings, state: State) -> EngineError:
    said = state.message.rstrip(".") or "no reason given"
    records = "; ".join(f"{one.record}: {one.message}" for one in reasons(clients, settings)[:_SHOWN_REASONS])
    stays = "; what was in force before stays" if state.is_usable else ""
    return EngineError(
        f"Amazon Translate did not take the parallel data {settings.resource}: {said}"
        f"{f' ({records})' if records else ''}{stays}; correct it and push again"
    )


def _too_long(settings: Settings) -> EngineError:
    return EngineError(
        f"the parallel data {settings.resource} is still being worked on after {settings.timeout_hours:g} hours; "
        "push again later, which waits on"
    )


def _file(content: Content) -> str:
    return f"{_FOLDER}{content.hash}.{content.format}"
