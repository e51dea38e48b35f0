"""What many, slow or large requests do to the service's web server: nobody starves, and the memory is not filled."""

from __future__ import annotations

import http.client
import json
import select
import socket
from contextlib import ExitStack, closing, suppress

from tests.support.service_run import ZH_REPO, Book
from tests.support.service_site import Site, hangs_up, serving
from tests.support.waiting import PATIENCE_SECONDS, eventually

pytest_plugins = ["tests.support.service_site_fixtures"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(site: Site) -> None:
    with socket.create_connection(site.address, timeout=PATIENCE_SECONDS) as client:
        client.sendall(
            b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Delivery: 1\r\n"
            b"X-Hub-Signature-256: sha256=0\r\nContent-Length: 5001\r\n\r\n"
        )
        assert client.recv(100).startswith(b"HTTP/1.1 413")


def test_a_body_of_unknown_length_is_read_up_to_the_limit(site: Site) -> None:
    with socket.create_connection(site.address, timeout=PATIENCE_SECONDS) as client:
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
        slow_body = stack.enter_context(socket.create_connection(site.address, timeout=PATIENCE_SECONDS))
        slow_body.sendall(body)
        assert slow_body.recv(1000).startswith(b"HTTP/1.1 408")
        slow = [
            stack.enter_context(socket.create_connection(site.address, timeout=PATIENCE_SECONDS)) for _ in range(40)
        ]
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
        clients = [
            stack.enter_context(socket.create_connection(site.address, timeout=PATIENCE_SECONDS)) for _ in range(17)
        ]
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
        slow = [stack.enter_context(socket.create_connection(site.address, timeout=PATIENCE_SECONDS)) for _ in range(8)]
        for each in slow[:4]:
            assert hangs_up(each)
        assert site.post("ping", {})[0] == 200


def test_clients_that_keep_their_connections_open_make_room() -> None:
    with serving(Book(), max_connections=4) as site, ExitStack() as stack:
        for _ in range(8):
            connection = stack.enter_context(
                closing(http.client.HTTPConnection(*site.address, timeout=PATIENCE_SECONDS))
            )
            connection.request("GET", "/readyz")
            assert connection.getresponse().read() == b'{"ready":false}'
        assert site.post("ping", {})[0] == 200


def test_a_second_slow_request_on_a_connection_is_cut_off_too() -> None:
    with serving(Book(), receive_seconds=0.1) as site:
        connection = http.client.HTTPConnection(*site.address, timeout=PATIENCE_SECONDS)
        with closing(connection):
            connection.request("GET", "/readyz")
            assert connection.getresponse().read() == b'{"ready":false}'
            connection.sock.sendall(b"GET /readyz HTTP/1.1\r\n")
            assert hangs_up(connection.sock)
