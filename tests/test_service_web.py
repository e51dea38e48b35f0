"""The service's pages over real sockets: whom the webhook believes, and whom it does not wait for."""

from __future__ import annotations

import http.client
import json
import re
import select
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.app.service.metrics import CONTENT_TYPE
from bot.app.service.server import Server
from bot.app.service.service import Service
from bot.app.service.signatures import sign
from bot.app.service.web import create_app
from bot.config.service import Web
from bot.errors import UsageError
from tests.service_run import SECRET, SOURCE, ZH, ZH_REPO, Book, Time, eventually, make_service

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
        connection = http.client.HTTPConnection(*self.address, timeout=10)
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


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving(Book(), max_body=5000, deliveries=50) as site:
        yield site


def hangs_up(client: socket.socket) -> bool:
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def waiting(site: Site) -> int:
    return site.service._workers[ZH].waiting


def test_a_push_asks_for_a_sync_once_however_often_it_is_delivered(site: Site) -> None:
    first = site.post("push", PUSH, X_GitHub_Delivery="same")
    again = site.post("push", PUSH, X_GitHub_Delivery="same")
    other = site.post("push", PUSH)
    assert [status for status, _ in (first, again, other)] == [202] * 3
    assert [body["outcome"] for _, body in (first, again, other)] == ["queued", "duplicate", "coalesced"]
    assert waiting(site) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"X_Hub_Signature_256": "sha256=" + "0" * 64}, 401),
        ({"X_Hub_Signature_256": None}, 401),
        ({"X_Hub_Signature_256": None, "X_Hub_Signature": "sha1=" + "0" * 40}, 401),
        ({"X_Hub_Signature_256": "é"}, 401),
        ({"X_Hub_Signature_256": ""}, 401),
        ({"X_GitHub_Delivery": None}, 400),
        ({"X_GitHub_Delivery": "x" * 101}, 400),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_what_is_not_signed_or_no_webhook_is_refused(site: Site, changes: dict[str, str | None], status: int) -> None:
    before = waiting(site)
    assert site.post("push", {**PUSH, "ref": "refs/heads/main"}, **changes)[0] == status
    assert waiting(site) == before


def test_a_refused_delivery_can_come_again_with_a_good_signature(site: Site) -> None:
    wrong = site.post("ping", {}, X_GitHub_Delivery="twice", X_Hub_Signature_256=sign(b"{}", b"guess"))
    assert wrong[0] == 401
    assert site.post("ping", {}, X_GitHub_Delivery="twice") == (200, {"outcome": "pong"})


def test_each_secret_is_good_while_they_are_exchanged(site: Site) -> None:
    body = b'{"zen": "!"}'
    assert site.post("ping", body, X_Hub_Signature_256=sign(body, b"former"))[0] == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"null", b"[" * 4000])
def test_a_signed_body_that_is_no_object_is_refused(site: Site, body: bytes) -> None:
    assert site.post("push", body)[0] == 400


def test_an_unknown_event_is_answered_politely(site: Site) -> None:
    status, body = site.post("sponsorship", {"action": "created"})
    assert (status, body["outcome"]) == (202, "ignored")
    assert site.post("push", {})[0] == 202
    assert site.metric('amts_webhooks_total{event="other",outcome="ignored"}') == 1


def test_a_body_that_is_too_large_is_refused_before_it_is_read(site: Site) -> None:
    with socket.create_connection(site.address, timeout=10) as client:
        client.sendall(
            b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Delivery: 1\r\n"
            b"X-Hub-Signature-256: sha256=0\r\nContent-Length: 5001\r\n\r\n"
        )
        assert client.recv(100).startswith(b"HTTP/1.1 413")


def test_a_body_of_unknown_length_is_read_up_to_the_limit(site: Site) -> None:
    with socket.create_connection(site.address, timeout=10) as client:
        client.sendall(
            b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Delivery: 1\r\n"
            b"X-Hub-Signature-256: sha256=0\r\nTransfer-Encoding: chunked\r\n\r\n" + b"ff\r\n" + b"x" * 255 + b"\r\n"
        )
        answer = b""
        client.settimeout(0.005)
        for _ in range(100):
            with suppress(TimeoutError):
                answer = client.recv(100)
                break
            client.sendall(b"3e8\r\n" + b"x" * 1000 + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 413")


def test_only_a_post_reaches_the_webhook(site: Site) -> None:
    assert site.request("GET", "/webhook")[0] == 405
    assert site.request("POST", "/other")[0] == 404


def test_the_pages_for_monitoring(site: Site) -> None:
    assert site.request("GET", "/readyz")[0] == 503
    assert site.request("GET", "/healthz")[0] == 503
    status, text, headers = site.request("GET", "/metrics")
    assert status == 200
    assert headers["Content-Type"] == CONTENT_TYPE
    assert "process_resident_memory_bytes" in text


def test_the_figures_can_be_read_and_the_docs_tell_of_each(site: Site) -> None:
    site.post("ping", {})
    found = {
        sample.name: sample
        for family in text_string_to_metric_families(site.request("GET", "/metrics")[1])
        for sample in family.samples
        if sample.name.startswith("amts_") and not sample.name.endswith(("_created", "_bucket", "_count"))
    }
    page = (Path(__file__).parents[1] / "docs" / "service.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `(amts_\w+)(?:\{([\w,]+)\})?` \|", page, re.MULTILINE))
    assert {name.removesuffix("_sum") for name in found} == told.keys()
    for name, sample in found.items():
        assert set(sample.labels) == set(filter(None, told[name.removesuffix("_sum")].split(",")))


