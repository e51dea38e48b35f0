"""Servers that are silent, drip, hang up or lie: every call of git and of GitHub's API ends within its limits, with one
sentence, and leaves nothing behind that the next run would trip over."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from github.Repository import Repository as ApiRepository

from bot.config.network import NetworkSettings
from bot.errors import AmtsError, DeadlineError, RepositoryError, TransientError
from bot.forge.comment import Comment
from bot.forge.git import Repository
from bot.forge.github.failures import github_errors
from bot.forge.github.host import GitHubForgeSettings, GitHubHost, RequestPacing
from bot.network.deadline import time_limit
from tests.support.bad_server import (
    IMPATIENCE,
    MANNERS,
    PULLS,
    BadServer,
    endless,
    free_port,
    http,
    pages_without_end,
    rate_limit,
    says,
)
from tests.support.gitrepo import make_repo

QUICK = NetworkSettings(
    connect_seconds=0.5,
    silence_seconds=1.0,
    request_seconds=0.6,
    transfer_minutes=1.5 / 60,
    answer_megabytes=1.0,
    list_pages=20,
    retry_seconds=0.01,
)
# The three attempts of a call, the grace that a git gets which is ended, and a busy machine.
PATIENCE_SECONDS = 15.0
Attacked = Callable[[str, int], None]
_ALWAYS = ("drips a header", "shows a page, and says it is JSON", "answers with a number", "0", "beyond all bounds")


def some(names: Iterable[str]) -> list[ParameterSet]:
    """All of them in the sweeps, a few of them always."""
    return [pytest.param(name, marks=() if name in _ALWAYS else pytest.mark.sweep) for name in names]


def host(url: str, network: NetworkSettings = QUICK) -> GitHubHost:
    pacing = RequestPacing(max_wait=60.0, between_requests=0.0, between_writes=0.0, sleep=lambda _: None)
    settings = GitHubForgeSettings(kind="github", url=url, api_url=url)
    return GitHubHost(settings, {"GITHUB_TOKEN": "ghp_sesame1234"}, pacing, network)


def pulls(url: str, network: NetworkSettings = QUICK) -> object:
    """The list of a repository's open pull requests."""
    return host(url, network).open_discussion(f"{url}/o/r").fetch_threads(lambda _: False, lambda _: (0, ""))


def ends(call: Callable[[], object], patience: float = PATIENCE_SECONDS) -> str:
    """The one sentence that a call ends with."""
    began = time.monotonic()
    with pytest.raises(AmtsError) as caught:
        call()
    assert time.monotonic() - began < patience
    said = str(caught.value)
    assert "\n" not in said
    assert "<" not in said, "the page itself is shown"
    assert "sesame" not in said
    assert said.isprintable()
    assert len(said) < 900
    return said


@pytest.mark.parametrize("manner", some(MANNERS))
def test_a_clone_ends_and_leaves_nothing(manner: str, tmp_path: Path, attacked: Attacked) -> None:
    with BadServer(MANNERS[manner]) as server:
        said = ends(lambda: Repository.open(f"{server.url}/o/r.git", tmp_path / "cache", network=QUICK))
    assert said.startswith(f"{server.url}/o/r.git: ")
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.suffix != ".lock"] == []
    attacked("bad servers met by git", 1)


@pytest.mark.sweep
@pytest.mark.parametrize("manner", ["silent", "drips no HTTP", "hangs up"])
@pytest.mark.parametrize("scheme", ["git", "ssh"])
def test_other_protocols_end_too(scheme: str, manner: str, tmp_path: Path, attacked: Attacked) -> None:
    with BadServer(MANNERS[manner]) as server:
        ends(lambda: Repository.open(f"{scheme}://127.0.0.1:{server.port}/r.git", tmp_path / "cache", network=QUICK))
    attacked("bad servers met by git", 1)


def test_a_fetch_that_ends_is_made_good_by_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repo(tmp_path / "book", {"a.md": "A\n"})
    url = f"file://{tmp_path}/book"
    with Repository.open(url, tmp_path / "cache", network=QUICK) as repository:
        before = repository.head("main")
    after = make_repo(tmp_path / "new", {"a.md": "A\n"}, {"a.md": "B\n"})[-1]
    with BadServer(MANNERS["drips a body"]) as server:
        # As if the address led to a bad server for a while.
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{server.url}/.insteadOf")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"file://{tmp_path}/")
        assert "git fetch" in ends(lambda: Repository.open(url, tmp_path / "cache", network=QUICK))
        assert server.requests
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.file://{tmp_path}/new.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", url)
    with Repository.open(url, tmp_path / "cache", network=QUICK) as repository:
        assert (repository.head("main") == after) is (before != after)


