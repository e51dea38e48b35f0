"""A server of bad manners over real sockets, for git, GitHub's API, Amazon Translate and S3 alike: silent, dripping,
hanging up, lying.

A `Manner` gets the connection once the head of a request was read. The double of GitHub takes the same manners as
faults (`tests.github_double.faults.bad_manners`), so that a run can meet one at any of its calls.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from types import TracebackType
from typing import Self

Manner = Callable[[socket.socket, str], None]
"""Gets the connection, and the method and the path of the request."""

_DRIP_SECONDS = 0.02
_LONG_SECONDS = 30.0
"""So long a manner goes on that never ends; the limits in tests are far below it."""
_PAGE = b"<!DOCTYPE html><html><body><h1>Sign in</h1><script>alert(1)</script></body></html>"


PULLS = b'[{"number": 1, "head": {"ref": "of-people"}}]'
"""A list of pull requests, as far as it is looked at."""


def http(body: bytes, status: str = "200 OK", kind: str = "application/json", **headers: str) -> bytes:
    """An answer. Headers as keywords: `retry_after="0"`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in ({"Content-Length": str(len(body))} | named).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def says(answer: bytes) -> Manner:
    """The same answer to everything."""

    def manner(connection: socket.socket, _: str) -> None:
        connection.sendall(answer)

    return manner


def silent(connection: socket.socket, _: str) -> None:
    """Says nothing, and keeps the connection."""
    connection.settimeout(_LONG_SECONDS)
    with suppress(OSError):
        while connection.recv(4096):
            pass


def hangs_up(_connection: socket.socket, _: str) -> None:
    """Closes the connection without a word."""


def drips(before: bytes) -> Manner:
    """Begins an answer, then sends a byte now and then, without end."""

    def manner(connection: socket.socket, _: str) -> None:
        connection.sendall(before)
        for _turn in range(int(_LONG_SECONDS / _DRIP_SECONDS)):
            connection.sendall(b" ")
            if threading.Event().wait(_DRIP_SECONDS):
                return

    return manner