def test_counters_begin_at_nought_so_that_the_first_failure_is_an_increase(site: Site) -> None:
    text = site.request("GET", "/metrics")[1]
    for language, outcome in product(("zh", "es"), ("failed", "crashed")):
        labels = f'{{config="a.yaml",language="{language}",outcome="{outcome}"}} 0.0'
        assert f"amts_syncs_total{labels}" in text
        assert f"amts_comments_total{labels}" in text


def test_a_running_service_is_healthy_and_ready() -> None:
    book = Book()
    with serving(book) as site:
        site.service.start()
        assert [site.request("GET", path)[0] for path in ("/healthz", "/readyz")] == [200, 200]
        site.service.stop(10)
        assert [site.request("GET", path)[0] for path in ("/healthz", "/readyz")] == [503, 503]
        status, text, headers = site.request("POST", "/webhook", b"{}", site.headers("push", b"{}"))
        assert (status, headers["Retry-After"]) == (503, "60")
        assert json.loads(text)["outcome"] == "stopping"


def test_a_full_queue_says_when_to_come_again_and_then_takes_the_same_delivery() -> None:
    def command(number: int) -> bytes:
        user = {"login": "ann", "type": "User"}
        return json.dumps(
            {
                "action": "created",
                "repository": {"full_name": ZH_REPO},
                "issue": {"number": 7, "pull_request": {"url": "x"}},
                "comment": {"id": number, "body": "/amts help", "user": user},
                "sender": user,
            }
        ).encode()

    book = Book()
    with serving(book, {"queue": 1}) as site:
        assert site.post("issue_comment", command(1))[0] == 202
        headers = site.headers("issue_comment", command(2))
        status, _, answered = site.request("POST", "/webhook", command(2), headers)
        assert (status, answered["Retry-After"]) == (503, "60")
        site.service.start()
        eventually(lambda: 1 in book.answered)
        assert site.request("POST", "/webhook", command(2), headers)[0] == 202
        eventually(lambda: book.answered == [1, 2])
        site.service.stop(10)


def test_slow_senders_are_cut_off_and_starve_nobody() -> None:
    with serving(Book(), receive_seconds=0.3, max_connections=10) as site, ExitStack() as stack:
        body = (
            b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Delivery: 1\r\n"
            b"X-Hub-Signature-256: sha256=0\r\nContent-Length: 100\r\n\r\n{"
        )
        slow_body = stack.enter_context(socket.create_connection(site.address, timeout=10))
        slow_body.sendall(body)
        assert slow_body.recv(1000).startswith(b"HTTP/1.1 408")
        slow = [stack.enter_context(socket.create_connection(site.address, timeout=10)) for _ in range(40)]
        for each in slow:
            each.sendall(b"POST /webhook HTTP/1.1\r\nHost:")
        assert site.post("ping", {})[0] == 200
        for each in slow:
            assert hangs_up(each)


def test_what_many_clients_send_at_a_time_can_not_fill_the_memory() -> None:
    head = (
        b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Delivery: 1\r\n"
        b"X-Hub-Signature-256: sha256=0\r\nContent-Length: 1024\r\n\r\n"
    )
    with serving(Book(), max_body=1024) as site, ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(site.address, timeout=10)) for _ in range(17)]
        for each in clients:
            each.sendall(head + b"x" * 1000)
        # Whoever comes last when all of it is too much; which one that is, the threads decide.
        refused, _, _ = select.select(clients, [], [], 10)
        assert [each.recv(12) for each in refused] == [b"HTTP/1.1 503"]
        for each in clients:
            each.close()
        eventually(lambda: site.metric('amts_webhooks_total{event="other",outcome="cut_off"}') == 16)
        assert site.post("ping", {"padding": "x" * 900})[0] == 200


def test_of_too_many_connections_the_oldest_makes_room() -> None:
    with serving(Book(), receive_seconds=60, max_connections=4) as site, ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(site.address, timeout=10)) for _ in range(8)]
        for each in slow[:4]:
            assert hangs_up(each)
        assert site.post("ping", {})[0] == 200


def test_clients_that_keep_their_connections_open_make_room() -> None:
    with serving(Book(), max_connections=4) as site, ExitStack() as stack:
        for _ in range(8):
            connection = stack.enter_context(closing(http.client.HTTPConnection(*site.address, timeout=10)))
            connection.request("GET", "/readyz")
            assert connection.getresponse().read() == b'{"ready":false}'
        assert site.post("ping", {})[0] == 200


def test_a_second_slow_request_on_a_connection_is_cut_off_too() -> None:
    with serving(Book(), receive_seconds=0.1) as site:
        connection = http.client.HTTPConnection(*site.address, timeout=10)
        with closing(connection):
            connection.request("GET", "/readyz")
            assert connection.getresponse().read() == b'{"ready":false}'
            connection.sock.sendall(b"GET /readyz HTTP/1.1\r\n")
            assert hangs_up(connection.sock)


def test_without_a_secret_no_webhook_is_taken() -> None:
    service, web = make_service(Book(), clock=Time()), Web(port=0)
    with Server(create_app(service, [], web), web) as server:
        site = Site(service, Book(), server.url)
        status, body = site.post("push", PUSH, X_Hub_Signature_256=sign(json.dumps(PUSH).encode(), b""))
    assert (status, body["outcome"]) == (403, "no_secret")


def test_a_taken_port_is_named(site: Site) -> None:
    web = Web(port=site.address[1])
    with pytest.raises(UsageError, match=r":\d+ can't be had \(Address already in use\); choose another --port"):
        Server(create_app(site.service, [], web), web)
