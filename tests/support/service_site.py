"""The service's web server, and a client of it."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from bot.config.service import Web
from bot.service.server import Server
from bot.service.service import Service
from bot.service.web import create_app
from bot.service.webhooks import sign
from tests.support.service_run import SECRET, SOURCE, Book, Time, make_service
from tests.support.waiting import PATIENCE_SECONDS

PUSH = {"ref": "refs/heads/main", "repository": {"full_name": SOURCE}, "sender": {"login": "ann", "type": "User"}}


class Site:
    """A running service, and how to talk to it."""

    def __init__(self, service: Service, book: Book, url: str) -> None:
        self.service = service
        self.book = book
        self.address = str(urlsplit(url).hostname), int(urlsplit(url).port or 0)
        self._deliveries = 0

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        finally:
            connection.close()

    def headers(self, event: str, body: bytes, secret: bytes = SECRET, delivery: str = "") -> dict[str, str]:
        self._deliveries += 1
        return {
            "Content-Type": "application/json",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": delivery or f"delivery-{self._deliveries}",
            "X-Hub-Signature-256": sign(body, secret),
        }

    def post(self, event: str, payload: object, **changes: str | None) -> tuple[int, dict[str, Any]]:
        """A signed webhook; `changes` are headers, with _ for -, that are set or (None) left out."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        named = {name.replace("_", "-"): value for name, value in changes.items()}
        headers = {**self.headers(event, body), **named}
        sent = {name: value for name, value in headers.items() if value is not None}
        status, text, _ = self.request("POST", "/webhook", body, sent)
        return status, json.loads(text)

    def metric(self, line: str) -> float:
        for each in self.service.metrics.text().decode().splitlines():
            if each.startswith(line):
                return float(each.rpartition(" ")[2])
        return 0.0


@contextmanager
def serving(book: Book, settings: dict[str, Any] | None = None, **web: Any) -> Iterator[Site]:
    """With every setting of `Web`; the service itself is not started, so that nothing happens by itself."""
    service = make_service(book, settings, Time())
    configured = Web(port=0, **web)
    with Server(create_app(service, [b"former", SECRET], configured), configured) as server:
        yield Site(service, book, server.url)


def hangs_up(client: socket.socket) -> bool:
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True
