"""What the doubles of translation services have in common: a server on loopback that records what it is asked, and can
be told to misbehave at its next calls."""

from __future__ import annotations

import html
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.support.bad_server import Manner

_PIECES = re.compile(r'(<span translate="no"[^>]*>.*?</span>|<[^>]+>)', re.DOTALL)


@dataclass(frozen=True)
class Call:
    """A request as it came: `path` without the query, header names in lower case, the body as bytes."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """An answer: what `content` says as JSON, or as it is if it is bytes."""

    status: int = 200
    content: object = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        if isinstance(self.content, bytes):
            return self.content
        return b"" if self.content is None else json.dumps(self.content).encode()


Misbehaviour = Reply | Manner | Callable[[Reply], Reply]
"""What comes instead of an answer: another one, a bad manner on the connection, or the answer changed (a function whose
name begins with `changed`)."""


class ServiceDouble:
    """Answers while it is a context. `misbehave` queues what is to go wrong at the next calls whose path contains a
    text; `calls` are all that came, `reading` is called with each before it is answered."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.reading: Callable[[Call], None] = lambda _: None
        self._faults: deque[tuple[str, Misbehaviour]] = deque()
        self._lock = threading.Lock()
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except OSError:  # the client went away
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                double._serve(self)

            do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815  # as http.server calls them

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

        self._server = Server(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def misbehave(self, *faults: Misbehaviour, at: str = "/translate") -> None:
        self._faults.extend((at, fault) for fault in faults)

    def answer(self, call: Call) -> Reply:
        raise NotImplementedError

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        address = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        call = Call(handler.command, address.path, address.query, headers, body)
        with self._lock:
            self.calls.append(call)
            fault = next((entry for entry in self._faults if entry[0] in call.path), None)
            if fault is not None:
                self._faults.remove(fault)
        self.reading(call)
        if fault is not None and not isinstance(fault[1], Reply) and not fault[1].__name__.startswith("changed"):
            handler.close_connection = True
            manner: Any = fault[1]
            manner(handler.connection, f"{call.method} {handler.path} HTTP/1.1")
            return
        if fault is not None and isinstance(fault[1], Reply):
            reply = fault[1]
        else:
            with self._lock:
                reply = self.answer(call)
            if fault is not None:
                change: Any = fault[1]
                reply = change(reply)
        handler.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        handler.wfile.write(reply.body)


def always(double: ServiceDouble, fault: Misbehaviour, at: str = "/translate", times: int = 100) -> None:
    """The same fault at every call to come."""
    double.misbehave(*[fault] * times, at=at)


def machine(text: str, ending: str = "ado") -> str:
    """What the doubles' machine makes of HTML: every word of Latin letters gets an ending; markup, and what it says is
    not to be translated, stays."""
    return "".join(
        piece if index % 2 else html.escape(re.sub(r"[A-Za-z]+", rf"\g<0>{ending}", html.unescape(piece)), quote=False)
        for index, piece in enumerate(_PIECES.split(text))
    )
