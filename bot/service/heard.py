"""The memory of what became of comments: a file in the cache, so that a restart judges no comment a second time."""

from __future__ import annotations

import json
import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.forge.comment import is_id
from bot.forge.staging import write_whole

_LOG = logging.getLogger(__name__)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_MAX_SETTLED = 20_000
_MAX_THREADS = 1_000
_MAX_WAITING = 1_000
_MAX_LINES = 2 * _MAX_SETTLED
_MAX_BYTES = 16 * 1024 * 1024
_MAX_AHEAD = timedelta(days=1)


@dataclass
class _Read:
    """How far a pull request's comments were read: all up to the id `last`, made at `since`. `waiting` are those among
    them whose command is not done yet, with their times."""

    last: int = 0
    since: str = ""
    waiting: dict[int, str] = field(default_factory=dict)


class Heard:
    """Which comments of one repository need no more attention. Comments are judged when they are first seen: who gains
    a right later gains it for new comments. A line that is damaged is passed over; where the file can't be written,
    what this process knows still holds. Not safe for use by several threads at once."""

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._threads: OrderedDict[int, _Read] = OrderedDict()
        self._settled: OrderedDict[tuple[int, int], None] = OrderedDict()
        self._lines = 0
        self._is_broken = False
        self._load(now)
        self._from_before = {number: bool(thread.waiting) for number, thread in self._threads.items()}

    def knows(self, number: int, comment: int) -> bool:
        """Whether a comment on a pull request was settled."""
        thread = self._threads.get(number)
        was_read = thread is not None and comment <= thread.last and comment not in thread.waiting
        return was_read or (number, comment) in self._settled

    def settle(self, number: int, comment: int) -> None:
        """A comment was answered, or is to be ignored for ever."""
        if not self.knows(number, comment):
            self._do(["settled", number, comment])

    def read_to(self, number: int) -> tuple[int, str]:
        """Up to which comment a pull request was read: its id and its time; 0 and "" for not at all. The first time,
        what an earlier process left undone is to be read again."""
        thread = self._threads.get(number, _Read())
        if self._from_before.get(number):
            return min(thread.waiting) - 1, min([thread.since, *thread.waiting.values()])
        return thread.last, thread.since

    def read(self, number: int, last: int, created: str, waiting: Mapping[int, str]) -> None:
        """All comments up to the id `last`, made at `created`, were read (0 and "": none is new); of those, the
        `waiting` have commands that are still to be carried out."""
        thread = self._threads.get(number, _Read())
        still = {} if self._from_before.pop(number, False) else thread.waiting
        open_ones = dict(sorted({**still, **waiting}.items())[-_MAX_WAITING:])
        if last > thread.last or open_ones != thread.waiting:
            place = (last, created) if last > thread.last else (thread.last, thread.since)
            self._do(["read", number, *place, {str(each): time for each, time in open_ones.items()}])

    def _do(self, line: list[Any]) -> None:
        self._apply(line)
        self._append(line)

    def _apply(self, line: list[Any]) -> None:
        """Raises ValueError, TypeError or AttributeError for what is no line of this file."""
        match line:
            case ["settled", int(number), int(comment)] if is_id(number) and is_id(comment):
                thread = self._threads.get(number)
                if thread is not None:
                    thread.waiting.pop(comment, None)
                if thread is None or comment > thread.last:
                    self._settled[number, comment] = None
                    if len(self._settled) > _MAX_SETTLED:
                        self._settled.popitem(last=False)
            case ["read", int(number), int(last), str(created), dict(waiting)] if is_id(number):
                if not all(_TIME.fullmatch(time) for time in [created, *waiting.values()] if time):
                    raise ValueError("no time")
                self._threads[number] = _Read(last, created, {int(each): time for each, time in waiting.items()})
                self._threads.move_to_end(number)
                if len(self._threads) > _MAX_THREADS:
                    self._threads.popitem(last=False)
                for key in [key for key in self._settled if key[0] == number and key[1] <= last]:
                    del self._settled[key]
            case _:
                raise ValueError("no line")

    def _append(self, line: list[Any]) -> None:
        self._lines += 1
        try:
            if self._lines > _MAX_LINES:
                self._write_anew()
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(_line(line))
        except OSError as error:
            if not self._is_broken:
                self._is_broken = True
                _LOG.warning(
                    "a restart will judge comments again: %s can't be written (%s)", self._path, error.strerror
                )

    def _load(self, now: Callable[[], datetime]) -> None:
        try:
            data = self._path.read_bytes() if self._path.stat().st_size <= _MAX_BYTES else b""
        except OSError:
            return
        # What follows the last line end was cut short by a kill.
        for record in data.split(b"\n")[:-1]:
            try:
                self._apply(json.loads(record))
            except (ValueError, TypeError, AttributeError, RecursionError):
                continue
        ahead = f"{now() + _MAX_AHEAD:%Y-%m-%dT%H:%M:%SZ}"
        for thread in self._threads.values():
            if thread.since > ahead:
                # Of a damaged file; the host would have nothing to show from then on, for ever.
                thread.since = ""
        try:
            self._write_anew()
        except OSError:
            return

    def _write_anew(self) -> None:
        lines: list[list[Any]] = [
            ["read", number, thread.last, thread.since, {str(each): time for each, time in thread.waiting.items()}]
            for number, thread in self._threads.items()
        ]
        lines += [["settled", number, comment] for number, comment in self._settled]
        write_whole(self._path, b"".join(_line(line) for line in lines))
        self._lines = 0


def _line(line: list[Any]) -> bytes:
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"
