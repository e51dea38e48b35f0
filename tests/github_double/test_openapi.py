"""The validator of the double's messages finds what is deliberately broken."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.github_double import double as double_module
from tests.github_double.double import GitHubDouble
from tests.github_double.openapi import Description
from tests.support.waiting import PATIENCE_SECONDS

pytest_plugins = ["tests.github_double.fixtures"]

BOOK = "org/book"
PULLS = "/repos/{owner}/{repo}/pulls"
PATH = {"owner": "org", "repo": "book"}


@pytest.fixture
def double(github_double: GitHubDouble) -> GitHubDouble:
    github_double.create_repo(BOOK, {"a.md": "one\n"}, collaborators={"bot": "write"})
    github_double.as_user("bot").push(BOOK, "amts/zh", {"a.md": "two\n"})
    github_double.as_user("bot").open_pull(BOOK, "amts/zh", "main")
    return github_double


def get(double: GitHubDouble, path: str) -> Any:
    return requests.get(f"{double.url}{path}", timeout=PATIENCE_SECONDS).json()


def test_the_pinned_description_is_the_one_installed(github_description: Description) -> None:
    lock = json.loads((Path(double_module.__file__).parent / "package-lock.json").read_text())
    assert github_description.version == lock["packages"]["node_modules/@octokit/openapi"]["version"]


@pytest.mark.parametrize(
    ("query", "body", "fault"),
    [
        ({"state": "opened"}, None, 'query state: : "opened" is not one of'),
        ({"per_page": "many"}, None, 'query per_page: : "many" is not of type "integer"'),
        ({"branch": "amts/zh"}, None, "query: no parameter 'branch'"),
        ({}, {"title": "Sync"}, "body: none is described"),
    ],
)
def test_a_broken_query_is_found(github_description: Description, query: dict[str, str], body: Any, fault: str) -> None:
    faults = github_description.request_faults("GET", PULLS, PATH, query, body)
    assert len(faults) == 1
    assert fault in faults[0]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (None, "body: missing"),
        ({"head": "amts/zh"}, 'body: "base" is a required property'),
        ({"head": "amts/zh", "base": "main", "draft": "yes"}, 'body/draft: "yes" is not of type "boolean"'),
        ({"head": "amts/zh", "base": "main", "labels": ["x"]}, "body/labels: not described"),
        ({"head": "amts/zh", "base": "main", "body": None}, 'body/body: null is not of type "string"'),
    ],
)
def test_a_broken_body_is_found(github_description: Description, body: Any, fault: str) -> None:
    assert github_description.request_faults("POST", PULLS, PATH, {}, body) == [fault]


def drop(*path: str) -> Callable[[Any], None]:
    def change(message: Any) -> None:
        for name in path[:-1]:
            message = message[name]
        del message[path[-1]]

    return change


def put(value: Any, *path: str) -> Callable[[Any], None]:
    def change(message: Any) -> None:
        for name in path[:-1]:
            message = message[name]
        message[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "pattern"),
    [
        (drop("merged"), r': "merged" is a required property'),
        (drop("head", "repo", "clone_url"), r'/head/repo: "clone_url" is a required property'),
        (put("1", "number"), r'/number: "1" is not of type "integer"'),
        (put("merged", "state"), r'/state: "merged" is not one of "open" or "closed"'),
        (put("yesterday", "created_at"), r'/created_at: "yesterday" is not a "date-time"'),
        (put("no url", "base", "repo", "html_url"), r'/base/repo/html_url: "no url" is not a "uri"'),
        (put(None, "title"), r'/title: null is not of type "string"'),
        (put(True, "is_merged"), r"/is_merged: not described"),
        (put(1, "user", "karma"), r"/user/karma: not described"),
        (put([{"name": "zh"}], "labels"), r"/labels/0: .* is a required property"),
    ],
)
def test_a_broken_answer_is_found(
    double: GitHubDouble, github_description: Description, change: Callable[[Any], None], pattern: str
) -> None:
    answer = get(double, f"/repos/{BOOK}/pulls/1")
    operation = "GET", f"{PULLS}/{{pull_number}}", 200
    assert github_description.response_faults(*operation, answer) == []
    change(answer)
    faults = github_description.response_faults(*operation, answer)
    assert faults
    assert all(re.search(pattern, fault) for fault in faults), faults


def test_a_broken_item_of_a_list_is_found(double: GitHubDouble, github_description: Description) -> None:
    answer = get(double, f"/repos/{BOOK}/pulls")
    answer[0]["surprise"] = 1
    del answer[0]["url"]
    faults = github_description.response_faults("GET", PULLS, 200, answer)
    assert faults == ['/0: "url" is a required property', "/0/surprise: not described"]


def test_an_undescribed_status_and_a_missing_body_are_found(github_description: Description) -> None:
    assert github_description.response_faults("GET", PULLS, 418, {}) == [": status 418 is not described"]
    assert github_description.response_faults("GET", PULLS, 200, None) == [": the described body is missing"]


def test_a_broken_webhook_is_found(github_description: Description) -> None:
    assert github_description.webhook_faults("pull_request", "vanished", {}) == [
        ": no event pull-request-vanished is described"
    ]
    faults = github_description.webhook_faults("push", None, {"ref": 1})
    assert '/ref: 1 is not of type "string"' in faults
    assert ': "commits" is a required property' in faults


def test_a_message_that_breaks_the_description_is_a_violation(double: GitHubDouble) -> None:
    """In a request that the double itself would answer, in one that it does not know, in an answer of its own."""
    header = {"Authorization": f"token {double.token('bot')}"}
    base = f"{double.url}/repos/{BOOK}"
    requests.get(f"{base}/pulls?head_branch=x", headers=header, timeout=PATIENCE_SECONDS)
    requests.get(f"{base}/merge-requests", headers=header, timeout=PATIENCE_SECONDS)
    double.issue(BOOK, 1).title = None  # type: ignore[assignment]
    requests.get(f"{base}/pulls", headers=header, timeout=PATIENCE_SECONDS)
    found, double.violations[:] = list(double.violations), []
    assert found == [
        "request GET /repos/{owner}/{repo}/pulls: query: no parameter 'head_branch'",
        "GET /repos/org/book/merge-requests: the double does not know this operation",
        'response GET /repos/{owner}/{repo}/pulls 200 /0/title: null is not of type "string"',
    ]


def test_every_exception_has_its_reason_and_covers_no_more_than_it_says() -> None:
    path = Path(double_module.__file__).parent / "exceptions.toml"
    listed = tomllib.loads(path.read_text())["exception"]
    assert all(set(each) == {"operation", "status", "fault", "reason"} and each["reason"] for each in listed)
    excepted = double_module.excepted
    assert excepted("GET /user", 403, ": status 403 is not described")
    assert not excepted("GET /user", 200, ": status 200 is not described")
    assert not excepted("GET /user", 403, '/message: 1 is not of type "string"')
    assert not excepted("GET /user", 200, '/title: null is not of type "string"')
