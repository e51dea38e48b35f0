"""Getting in: tokens, Apps and their tokens of an hour, GitHub Enterprise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import RepositoryError
from bot.forge.base import Outcome
from bot.forge.github.host import Credentials, GitHubHost
from tests.github_double.double import GitHubDouble
from tests.support.github_bot import REPO, Bot, changed, forge_settings, make_key

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]


@pytest.fixture
def app(double: GitHubDouble, tmp_path: Path) -> Bot:
    """A bot that is a GitHub App."""
    private, public = make_key()
    app = double.create_app("amts", public)
    double.install_app(app, "people")
    return Bot(double, tmp_path / "cache", credentials=Credentials(app_id=app.id, app_key=private))


def test_an_app_opens_and_updates_a_pull_request(double: GitHubDouble, app: Bot) -> None:
    app.run({"a.md": changed(_5="五")}, status="1 left")
    app.run({"b.md": b"B\n"}, status="none left")
    (issue,) = double.pulls(REPO)
    assert issue.author.login == "amts[bot]"


def test_an_apps_expired_token_is_replaced(double: GitHubDouble, app: Bot) -> None:
    app.run({"a.md": changed(_5="五")})
    forge = app.open()
    forge.fetch_open("zh", "amts/zh", "main")
    double.expire_installation_tokens()
    assert forge.fetch_open("zh", "amts/zh", "main") is not None


def test_an_apps_token_is_renewed_before_git_uses_it(double: GitHubDouble, app: Bot) -> None:
    double.limits.token_lifetime = 60  # less than what is asked for
    app.run({"a.md": changed(_5="五")})
    tokens = [one for one in double.exchanges if one.path.endswith("/access_tokens")]
    assert len(tokens) > 2


def test_an_app_that_is_not_installed_there_is_told(double: GitHubDouble, tmp_path: Path) -> None:
    private, public = make_key()
    app = double.create_app("amts", public)
    bot = Bot(double, tmp_path / "cache", credentials=Credentials(app_id=app.id, app_key=private))
    with pytest.raises(RepositoryError, match="GitHub finds no such repository"):
        bot.run({})


def test_a_private_repository_is_cloned_and_pushed(double: GitHubDouble, bot: Bot) -> None:
    double.repo(REPO).private = True
    assert bot.run({"a.md": changed(_5="五")}).outcome is Outcome.CREATED


def test_github_enterprise(double: GitHubDouble, tmp_path: Path) -> None:
    bot = Bot(double, tmp_path / "cache")
    bot.host = replace(bot.host, settings=forge_settings(url=double.url))
    published = bot.run({"a.md": changed(_5="五")}, complete=False, status="1 left")
    assert published.outcome is Outcome.CREATED


@pytest.mark.parametrize(
    ("location", "app_id", "token", "message"),
    [
        ("https://gitlab.com/a/b", None, "t", "is not a repository on https://github.com; give its URL"),
        ("https://github.com/a/b", None, "", "there is no token; set GITHUB_TOKEN"),
        ("https://github.com/a/b", 1, "t", "the GitHub App has no key; set AMTS_GITHUB_APP_KEY"),
    ],
)
def test_what_is_missing_is_named(location: str, app_id: int | None, token: str, message: str) -> None:
    host = GitHubHost(forge_settings(app_id=app_id), {"GITHUB_TOKEN": token})
    with pytest.raises(RepositoryError, match=message):
        host.connect(location)


def test_a_broken_key_is_named(double: GitHubDouble) -> None:
    host = GitHubHost(forge_settings(url=double.url, app_id=1), {"AMTS_GITHUB_APP_KEY": "-----BEGIN nonsense"})
    with pytest.raises(RepositoryError, match="AMTS_GITHUB_APP_KEY is not a private key in PEM"):
        host.connect(double.clone_url(REPO))


def test_a_reader_may_not_push(double: GitHubDouble, tmp_path: Path) -> None:
    double.set_role(REPO, "reader", "read")
    bot = Bot(double, tmp_path / "cache", credentials=Credentials(double.token("reader")))
    with pytest.raises(RepositoryError, match="git push failed"):
        bot.run({"a.md": changed(_5="五")})


def test_a_protected_branch_says_so(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")})
    double.protect(REPO, "amts/zh")
    with pytest.raises(RepositoryError, match="git push failed: GH006: Protected branch update failed"):
        bot.run({"b.md": b"B\n"})


def test_an_expired_token_stops_git(double: GitHubDouble, tmp_path: Path) -> None:
    double.repo(REPO).private = True
    bot = Bot(double, tmp_path / "cache", credentials=Credentials("ghp_" + "0" * 36))
    with pytest.raises(RepositoryError, match="the host refused access; set GITHUB_TOKEN"):
        bot.run({})
