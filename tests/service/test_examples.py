"""Every example of a webhook that GitHub's own octokit publishes: answered, and acted on only where that is due."""

from __future__ import annotations

import copy
import http.client
import json
import os
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from bot.config.service import Web
from bot.report.commands import PREFIX
from bot.service.routing import Subscription
from bot.service.server import Server
from bot.service.service import Service
from bot.service.web import create_app
from bot.service.webhooks import sign
from tests.github_double.install import EXAMPLES
from tests.support.service_run import SECRET, SUBSCRIPTIONS, ZH, Book, Time, make_service
from tests.support.waiting import PATIENCE_SECONDS

# The repository of most examples, with its branches, as if a book lived there.
HELLO = "codertocat/hello-world"
IN_HELLO = (Subscription(ZH, HELLO, "master", HELLO, "master", "changes"),)


@pytest.fixture(scope="module")
def examples() -> list[tuple[str, dict[str, Any]]]:
    if not EXAMPLES.is_file():
        reason = "octokit's examples are not installed; run: python -m tests.github_double.install (needs npm)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    events = json.loads(EXAMPLES.read_bytes())["events"]
    return [(event["name"], payload) for event in events for payload in event["examples"]]


class Poster:
    """A GitHub with one connection to a service that is not started, so that what it asks for stays to be seen."""

    def __init__(self, service: Service, connection: http.client.HTTPConnection) -> None:
        self._service = service
        self._connection = connection
        self._posted = 0

    def post(self, event: str, payload: dict[str, Any]) -> tuple[int, str]:
        body = json.dumps(payload).encode()
        self._posted += 1
        headers = {
            "Content-Type": "application/json",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": str(self._posted),
            "X-Hub-Signature-256": sign(body, SECRET),
        }
        self._connection.request("POST", "/webhook", body, headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())["outcome"]

    @property
    def waiting(self) -> int:
        return sum(worker.waiting for worker in self._service._workers.values())


def posting(subscriptions: tuple[Subscription, ...]) -> Iterator[Poster]:
    service, web = make_service(Book(), {"queue": 1000}, Time(), subscriptions), Web(port=0)
    with Server(create_app(service, [SECRET], web), web) as server:
        address = server.url.removeprefix("http://")
        with closing(http.client.HTTPConnection(address, timeout=PATIENCE_SECONDS)) as connection:
            yield Poster(service, connection)


@pytest.fixture
def elsewhere() -> Iterator[Poster]:
    yield from posting(SUBSCRIPTIONS)


@pytest.fixture
def in_hello() -> Iterator[Poster]:
    yield from posting(IN_HELLO)


def test_no_example_is_an_error_or_work_where_no_book_lives(
    elsewhere: Poster, examples: list[tuple[str, dict[str, Any]]]
) -> None:
    assert len(examples) > 300
    answers = {elsewhere.post(event, payload) for event, payload in examples}
    assert answers == {(202, "ignored"), (200, "pong")}
    assert elsewhere.waiting == 0


def is_due(event: str, payload: dict[str, Any]) -> bool:
    """What the service should act on, said in other words than its own."""
    if event in ("installation", "installation_repositories"):
        named = [*payload.get("repositories", ()), *payload.get("repositories_added", ())]
        came = payload["action"] in ("created", "unsuspend", "new_permissions_accepted", "added")
        whole_account = not named and payload["installation"]["account"]["login"].lower() == "codertocat"
        return came and (whole_account or any(repo["full_name"].lower() == HELLO for repo in named))
    if payload.get("repository", {}).get("full_name", "").lower() != HELLO:
        return False
    if event == "push":
        return payload["ref"] in ("refs/heads/master", "refs/heads/changes") and not payload["deleted"]
    if event == "pull_request":
        return payload["action"] in ("closed", "reopened") and payload["pull_request"]["head"]["ref"] == "changes"
    return False


def test_where_a_book_lives_just_those_examples_are_work_that_touch_it(
    in_hello: Poster, examples: list[tuple[str, dict[str, Any]]]
) -> None:
    acted = 0
    for event, payload in examples:
        status, outcome = in_hello.post(event, payload)
        assert status in (200, 202)
        assert (outcome in ("queued", "coalesced")) == is_due(event, payload), (event, payload.get("action"))
        acted += is_due(event, payload)
    assert 0 < acted < 20
    assert in_hello.waiting == 1


def test_an_example_of_a_comment_is_a_command_only_on_a_pull_request_and_when_new(
    in_hello: Poster, examples: list[tuple[str, dict[str, Any]]]
) -> None:
    commands = 0
    for event, example in examples:
        if event != "issue_comment":
            continue
        payload = copy.deepcopy(example)
        payload["repository"]["full_name"] = HELLO
        payload["comment"]["body"] = f"{PREFIX} help"
        assert in_hello.post(event, payload)[1] == "ignored"
        payload["issue"]["pull_request"] = {"url": payload["issue"]["url"], "html_url": payload["issue"]["html_url"]}
        by_person = payload["comment"]["user"]["type"] == "User"
        expected = (
            payload["action"] == "created" and by_person and not payload["comment"].get("performed_via_github_app")
        )
        before = in_hello.waiting
        outcome = in_hello.post(event, payload)[1]
        assert (outcome in ("queued", "coalesced")) == expected
        commands += in_hello.waiting - before
    assert commands > 0
