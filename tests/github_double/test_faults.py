"""The double of GitHub: failures on request, limits, tokens and Apps."""

from __future__ import annotations

import time
from collections.abc import Iterator

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from github import Auth, Github, GithubException, GithubIntegration, RateLimitExceededException
from github.Repository import Repository

from tests.github_double.clients import api
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import (
    Effect,
    bad_gateway,
    dropped,
    forbidden,
    primary_limit,
    secondary_limit,
    unauthorized,
)
from tests.support.waiting import PATIENCE_SECONDS

pytest_plugins = ["tests.github_double.fixtures"]

BOOK = "org/book"


def new_key() -> tuple[str, str]:
    """A private and a public key, PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kinds = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, *kinds)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@pytest.fixture(scope="module")
def keys() -> tuple[str, str]:
    return new_key()


@pytest.fixture
def double(github_double: GitHubDouble) -> GitHubDouble:
    github_double.create_repo(BOOK, {"a.md": "one\n"}, collaborators={"bot": "write"})
    github_double.as_user("bot").push(BOOK, "amts/zh", {"a.md": "two\n"})
    return github_double


@pytest.fixture
def book(double: GitHubDouble) -> Iterator[Repository]:
    with api(double, Auth.Token(double.token("bot"))) as client:
        yield client.get_repo(BOOK)


@pytest.mark.parametrize("effect", [bad_gateway(after=True), dropped(after=True)], ids=lambda effect: effect.name)
def test_a_request_can_take_effect_though_its_answer_is_lost(
    double: GitHubDouble, book: Repository, effect: Effect
) -> None:
    double.faults.on("POST", "/pulls$", effect)
    with pytest.raises((GithubException, requests.ConnectionError)):
        book.create_pull(base="main", head="amts/zh", title="Sync")
    assert [pull.title for pull in book.get_pulls(head="org:amts/zh")] == ["Sync"]
    assert double.faults.struck == [("POST", "/repos/org/book/pulls", effect.name)]


@pytest.mark.parametrize(
    ("effect", "kind", "status"),
    [
        (bad_gateway(), GithubException, 502),
        (forbidden(), GithubException, 403),
        (unauthorized(), GithubException, 401),
        (primary_limit(), RateLimitExceededException, 403),
        (primary_limit(status=429), GithubException, 429),
        (secondary_limit(), RateLimitExceededException, 403),
        (secondary_limit(status=429), GithubException, 429),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_fault_without_effect_strikes_the_planned_calls_alone(
    double: GitHubDouble, book: Repository, effect: Effect, kind: type[GithubException], status: int
) -> None:
    double.faults.on("POST", "/pulls$", effect, times=2)
    for _ in range(2):
        with pytest.raises(kind) as refusal:
            book.create_pull(base="main", head="amts/zh", title="Sync")
        assert refusal.value.status == status
    assert double.pulls(BOOK) == []
    assert book.create_pull(base="main", head="amts/zh", title="Sync").number == 1


def test_rate_limits_say_when_to_come_back(double: GitHubDouble) -> None:
    double.faults.on("GET", "/pulls$", primary_limit(reset_in=90))
    double.faults.on("GET", "/pulls$", secondary_limit(retry_after=7))
    answers = [requests.get(f"{double.url}/repos/{BOOK}/pulls", timeout=PATIENCE_SECONDS) for _ in range(3)]
    now = double.clock.now().timestamp()
    assert answers[0].headers["x-ratelimit-remaining"] == "0"
    assert 80 <= int(answers[0].headers["x-ratelimit-reset"]) - now <= 90
    assert answers[1].headers["retry-after"] == "7"
    assert (answers[2].status_code, "retry-after" in answers[2].headers) == (200, False)


def test_any_call_can_be_picked_by_its_number(double: GitHubDouble, book: Repository) -> None:
    double.faults.at_call(double.faults.calls + 2, bad_gateway())
    book.get_branch("main")
    with pytest.raises(GithubException):
        book.get_branch("main")
    book.get_branch("main")
    assert [exchange.fault for exchange in double.exchanges][-3:] == [None, "502", None]


def test_a_planned_fault_lets_the_first_calls_pass(double: GitHubDouble, book: Repository) -> None:
    double.faults.on("GET", "/branches/", bad_gateway(), skip=2)
    before = len(double.exchanges)
    for _ in range(2):
        book.get_branch("main")
    with pytest.raises(GithubException):
        book.get_branch("main")
    book.get_branch("main")
    assert [exchange.status for exchange in double.exchanges[before:]] == [200, 200, 502, 200]


def test_texts_have_limits(book: Repository) -> None:
    pull = book.create_pull(base="main", head="amts/zh", title="Sync", body="x" * 65_536)
    for refused in (
        lambda: pull.edit(body="x" * 65_537),
        lambda: pull.edit(title="x" * 257),
        lambda: pull.create_issue_comment("界" * 65_537),
        lambda: book.create_pull(base="main", head="amts/zh", title=""),
    ):
        with pytest.raises(GithubException) as refusal:
            refused()
        assert refusal.value.status == 422
    assert len(book.get_pull(1).body) == 65_536


def test_a_huge_pull_request_lists_only_its_first_files(double: GitHubDouble, book: Repository) -> None:
    double.as_user("bot").push(BOOK, "amts/zh", {f"{number:04}.md": f"{number}\n" for number in range(3_100)})
    pull = book.create_pull(base="main", head="amts/zh", title="Sync")
    assert pull.changed_files == 3_101
    page = requests.get(f"{double.url}/repos/{BOOK}/pulls/1/files?per_page=100&page=30", timeout=PATIENCE_SECONDS)
    assert len(page.json()) == 100
    assert 'rel="next"' not in page.headers["Link"]
    assert len(book.compare("main", "amts/zh").files) == 300


def test_tokens_have_their_own_permissions_and_end(double: GitHubDouble) -> None:
    with api(double, Auth.Token(double.token("bot", {"pull_requests": "read"}, lifetime=60))) as client:
        book = client.get_repo(BOOK)
        with pytest.raises(GithubException, match="Resource not accessible by personal access token") as refusal:
            book.create_pull(base="main", head="amts/zh", title="Sync")
        assert refusal.value.status == 403
        double.token_clock.advance(seconds=60)
        with pytest.raises(GithubException, match="Bad credentials") as refusal:
            book.get_branch("main")
        assert refusal.value.status == 401


def test_an_app_acts_as_its_bot(double: GitHubDouble, keys: tuple[str, str]) -> None:
    app = double.create_app("amts", keys[1])
    installation = double.install_app(app, "org")
    auth = Auth.AppAuth(app.id, keys[0])
    integration = GithubIntegration(auth=auth, base_url=double.url, retry=None)
    assert integration.get_repo_installation("org", "book").id == installation.id
    with api(double, auth.get_installation_auth(installation.id)) as client:
        book = client.get_repo(BOOK)
        pull = book.create_pull(base="main", head="amts/zh", title="Sync")
        assert (pull.user.login, pull.user.type) == ("amts[bot]", "Bot")
        run = book.create_check_run("translations", pull.head.sha, status="in_progress")
        run.edit(conclusion="neutral", output={"title": "14 to review", "summary": "2 left"})
        (shown,) = book.get_commit(pull.head.sha).get_check_runs()
        assert (shown.status, shown.conclusion, shown.output.title) == ("completed", "neutral", "14 to review")
    integration.close()


def test_installation_tokens_expire_and_reach_no_further_than_granted(
    double: GitHubDouble, keys: tuple[str, str]
) -> None:
    double.create_repo("org/other", {"a.md": "one\n"})
    app = double.create_app("amts", keys[1], permissions={"metadata": "read", "contents": "write"})
    installation = double.install_app(app, "org", frozenset({BOOK}))
    auth = Auth.AppAuth(app.id, keys[0]).get_installation_auth(installation.id)
    with api(double, auth) as client:
        sha = client.get_repo(BOOK).get_branch("main").commit.sha
        client.get_repo(BOOK).create_git_ref("refs/heads/new", sha)
        for what in (
            lambda: client.get_repo("org/other").create_git_ref("refs/heads/new", sha),
            lambda: client.get_repo(BOOK).create_pull(base="main", head="amts/zh", title="Sync"),
        ):
            with pytest.raises(GithubException, match="Resource not accessible by integration"):
                what()
        double.expire_installation_tokens()
        with pytest.raises(GithubException, match="Bad credentials"):
            client.get_repo(BOOK)


def test_a_jwt_of_another_key_or_app_is_refused(double: GitHubDouble, keys: tuple[str, str]) -> None:
    other = new_key()[0]
    app = double.create_app("amts", keys[1])
    now = int(time.time())
    right = {"iss": str(app.id), "iat": now - 60, "exp": now + 300}
    for claims, key, status, message in (
        (right, keys[0], 200, ""),
        (right, other, 401, "could not be decoded"),
        (right | {"iss": str(app.id + 1)}, keys[0], 401, "Integration not found"),
        (right | {"exp": now + 3_600}, keys[0], 401, "too far in the future"),
        (right | {"exp": now - 1}, keys[0], 401, "expires"),
        ({name: right[name] for name in ("iss", "exp")}, keys[0], 401, "could not be decoded"),
    ):
        header = {"Authorization": f"Bearer {jwt.encode(claims, key, algorithm='RS256')}"}
        answer = requests.get(f"{double.url}/app", headers=header, timeout=PATIENCE_SECONDS)
        assert answer.status_code == status
        assert message in answer.json().get("message", "")


def test_a_check_run_needs_an_app(book: Repository) -> None:
    with pytest.raises(GithubException, match="must authenticate via a GitHub App"):
        book.create_check_run("translations", book.get_branch("main").commit.sha)


def test_a_new_token_is_fetched_when_one_is_about_to_expire(double: GitHubDouble, keys: tuple[str, str]) -> None:
    double.limits.token_lifetime = 10  # PyGithub renews tokens in their last twenty seconds
    app = double.create_app("amts", keys[1])
    auth = Auth.AppAuth(app.id, keys[0]).get_installation_auth(double.install_app(app, "org").id)
    client: Github
    with api(double, auth) as client:
        client.get_repo(BOOK)
        client.get_repo(BOOK)
    fetched = [exchange for exchange in double.exchanges if exchange.template.endswith("/access_tokens")]
    assert len(fetched) >= 2