@pytest.mark.parametrize("manner", some(MANNERS))
def test_a_clone_that_is_there_survives_every_answer(manner: str, tmp_path: Path, attacked: Attacked) -> None:
    """Git takes some pages for an empty repository, and would delete all branches."""
    commits = make_repo(tmp_path / "book", {"a.md": "A\n"}, {"a.md": "B\n"})
    with BadServer(says(b"")) as server:
        url = f"{server.url}/book"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GIT_CONFIG_COUNT", "1")
            patch.setenv("GIT_CONFIG_KEY_0", f"url.file://{tmp_path}/.insteadOf")
            patch.setenv("GIT_CONFIG_VALUE_0", f"{server.url}/")
            opened = Repository.open(url, tmp_path / "cache", dict, QUICK)
            assert opened.head("main") == commits[-1]
            opened.close()
        server.manner = MANNERS[manner]
        ends(lambda: Repository.open(url, tmp_path / "cache", dict, QUICK))
    assert opened.branches() == {"main": commits[-1]}
    attacked("bad servers met by git", 1)


@pytest.mark.parametrize("manner", some(name for name in MANNERS if "pack" not in name))
def test_a_call_of_the_api_ends(manner: str, attacked: Attacked) -> None:
    with BadServer(MANNERS[manner]) as server:
        connection = host(server.url).connect(f"{server.url}/o/r")
        said = ends(lambda: pulls(server.url))
        assert said.startswith("o/r: ")
        ends(lambda: _role(server.url))
        assert len(server.requests) <= 24
    assert connection.name == "o/r"
    attacked("bad servers met by the API's client", 2)


@pytest.mark.parametrize("manner", ["drips a body", pytest.param("drips chunks", marks=pytest.mark.sweep)])
def test_an_answer_that_never_ends_is_told_by_its_limit(manner: str) -> None:
    with BadServer(MANNERS[manner]) as server:
        assert "no whole answer within the limits of `network`" in ends(lambda: pulls(server.url))
        assert len(server.requests) == 3


def _role(url: str) -> object:
    """GraphQL, and a single object."""
    return host(url).open_discussion(f"{url}/o/r").fetch_own_logins()


def test_a_body_without_end_is_cut_off() -> None:
    with BadServer(endless) as server:
        network = QUICK.model_copy(update={"request_seconds": 60.0})
        assert "larger than network.answer_megabytes" in ends(lambda: pulls(server.url, network))


def test_a_list_without_end_is_an_error() -> None:
    with BadServer(pages_without_end) as server:
        assert "has no end" in ends(lambda: pulls(server.url))
        assert len(server.requests) == 21


def _long_lists(connection: socket.socket, request: str) -> None:
    """Lists of three pages each. Further pages are at another path, as GitHub's are."""
    host = ":".join(map(str, connection.getsockname()))
    path, _, query = request.split(" ")[1].partition("?")
    number = int(query.rpartition("page=")[2]) if "/repositories/" in path else 1
    link = f'<http://{host}/repositories/1{path[path.rindex("/") :]}?page={number + 1}>; rel="next"'
    connection.sendall(http(PULLS, **({"Link": link} if number < 3 else {})))


def test_a_client_that_lives_long_counts_each_list_for_itself() -> None:
    with BadServer(_long_lists) as server:
        network = QUICK.model_copy(update={"list_pages": 2})
        discussion = host(server.url, network).open_discussion(f"{server.url}/o/r")
        for _ in range(5):
            assert discussion.fetch_threads(lambda _: False, lambda _: (0, "")) == []
        assert len(server.requests) == 15
        one_less = QUICK.model_copy(update={"list_pages": 1})
        assert "has no end" in ends(lambda: pulls(server.url, one_less))


def test_a_list_without_end_stays_one_whatever_is_listed_meanwhile() -> None:
    """Each pull request of the list has a list of labels, which leads to the same next page."""

    def manner(connection: socket.socket, _: str) -> None:
        address = f"http://{':'.join(map(str, connection.getsockname()))}/x?page=2"
        connection.sendall(http(PULLS, Link=f'<{address}>; rel="next"'))

    with BadServer(manner) as server:
        api = host(server.url).connect(f"{server.url}/o/r").api
        said = ends(lambda: _read_both(api))
        assert "has no end" in said
        assert len(server.requests) <= 2 * 21


