"""What GitHub refuses, in sentences that name what was asked for and what to give, and never a page of HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import RepositoryError, TransientError
from bot.forge.base import Outcome
from bot.forge.comment import Comment
from bot.forge.github.failures import github_errors
from bot.forge.github.host import Credentials
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import Effect, bad_manners, refused, said_to_git
from tests.support.github_bot import REPO, Bot, changed

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]

WRITTEN = {"a.md": changed(_5="五")}


@pytest.mark.parametrize(
    "permissions", [{"contents": "read", "pull_requests": "write"}, {"metadata": "read"}, {"pull_requests": "write"}]
)
def test_a_token_without_write_access_is_told_the_permission(
    double: GitHubDouble, tmp_path: Path, permissions: dict[str, str]
) -> None:
    bot = Bot(double, tmp_path, credentials=Credentials(double.token("amts-bot", permissions)))
    with pytest.raises(RepositoryError, match=r"host refused access .*`Contents: Read and write`") as caught:
        bot.run(WRITTEN)
    assert "error: 403" not in str(caught.value)


def test_a_token_that_may_push_and_open_no_pull_request_is_told_the_permission(
    double: GitHubDouble, tmp_path: Path
) -> None:
    token = double.token("amts-bot", {"contents": "write", "pull_requests": "read"})
    with pytest.raises(RepositoryError, match=r"GitHub forbids it .*give the token these permissions: pull_requests"):
        Bot(double, tmp_path, credentials=Credentials(token)).run(WRITTEN)


@pytest.mark.parametrize(
    ("effect", "sentence"),
    [
        (
            refused(
                403, "Resource protected by organization SAML enforcement.", x_github_sso="required; url=https://x"
            ),
            "Configure SSO",
        ),
        (refused(403, "Repository was archived so is read-only."), "unarchive it"),
        (refused(404, "Not Found"), r"finds no such repository.*private repository without access looks the same"),
        (refused(451, "Repository access blocked"), "GitHub refused: Repository access blocked"),
        (refused(403, "\x1b[31m" + "x" * 5000), r"forbids it \(\\x1b\[31mx{50}"),
        (refused(400, "<!DOCTYPE html><html>page</html>"), r"a web page \(HTML\)"),
        (bad_manners("shows a page"), r"a web page \(HTML, status 200\) instead of JSON; check url and api_url"),
        (bad_manners("forbids with a page"), r"a web page \(HTML, status 403\) instead of JSON"),
        (bad_manners("answers with text"), r"is not JSON \(status 200, text/plain\)"),
    ],
)
def test_each_refusal_of_the_api_says_what_to_do(double: GitHubDouble, bot: Bot, effect: Effect, sentence: str) -> None:
    forge = bot.open()
    double.faults.on("GET", "/pulls$", effect, times=9)
    with pytest.raises(RepositoryError, match=sentence) as caught:
        forge.fetch_open("zh", "amts/zh", "main")
    assert str(caught.value).startswith(f"{REPO}: ")
    assert str(caught.value).isprintable()
    assert "<" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_gateway_that_fails_with_a_page_is_asked_again(double: GitHubDouble, bot: Bot) -> None:
    forge = bot.open()
    double.faults.on("GET", "/pulls$", bad_manners("fails with a page"), times=2)
    assert forge.fetch_open("zh", "amts/zh", "main") is None
    double.faults.on("GET", "/pulls$", bad_manners("fails with a page"), times=3)
    with pytest.raises(TransientError, match=r"GitHub is in trouble \(502 HTTP 502\); run again later"):
        forge.fetch_open("zh", "amts/zh", "main")


@pytest.mark.parametrize(
    ("path", "thing"),
    [
        ("/repos/o/r", "no such repository"),
        ("/repos/o/r/pulls", "no such repository"),
        ("/repos/o/r/pulls/7", "no pull request #7"),
        ("/repos/o/r/issues/7/comments", "no pull request #7"),
        ("/repos/o/r/branches/amts%2Fzh", 'no branch "amts/zh"'),
        ("/repos/o/r/git/ref/heads/main", 'no branch "main"'),
        ("/repos/o/r/labels/a%20b", 'no label "a b"'),
        ("/repos/o/r/collaborators/ann/permission", 'no user "ann"'),
        ("/repos/o/r/issues/comments/9", "no comment 9"),
        ("/repos/o/r/issues/comments/9/reactions", "no comment 9"),
        ("/repos/o/r/commits/abc123/status", "no commit abc123"),
        ("/repos/o/r/installation", "no such repository among those where this GitHub App is installed"),
    ],
)
def test_what_is_not_there_is_named(double: GitHubDouble, bot: Bot, path: str, thing: str) -> None:
    bot.open()
    double.faults.on("GET", ".", refused(404, "Not Found"))
    with pytest.raises(RepositoryError, match="finds") as caught, github_errors("o/r"):
        bot.connection.client.requestJsonAndCheck("GET", path)
    assert thing in str(caught.value)
    assert "the token may not see it" in str(caught.value)


def test_a_pull_request_that_is_not_there_is_named(double: GitHubDouble, bot: Bot) -> None:
    discussion = bot.host.open_discussion(double.clone_url(REPO))
    with pytest.raises(RepositoryError, match="GitHub finds no pull request #77"):
        discussion.fetch_pull_request(Comment(REPO, 77, 1, "reviewer", "/amts help"))


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("call", ["/info/refs", "/git-receive-pack$"])
def test_git_is_tried_again_as_the_api_is(double: GitHubDouble, bot: Bot, call: str, status: int) -> None:
    double.faults.on("*", call, said_to_git(status, "Service Unavailable"), times=2)
    assert bot.run(WRITTEN).outcome is Outcome.CREATED
    assert len(double.faults.struck) == 2


def test_attempts_of_git_are_counted(double: GitHubDouble, bot: Bot) -> None:
    double.faults.on("*", "/info/refs", said_to_git(503, "<html>down</html>"), times=9)
    with pytest.raises(TransientError, match=r"the host is in trouble .*503.*run again later") as caught:
        bot.open()
    assert len(double.faults.struck) == 3
    assert "<" not in str(caught.value)
