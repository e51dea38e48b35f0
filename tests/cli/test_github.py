"""The command line before the double of GitHub: configuration and environment reach the forge."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.forge.git import Repository
from bot.forge.github.host import RequestPacing
from tests.github_double.double import GitHubDouble
from tests.support.cli_run import BOOK_ZH, ENGLISH, HABITS, HABITS_ZH, WAIT, Book, Cli
from tests.support.damaged_clones import DAMAGES

pytest_plugins = ["tests.github_double.fixtures"]

REPO = "people/tea-zh"


@pytest.fixture
def book(github_double: GitHubDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """A book whose English is at hand and whose translation is in a private repository on GitHub."""
    book = Book(tmp_path, {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS)
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    github_double.create_repo(REPO, source=book.folder / "zh", private=True, collaborators={"amts-bot": "write"})
    url = github_double.clone_url(REPO)
    forge = {"kind": "github", "url": github_double.url, "api_url": github_double.url}
    book.configure({}, languages={"zh": {"repo": url}}, forge=forge)
    monkeypatch.setattr("bot.forge.github.host.PACING", RequestPacing(between_requests=0.0, between_writes=0.0))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GITHUB_TOKEN", github_double.token("amts-bot"))
    return book


def test_a_sync_opens_a_pull_request_once(github_double: GitHubDouble, book: Book, cli: Cli) -> None:
    ran = cli("sync", "--config", book.config, "--dry-run")
    assert (ran.code, github_double.pulls(REPO)) == (0, [])
    for _ in range(2):
        ran = cli("sync", "--config", book.config)
        assert ran.code == 0, ran.err
    (issue,) = github_double.pulls(REPO)
    assert [label.name for label in issue.labels] == ["translation"]
    assert github_double.repo(REPO).store.run("show", "amts/zh:tea.md").endswith("喝之前等四分钟。")


def test_what_is_missing_is_said(book: Book, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    monkeypatch.delenv("GH_TOKEN", raising=False)
    ran = cli("sync", "--config", book.config)
    assert ran.code != 0
    assert "there is no token; set GITHUB_TOKEN" in ran.out + ran.err


def test_a_language_elsewhere_is_refused(book: Book, cli: Cli) -> None:
    forge = {"kind": "github"}
    book.configure({}, languages={"zh": {"repo": "zh"}}, forge=forge)
    ran = cli("sync", "--config", book.config)
    assert ran.code != 0
    assert "is not a repository on https://github.com" in ran.out + ran.err


def test_the_commits_are_by_the_author_of_the_configuration(github_double: GitHubDouble, book: Book, cli: Cli) -> None:
    author = {"name": "Tea Bot", "email": "tea@example.org"}
    url = github_double.clone_url(REPO)
    forge = {"kind": "github", "url": github_double.url, "api_url": github_double.url, "author": author}
    book.configure({}, languages={"zh": {"repo": url}}, forge=forge)
    assert cli("sync", "--config", book.config).code == 0
    said = github_double.repo(REPO).store.run("show", "-s", "--format=%an <%ae> %cn <%ce>", "amts/zh").strip()
    assert said == "Tea Bot <tea@example.org> Tea Bot <tea@example.org>"


@pytest.mark.parametrize("other", ["amts", "amts/zh/mine"])
def test_a_branch_of_people_that_leaves_no_room_is_named(
    github_double: GitHubDouble, book: Book, cli: Cli, other: str
) -> None:
    store = github_double.repo(REPO).store
    store.run("branch", other, "main")
    for _ in range(2):
        ran = cli("sync", "--config", book.config)
        assert ran.code == 5
        assert f'the branch "{other}" stands in the way of the bot\'s branch "amts/zh"' in ran.err
    assert github_double.pulls(REPO) == []
    store.run("branch", "-m", other, "mine")
    assert cli("sync", "--config", book.config).code == 0
    # Once the bot's branch is there, the host itself lets no such branch in.
    assert len(github_double.pulls(REPO)) == 1


def test_a_branch_of_people_that_comes_meanwhile_is_named_too(
    github_double: GitHubDouble, book: Book, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Repository, "refuse_blocked", lambda *_: None)
    github_double.repo(REPO).store.run("branch", "amts/zh/mine", "main")
    ran = cli("sync", "--config", book.config)
    assert ran.code == 5
    assert 'the branch "amts/zh/mine" stands in the way of the bot\'s branch "amts/zh"' in ran.err


@pytest.mark.parametrize("what", ["a truncated pack", "an object is lost", "a ref is garbage", "a branch set back"])
def test_a_damaged_clone_of_a_private_repository_mends_itself(
    github_double: GitHubDouble, book: Book, cli: Cli, tmp_path: Path, what: str
) -> None:
    assert cli("sync", "--config", book.config).code == 0
    before = github_double.repo(REPO).store.run("for-each-ref")
    (clone,) = (tmp_path / "cache" / "amts").glob("*.git")
    DAMAGES[what](clone)
    assert cli("sync", "--config", book.config).code == 0
    assert github_double.repo(REPO).store.run("for-each-ref") == before
    assert len(github_double.pulls(REPO)) == 1