def _read_both(api: ApiRepository) -> None:
    with github_errors("o/r"):
        for _ in api.get_pulls():
            next(iter(api.get_labels()))


def test_a_next_page_that_is_named_otherwise_is_an_error() -> None:
    with BadServer(says(http(PULLS))) as server:
        server.manner = says(http(PULLS, Link=f"<{server.url}/x?page=2>; rel='next'"))
        assert "not GitHub's" in ends(lambda: pulls(server.url))


def test_comments_without_end_are_an_error() -> None:
    comment = b'{"id": 1, "body": "", "user": null, "created_at": ""}'
    with BadServer(says(http(b"[" + b", ".join([comment] * 100) + b"]"))) as server:
        discussion = host(server.url).open_discussion(f"{server.url}/o/r")
        assert "has no end" in ends(lambda: discussion.fetch_answer(Comment("o/r", 1, 5, "ann", "/amts help")))
        assert len(server.requests) <= 21


def test_a_list_that_leads_to_another_host_is_an_error() -> None:
    elsewhere = http(PULLS, Link='<http://elsewhere.invalid/x?page=2>; rel="next"')
    with BadServer(says(elsewhere)) as server:
        assert "not the API's" in ends(lambda: pulls(server.url))


@pytest.mark.parametrize("status", [429, 403])
@pytest.mark.parametrize("asked", some(IMPATIENCE))
def test_a_rate_limit_is_not_asked_for_ever(asked: str, status: int, attacked: Attacked) -> None:
    with BadServer(says(rate_limit(asked, status))) as server:
        assert "rate limit" in ends(lambda: pulls(server.url))
        assert len(server.requests) <= 9
    attacked("rate limits with absurd waits", 1)


def test_where_nothing_answers_the_sentence_says_so(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert "can't be reached" in ends(lambda: Repository.open(f"{url}/o/r.git", tmp_path, network=QUICK))
    refused = ends(lambda: pulls(url))
    assert "the connection was refused" in refused
    nowhere = "http://host.invalid"
    assert "can't be resolved" in ends(lambda: Repository.open(f"{nowhere}/o/r.git", tmp_path, network=QUICK))
    lost = ends(lambda: pulls(nowhere))
    assert "can't be resolved" in lost
    secure = f"https://127.0.0.1:{free_port()}"
    assert "can't be reached" in ends(lambda: Repository.open(f"{secure}/o/r.git", tmp_path, network=QUICK))


def test_tls_that_fails_is_told(tmp_path: Path) -> None:
    with BadServer(says(b"no TLS here\r\n\r\n")) as server:
        url = server.url.replace("http:", "https:")
        assert "TLS failed" in ends(lambda: Repository.open(f"{url}/o/r.git", tmp_path, network=QUICK))
        assert "TLS failed" in ends(lambda: pulls(url))


@pytest.mark.parametrize("manner", some(["silent", "drips a body", "drips a header"]))
def test_the_limit_around_a_call_counts_if_it_ends_sooner(manner: str, tmp_path: Path) -> None:
    patient = NetworkSettings(retry_seconds=0.01)
    with BadServer(MANNERS[manner]) as server:
        calls: list[Callable[[], object]] = [
            lambda: Repository.open(f"{server.url}/o/r.git", tmp_path / "cache", network=patient),
            lambda: pulls(server.url, patient),
        ]
        for call in calls:
            began = time.monotonic()
            with pytest.raises(DeadlineError, match=r"^the time is up$"), time_limit(0.7, "the time is up"):
                call()
            assert time.monotonic() - began < PATIENCE_SECONDS


def test_a_host_in_trouble_is_asked_three_times(tmp_path: Path) -> None:
    with BadServer(MANNERS["fails without a word"]) as server:
        with pytest.raises(TransientError, match=r"the host is in trouble .*503.*run again later"):
            Repository.open(f"{server.url}/o/r.git", tmp_path / "cache", network=QUICK)
        assert len(server.requests) == 3
    with BadServer(MANNERS["forbids with a page"]) as server:
        with pytest.raises(RepositoryError, match=r"Contents: Read-only"):
            Repository.open(f"{server.url}/o/r.git", tmp_path / "cache", network=QUICK)
        assert len(server.requests) == 1
