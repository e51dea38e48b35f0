"""The double of GitHub: signed webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.github_double.double import GitHubDouble
from tests.support.waiting import PATIENCE_SECONDS

pytest_plugins = ["tests.github_double.fixtures"]

BOOK = "org/book"
SECRET = "swordfish"


@dataclass(frozen=True)
class Received:
    event: str
    delivery: str
    payload: Any


class Receiver:
    """Keeps what it gets; answers 401 to a wrong signature."""

    def __init__(self) -> None:
        self.got: list[Received] = []
        self._server = make_server("127.0.0.1", 0, Request.application(self._answer), threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def _answer(self, request: Request) -> Response:
        data = request.get_data()
        expected = "sha256=" + hmac.new(SECRET.encode(), data, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers["X-Hub-Signature-256"], expected):
            return Response(status=401)
        payload = json.loads(data)
        self.got.append(Received(request.headers["X-GitHub-Event"], request.headers["X-GitHub-Delivery"], payload))
        return Response(status=202)

    def events(self) -> list[tuple[str, str | None]]:
        return [(each.event, each.payload.get("action")) for each in self.got]

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver(caplog: pytest.LogCaptureFixture) -> Iterator[Receiver]:
    caplog.set_level("ERROR", "werkzeug")
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def double(github_double: GitHubDouble, receiver: Receiver) -> GitHubDouble:
    github_double.create_repo(BOOK, {"a.md": "one\n"}, collaborators={"bot": "write"})
    github_double.webhooks.synchronous = True
    github_double.webhooks.subscribe(receiver.url, SECRET)
    return github_double


def test_what_happens_is_announced_in_order_and_signed(double: GitHubDouble, receiver: Receiver) -> None:
    double.ping()
    bot, alice = double.as_user("bot"), double.as_user("alice")
    bot.push(BOOK, "amts/zh", {"a.md": "two\n"})
    number = bot.open_pull(BOOK, "amts/zh", "main")
    comment = alice.comment(BOOK, number, "/amts status")
    alice.edit_comment(BOOK, comment.id, "/amts rebase")
    alice.delete_comment(BOOK, comment.id)
    alice.push(BOOK, "amts/zh", {"a.md": "by hand\n"})
    alice.merge_pull(BOOK, number)
    assert receiver.events() == [
        ("ping", None),
        ("push", None),
        ("pull_request", "opened"),
        ("issue_comment", "created"),
        ("issue_comment", "edited"),
        ("issue_comment", "deleted"),
        ("push", None),
        ("pull_request", "synchronize"),
        ("pull_request", "closed"),
        ("push", None),
    ]
    assert {status for each in double.webhooks.deliveries for status in each.statuses} == {202}
    comment_event = receiver.got[3].payload
    assert "pull_request" in comment_event["issue"]
    assert (comment_event["sender"]["login"], comment_event["comment"]["body"]) == ("alice", "/amts status")
    assert receiver.got[8].payload["pull_request"]["merged"] is True


def test_a_push_event_names_its_commits_and_files(double: GitHubDouble, receiver: Receiver) -> None:
    alice = double.as_user("alice")
    old = double.repo(BOOK).store.branch("main")
    new = alice.push(BOOK, "main", {"a.md": None, "b.md": "x\n"}, "Rename\n\nWith a reason")
    payload = receiver.got[-1].payload
    assert (payload["ref"], payload["before"], payload["after"]) == ("refs/heads/main", old, new)
    (commit,) = payload["commits"]
    assert (commit["added"], commit["removed"], commit["message"]) == (["b.md"], ["a.md"], "Rename\n\nWith a reason")
    assert payload["forced"] is False
    alice.push(BOOK, "main", {"c.md": "y\n"}, force=True)
    assert receiver.got[-1].payload["forced"] is True


def test_a_delivery_can_come_twice_and_again(double: GitHubDouble, receiver: Receiver) -> None:
    double.webhooks.copies = 2
    double.as_user("alice").push(BOOK, "main", {"a.md": "two\n"})
    assert double.webhooks.deliveries[-1].send() == 202
    assert len({each.delivery for each in receiver.got}) == 1
    assert len(receiver.got) == 3


def test_a_wrong_secret_is_noticed_and_a_dead_receiver_does_no_harm(double: GitHubDouble, receiver: Receiver) -> None:
    double.webhooks.subscribe(receiver.url, "wrong", ["push"])
    double.webhooks.subscribe("http://127.0.0.1:1/", SECRET, ["push"])
    double.as_user("alice").push(BOOK, "main", {"a.md": "two\n"})
    assert [each.statuses for each in double.webhooks.deliveries] == [[202], [401], [0]]


def test_events_can_come_from_a_thread_of_their_own(double: GitHubDouble, receiver: Receiver) -> None:
    double.webhooks.synchronous = False
    for number in range(5):
        double.as_user("alice").push(BOOK, "main", {"a.md": f"{number}\n"})
    double.webhooks.wait()
    shas = [each.payload["after"] for each in receiver.got]
    assert shas == [each.sha for each in double.repo(BOOK).store.log("--reverse", "main")][1:]


def test_who_is_told_of_an_event_can_ask_the_api_at_once(double: GitHubDouble, receiver: Receiver) -> None:
    asked: list[str] = []
    keep = receiver.got.append

    def ask(received: Received) -> None:
        with urllib.request.urlopen(f"{double.url}/repos/{BOOK}/branches/main", timeout=PATIENCE_SECONDS) as answer:
            asked.append(json.load(answer)["commit"]["sha"])
        keep(received)

    class Asking(list[Received]):
        def append(self, received: Received) -> None:
            ask(received)

    receiver.got = Asking()
    new = double.as_user("alice").push(BOOK, "main", {"a.md": "two\n"})
    assert asked == [new]


def test_an_installation_is_announced(double: GitHubDouble, receiver: Receiver) -> None:
    double.install_app(double.create_app("amts", ""), "org")
    assert receiver.events() == [("installation", "created")]
    assert [repo["full_name"] for repo in receiver.got[0].payload["repositories"]] == [BOOK]
