"""What all operations share: the clock, the lock, the resources of each region, and a thread that does the work."""

from __future__ import annotations

import hashlib
import json
import threading
import traceback
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.emulator.errors import ServiceError
from bot.emulator.faults import Faults
from bot.emulator.files import Files
from bot.emulator.machine import Machine
from bot.emulator.settings import EmulatorSettings
from bot.emulator.storage import Storage

ACCOUNT = "123456789012"
"""moto's."""
# How long a look at something that is due waits for the work on it, in seconds; clients give up after 60.
_PATIENCE = 20.0
_IDLE = 60.0

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its operation, its region and its members."""

    operation: str
    region: str
    members: Mapping[str, Any]


class Backend:
    """The lock that guards all state, and the work to do: things become due by the clock, and one thread does what is
    due, each once."""

    def __init__(self, settings: EmulatorSettings, storage: Storage, machine: Machine, faults: Faults) -> None:
        self.settings = settings
        self.storage = storage
        self.machine = machine
        self.faults = faults
        self.files = Files(settings.clock)
        self.changed = threading.Condition()
        self.tokens: dict[str, Mapping[str, Any]] = {}
        self._advances: list[Callable[[float], float | None]] = []
        self._tasks: deque[tuple[Callable[[], None], Callable[[str], None]]] = deque()
        self._running = False
        self._busy = False
        self._thread: threading.Thread | None = None

    def now(self) -> float:
        return self.settings.clock()

    def on_clock(self, advance: Callable[[float], float | None]) -> None:
        """`advance` brings the state of some resources to the given time, and tells when the next change is due. It is
        called with the lock held, and hands work to `submit`."""
        self._advances.append(advance)

    def submit(self, task: Callable[[], None], failed: Callable[[str], None]) -> None:
        """`task` runs in the worker, without the lock; `failed` is told, with the lock held, of what it raised. The
        caller holds the lock."""
        self._tasks.append((task, failed))
        self.changed.notify_all()

    def advance(self) -> float | None:
        """Everything brought to the present; when the next change is due. The caller holds the lock."""
        now = self.now()
        due = [at for advance in self._advances if (at := advance(now)) is not None]
        self.changed.notify_all()
        return min(due, default=None)

    def look(self, is_at_work: Callable[[], bool]) -> None:
        """Brings everything to the present and waits a while for what is at work. The caller holds the lock."""
        self.advance()
        self.changed.wait_for(lambda: not is_at_work() or not self._running, timeout=_PATIENCE)

    def start(self) -> None:
        self._running = True
        self._thread = threading.Thread(target=self._work, name="emulator-worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self.changed:
            self._running = False
            self.changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def clear(self) -> None:
        """Waits for work under way, and forgets what has not begun."""
        self._tasks.clear()
        self.changed.wait_for(lambda: not self._busy)
        self.tokens.clear()
        self.files.clear()
        self.faults.clear()

    def _work(self) -> None:
        while True:
            with self.changed:
                due = self.advance()
                while self._running and not self._tasks:
                    self.changed.wait(_IDLE if due is None else max(0.001, min(_IDLE, due - self.now())))
                    due = self.advance() if not self._tasks else due
                if not self._running:
                    return
                task, failed = self._tasks.popleft()
                self._busy = True
            reason = ""
            try:
                task()
            except Exception as error:
                # A bug, or a bucket that went away: what was worked on fails, the emulator goes on.
                traceback.print_exc()
                reason = f"emulator: {type(error).__name__}: {error}"
            with self.changed:
                if reason:
                    failed(reason)
                self._busy = False
                self.changed.notify_all()


def once(backend: Backend, call: Call, make: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """What `make` answers, or what it answered to the same token with the same body. A new body with an old token is a
    new request: clients are known to use one token for all. The caller holds the lock."""
    # The token is a member.
    body = json.dumps([call.operation, call.region, call.members], sort_keys=True, default=str)
    key = hashlib.sha256(body.encode()).hexdigest()
    if key not in backend.tokens:
        backend.tokens[key] = make()
    return backend.tokens[key]


def page(call: Call, items: Sequence[Item], default: int = 100) -> tuple[list[Item], Mapping[str, str]]:
    """The items of one page, and the token of the next. Raises ServiceError for a token that was not given out."""
    token = call.members.get("NextToken")
    if token is not None and not (token.startswith("page-") and token[5:].isdecimal()):
        code = "InvalidRequestException" if call.operation == "ListTextTranslationJobs" else None
        raise ServiceError(code or "InvalidParameterValueException", "Invalid NextToken.")
    start = int(token[5:]) if token else 0
    end = start + call.members.get("MaxResults", default)
    return list(items[start:end]), {"NextToken": f"page-{end}"} if end < len(items) else {}


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def given(members: Mapping[str, Any]) -> dict[str, Any]:
    """Without the members that have no value."""
    return {name: value for name, value in members.items() if value is not None}
