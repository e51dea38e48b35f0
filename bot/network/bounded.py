"""Connections of `http.client`, and of libraries built upon it, whose answers are bounded in time and size.

The time-outs of these libraries begin anew with each byte that arrives, so a server that drips holds them for ever.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any

from bot.config.network import NetworkSettings
from bot.network.deadline import seconds_left

_PIECE_BYTES = 65_536
_SLOWEST_BYTES_PER_SECOND = 10_000
_MEGABYTE = 1_000_000


class TooLargeError(http.client.HTTPException):
    """An answer is larger than the settings allow."""


def is_too_large(error: BaseException) -> bool:
    """Whether an answer that is too large is at the bottom of an exception of requests, urllib3 or botocore."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, TooLargeError):
            return True
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            waiting += [each.__cause__, each.__context__, *each.args]
    return False


def bounded(connection: Any, network: NetworkSettings) -> type[Any]:
    """The class of connections, bounded by the settings and by the limit of time in force when a request is sent."""

    class BoundedAnswer(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            raw = self.fp.detach()  # of a BufferedReader
            self.fp = io.BufferedReader(_Metered(raw, sock, network))

    class Bounded(connection):  # type: ignore[misc]
        response_class = BoundedAnswer

        def request(self, *args: Any, **kwargs: Any) -> Any:
            seconds_left(network.request_seconds)  # raises if there is none
            return super().request(*args, **kwargs)

        def send(self, data: Any) -> None:
            """Bounded as well: a server may stop to read."""
            if not isinstance(data, bytes | bytearray | memoryview) or self.sock is None:
                super().send(data)  # the head of the first request, which also connects
                return
            view = memoryview(data)
            ends = time.monotonic() + network.request_seconds + len(view) / _SLOWEST_BYTES_PER_SECOND
            for start in range(0, len(view), _PIECE_BYTES):
                self.sock.settimeout(min(network.silence_seconds, _until(ends)))
                super().send(bytes(view[start : start + _PIECE_BYTES]))

    Bounded.__name__ = f"Bounded{connection.__name__}"
    return Bounded


class _Metered(io.RawIOBase):
    """What arrives for one answer. TimeoutError once its time is over, TooLargeError beyond its size."""

    def __init__(self, raw: Any, sock: socket.socket, network: NetworkSettings) -> None:
        self._raw = raw
        self._socket = sock
        self._silence = network.silence_seconds
        self._ends = time.monotonic() + seconds_left(network.request_seconds)
        self._left = int(network.answer_megabytes * _MEGABYTE)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._socket.fileno() != -1:
            self._socket.settimeout(min(self._silence, _until(self._ends)))
        count: int | None = self._raw.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise TooLargeError("the answer is larger than network.answer_megabytes allows")
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _until(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("the answer takes longer than network.request_seconds allows")
    return left
