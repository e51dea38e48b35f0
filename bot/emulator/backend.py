"""State that all operations share: the clock, the lock, the settings, and a thread that does the work."""

from __future__ import annotations

import hashlib
import json
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.emulator.faults import Faults
from bot.emulator.machine import Machine
from bot.emulator.protocol import Members
from bot.emulator.settings import EmulatorSettings
from bot.emulator.storage import EmulatedStorage, OfferedFiles

# Seconds that a request waits for work that is due; clients give up after 60.
_MAX_WAIT = 20.0
_IDLE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its operation, its region and its members."""

    operation: str
    region: str
    members: Members


class Backend:
    """The lock that guards all state, and a worker thread. Work becomes due by the clock and is done once."""

    def __init__(self, settings: EmulatorSettings, endpoint_url: str, machine: Machine, faults: Faults) -> None:
        self.settings = settings
        self.machine = machine
        self.faults = faults
        self.storage = EmulatedStorage()
        self.files = OfferedFiles(endpoint_url, settings.clock)
        self.changed = threading.Condition()
        self._answers: dict[str, Members] = {}
        self._advances: list[Callable[[float], float | None]] = []
        self._tasks: deque[tuple[Callable[[], None], Callable[[str], None]]] = deque()
        self._running = False
        self._thread = threading.Thread(target=self._work, name="emulator-worker", daemon=True)

    def now(self) -> float:
        return self.settings.clock()

    def on_clock(self, advance: Callable[[float], float | None]) -> None:
        """Registers a function that brings the state of some resources to the given time, hands work to `submit`, and
        returns the time of the next change. It is called with the lock held."""
        self._advances.append(advance)

    def submit(self, task: Callable[[], None], failed: Callable[[str], None]) -> None:
        """The worker calls `task` without the lock, and `failed` with the lock held and the error that `task` raised.
        The caller holds the lock."""
        self._tasks.append((task, failed))
        self.changed.notify_all()

    def advance(self) -> float | None:
        """Brings everything to the present; returns the time of the next change. The caller holds the lock."""
        now = self.now()
        due = [at for advance in self._advances if (at := advance(now)) is not None]
        self.changed.notify_all()
        return min(due, default=None)

    def wait(self, is_at_work: Callable[[], bool]) -> None:
        """Brings everything to the present and waits a while for work under way. The caller holds the lock."""
        self.advance()
        self.changed.wait_for(lambda: not is_at_work() or not self._running, timeout=_MAX_WAIT)

    def answer_once(self, call: Call, answer: Callable[[], Members]) -> Members:
        """The earlier answer to a request with the same token and the same body, else a new one. A known token with a
        new body is a new request, since some clients use one token for all. The caller holds the lock."""
        # The token is a member.
        body = json.dumps([call.operation, call.region, call.members], sort_keys=True, default=str)
        key = hashlib.sha256(body.encode()).hexdigest()
        if key not in self._answers:
            self._answers[key] = answer()
        return self._answers[key]

    def start(self) -> None:
        self._running = True
        self._thread.start()

    def stop(self) -> None:
        """Waits for the task under way, and forgets tasks that have not begun."""
        with self.changed:
            self._running = False
            self.changed.notify_all()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self.changed:
                due = self.advance()
                while self._running and not self._tasks:
                    self.changed.wait(
                        _IDLE_SECONDS if due is None else max(0.001, min(_IDLE_SECONDS, due - self.now()))
                    )
                    due = self.advance() if not self._tasks else due
                if not self._running:
                    return
                task, failed = self._tasks.popleft()
            reason = ""
            try:
                task()
            except Exception as error:
                # A bug, or a bucket that went away: this task fails, the emulator goes on.
                traceback.print_exc()
                reason = f"emulator: {type(error).__name__}: {error}"
            with self.changed:
                if reason:
                    failed(reason)
                self.changed.notify_all()