def endless(connection: socket.socket, _: str) -> None:
    """A body that never ends, as fast as it is read."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[")
    for _turn in range(1_000_000):
        connection.sendall(b" " * 65_536)


def pages_without_end(connection: socket.socket, request: str) -> None:
    """Each page of a list leads to a further one."""
    host = ":".join(map(str, connection.getsockname()))
    path, _, query = request.split(" ")[1].partition("?")
    number = int(query.rpartition("page=")[2] or 0) if "&page=" in f"&{query}" else 0
    link = f'<http://{host}{path}?page={number + 1}>; rel="next"'
    connection.sendall(http(PULLS, Link=link))


def leads_on(connection: socket.socket, request: str) -> None:
    """Each address leads to another one."""
    host = ":".join(map(str, connection.getsockname()))
    path = request.split(" ")[1].partition("?")[0]
    connection.sendall(http(b"{}", "301 Moved Permanently", Location=f"http://{host}{path}x"))


def _advertised(service: str) -> bytes:
    first = f"# service={service}\n".encode()
    ref = b"1" * 40 + b" refs/heads/main\0side-band-64k ofs-delta\n"
    return b"%04x%s0000%04x%s0000" % (len(first) + 4, first, len(ref) + 4, ref)


def cuts_packs_short(connection: socket.socket, request: str) -> None:
    """A repository whose pack ends in its middle."""
    if "/info/refs" in request:
        kind = "application/x-git-upload-pack-advertisement"
        connection.sendall(http(_advertised("git-upload-pack"), kind=kind))
    else:
        pack = b"PACK\0\0\0\x02\0\0\0\x03\x99"
        body = b"0008NAK\n" + b"%04x\x01%s" % (len(pack) + 5, pack)
        connection.sendall(http(body, kind="application/x-git-upload-pack-result"))


MANNERS: Mapping[str, Manner] = {
    "silent": silent,
    "hangs up": hangs_up,
    "drips a status line": drips(b"HTTP/1.1 200"),
    "drips a header": drips(b"HTTP/1.1 200 OK\r\nX-Drip: "),
    "drips a body": drips(http(b"", Content_Length="1000000")),
    "drips chunks": drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n"),
    "drips no HTTP": drips(b"0"),
    "lies about the length": says(http(b"{", Content_Length="1000")),
    "speaks no HTTP": says(b"220 mail.invalid ESMTP\r\n"),
    "shows a page": says(http(_PAGE, kind="text/html")),
    "shows a page, and says it is JSON": says(http(_PAGE)),
    "forbids with a page": says(http(_PAGE, "403 Forbidden", "text/html")),
    "fails with a page": says(http(_PAGE, "502 Bad Gateway", "text/html")),
    "fails without a word": says(http(b"", "503 Service Unavailable")),
    "answers with a number": says(http(b"1")),
    "answers with nothing in a list": says(http(b"[null, 1]")),
    "answers with a deep list": says(http(b"[" * 100_000 + b"]" * 100_000)),
    "answers with a number beyond bounds": says(http(b'{"id": ' + b"9" * 5000 + b"}")),
    "answers with text": says(http(b"OK", kind="text/plain")),
    "answers with bytes": says(http(bytes(range(256)), kind="application/octet-stream")),
    "leads on": leads_on,
    "leads nowhere": says(http(b"{}", "301 Moved", Location="http:///")),
    "asks for patience without end": says(http(b"", "202 Accepted")),
    "cuts packs short": cuts_packs_short,
    "sends wrong packet lines": says(http(b"zzzz0000", kind="application/x-git-upload-pack-advertisement")),
    "sends long packet lines": drips(http(b"ffff# s", kind="application/x-git-upload-pack-advertisement",
                                          Content_Length="90000")),
}  # fmt: skip
"""Manners that every kind of call should survive."""

IMPATIENCE: Mapping[str, Mapping[str, str]] = {
    "0": {"retry_after": "0"},
    "negative": {"retry_after": "-5"},
    "text": {"retry_after": "soon"},
    "the year 9999": {"retry_after": "Fri, 31 Dec 9999 23:59:59 GMT"},
    "a day that was": {"retry_after": "Thu, 01 Jan 1970 00:00:00 GMT"},
    "beyond all bounds": {"retry_after": "9" * 400},
    "infinite": {"retry_after": "inf"},
    "not a number": {"retry_after": "nan"},
    "no reset": {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "never"},
    "a reset beyond bounds": {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "9" * 400},
    "a reset long ago": {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1"},
}
"""How long a server with a rate limit asks to wait."""


def rate_limit(asked: str, status: int) -> bytes:
    """A refusal for a rate limit, with one of IMPATIENCE."""
    body = json.dumps({"message": "API rate limit exceeded"}).encode()
    return http(body, f"{status} Too Many Requests", **IMPATIENCE[asked])


class BadServer:
    """Answers every connection in its manner while it is a context; `requests` are method and path of what came."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.requests: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: dict[int, socket.socket] = {}
        self._numbers = count()
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open.values()):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection, next(self._numbers)), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        self._open[number] = connection
        with suppress(OSError), connection:
            head = b""
            connection.settimeout(_LONG_SECONDS)
            while b"\r\n\r\n" not in head and not head.startswith((b"00", b"SSH", b"\x16")):  # git, SSH, TLS
                piece = connection.recv(65_536)
                if not piece:
                    return
                head += piece
            request = head.partition(b"\r\n")[0].decode("latin-1")
            self.requests.append(request)
            self.manner(connection, request)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(1.0)
            while connection.recv(65_536):  # what of the request came late: or the answer would be lost by a reset
                pass
        del self._open[number]


def free_port() -> int:
    """A port at which nothing answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
