"""The double of GitHub: clone, fetch and push over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.github_double.clients import git_as
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import bad_gateway, dropped

pytest_plugins = ["tests.github_double.fixtures"]

BOOK = "org/book"


@pytest.fixture
def double(github_double: GitHubDouble) -> GitHubDouble:
    github_double.create_repo(BOOK, {"a.md": "one\n"}, collaborators={"bot": "write", "reader": "read"})
    return github_double


def clone(double: GitHubDouble, folder: Path, token: str | None, name: str = "clone") -> Path:
    done = git_as(token, double.url, folder, "clone", "--quiet", double.clone_url(BOOK), name)
    assert done.code == 0, done.output
    return folder / name


def commit(double: GitHubDouble, clone: Path, text: str) -> None:
    (clone / "a.md").write_text(text)
    assert git_as(None, double.url, clone, "commit", "--quiet", "--all", "--message", "Edit").code == 0


def test_what_is_pushed_is_in_the_pull_request(double: GitHubDouble, tmp_path: Path) -> None:
    token = double.token("bot")
    work = clone(double, tmp_path, token)
    commit(double, work, "two\n")
    assert git_as(token, double.url, work, "push", "origin", "HEAD:refs/heads/amts/zh").code == 0
    number = double.as_user("bot").open_pull(BOOK, "amts/zh", "main")
    commit(double, work, "three\n")
    assert git_as(token, double.url, work, "push", "origin", "HEAD:refs/heads/amts/zh").code == 0
    head = git_as(token, double.url, work, "rev-parse", "HEAD").output.strip()
    assert double.pull(BOOK, number).head_sha == head
    assert {exchange.login for exchange in double.exchanges} == {"bot"}
    listed = git_as(token, double.url, work, "ls-remote", "origin", f"refs/pull/{number}/head").output
    assert listed.split() == [head, "refs/pull/1/head"]


def test_a_push_over_work_of_others_is_refused_by_git(double: GitHubDouble, tmp_path: Path) -> None:
    token = double.token("bot")
    work = clone(double, tmp_path, token)
    double.as_user("alice").push(BOOK, "main", {"b.md": "hers\n"})
    commit(double, work, "two\n")
    refused = git_as(token, double.url, work, "push", "origin", "HEAD:main")
    assert refused.code != 0
    assert "[rejected]" in refused.output
    assert "fetch first" in refused.output


def test_nobody_pushes_to_a_protected_branch_or_into_refs_pull(double: GitHubDouble, tmp_path: Path) -> None:
    token = double.token("bot")
    work = clone(double, tmp_path, token)
    double.protect(BOOK, "main")
    commit(double, work, "two\n")
    refused = git_as(token, double.url, work, "push", "origin", "HEAD:main")
    assert refused.code != 0
    assert "GH006: Protected branch update failed for refs/heads/main" in refused.output
    assert (
        "deny updating a hidden ref"
        in git_as(token, double.url, work, "push", "origin", "HEAD:refs/pull/1/head").output
    )
    assert git_as(token, double.url, work, "push", "origin", "HEAD:other").code == 0


def test_git_needs_a_token_that_may(double: GitHubDouble, tmp_path: Path) -> None:
    work = clone(double, tmp_path, None)
    commit(double, work, "two\n")

    def push(token: str | None) -> str:
        done = git_as(token, double.url, work, "push", "origin", "HEAD:new")
        assert done.code != 0
        return done.output

    assert "Permission to org/book.git denied to reader." in push(double.token("reader"))
    assert "403" in push(double.token("bot", permissions={"contents": "read", "pull_requests": "write"}))
    assert "could not read Username" in push(None)
    assert "could not read Username" in push("wrong")
    expired = double.token("bot", lifetime=60)
    double.token_clock.advance(seconds=61)
    assert "could not read Username" in push(expired)


def test_a_private_repository_is_not_there_for_strangers(double: GitHubDouble, tmp_path: Path) -> None:
    double.create_repo("org/secret", {"a.md": "one\n"}, private=True, collaborators={"bot": "read"})
    url = double.clone_url("org/secret")
    refused = git_as(double.token("stranger"), double.url, tmp_path, "clone", url, "no")
    assert "not found" in refused.output
    assert git_as(double.token("bot"), double.url, tmp_path, "clone", url, "yes").code == 0


def test_a_large_push_and_a_shallow_clone_work(double: GitHubDouble, tmp_path: Path) -> None:
    token = double.token("bot")
    work = clone(double, tmp_path, token)
    # Above http.postBuffer (1 MiB) git sends chunks.
    (work / "a.md").write_bytes(bytes(hash((number, "x")) % 251 for number in range(1_500_000)))
    assert git_as(None, double.url, work, "commit", "--quiet", "--all", "--message", "Large").code == 0
    done = git_as(token, double.url, work, "-c", "http.postBuffer=65536", "push", "origin", "HEAD:large")
    assert done.code == 0, done.output
    url = double.clone_url(BOOK)
    shallow = git_as(None, double.url, tmp_path, "clone", "--depth=1", "--branch=large", url, "shallow")
    assert shallow.code == 0, shallow.output
    assert git_as(None, double.url, tmp_path / "shallow", "rev-list", "--count", "HEAD").output.strip() == "1"


@pytest.mark.parametrize("fault", [bad_gateway(after=True), dropped(after=True)], ids=lambda fault: fault.name)
def test_a_push_can_take_effect_and_fail(double: GitHubDouble, tmp_path: Path, fault: object) -> None:
    token = double.token("bot")
    work = clone(double, tmp_path, token)
    commit(double, work, "two\n")
    double.faults.on("POST", "git-receive-pack$", fault)  # type: ignore[arg-type]
    assert git_as(token, double.url, work, "push", "origin", "HEAD:amts/zh").code != 0
    head = git_as(token, double.url, work, "rev-parse", "HEAD").output.strip()
    assert double.repo(BOOK).store.branch("amts/zh") == head
    assert git_as(token, double.url, work, "push", "origin", "HEAD:amts/zh").code == 0
