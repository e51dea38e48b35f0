"""Getting in: tokens, Apps and their tokens of an hour, GitHub Enterprise, and what is said where GitHub refuses."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.errors import ConfigError, RepositoryError
from bot.forge.base import Outcome
from bot.forge.github.host import Credentials, GitHubHost
from bot.forge.locations import repository_name
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
from tests.support.github_bot import REPO, Bot, changed, forge_settings

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]


@cache
def make_key() -> tuple[str, str]:
    """The private and the public key of an App, in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


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
    ("location", "name"),
    [
        ("https://github.com/d2l-ai/d2l-zh", "d2l-ai/d2l-zh"),
        ("https://github.com/d2l-ai/d2l-zh.git", "d2l-ai/d2l-zh"),
        ("https://GitHub.com/d2l-ai/d2l-zh/", "d2l-ai/d2l-zh"),
        ("ssh://git@github.com/d2l-ai/d2l-zh.git", "d2l-ai/d2l-zh"),
        ("ssh://git@github.com:22/d2l-ai/d2l.zh", "d2l-ai/d2l.zh"),
        ("git@github.com:d2l-ai/d2l-zh.git", "d2l-ai/d2l-zh"),
        ("https://gitlab.com/d2l-ai/d2l-zh", ""),
        ("https://github.com/d2l-ai", ""),
        ("https://github.com/d2l-ai/d2l-zh/tree/master", ""),
        ("file:///github.com/d2l-ai/d2l-zh", ""),
        ("/books/zh", ""),
        ("C:/books/zh", ""),
    ],
)
def test_the_name_of_a_repository_is_read_from_its_url(location: str, name: str) -> None:
    assert repository_name(location) == name


@pytest.mark.parametrize(
    ("settings", "api"),
    [
        ({}, "https://api.github.com"),
        ({"url": "https://git.example.org"}, "https://git.example.org/api/v3"),
        ({"url": "https://a.ghe.com", "api_url": "https://api.a.ghe.com"}, "https://api.a.ghe.com"),
    ],
)
def test_the_apis_place_follows_from_the_sites(settings: dict[str, Any], api: str) -> None:
    assert GitHubHost(forge_settings(**settings), {}).api_url == api


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


def test_without_pygithub_only_github_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("bot.forge.github.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "github", None)
    host = GitHubHost(forge_settings(), {"GITHUB_TOKEN": "t"})
    with pytest.raises(ConfigError, match=r"run: pip install \"\.\[github\]\" in a checkout"):
        host.connect("https://github.com/a/b")


def test_credentials_do_not_show_their_secrets() -> None:
    host = GitHubHost(forge_settings(), {"GITHUB_TOKEN": "ghp_secret", "AMTS_GITHUB_APP_KEY": "-----BEGIN RSA"})
    shown = f"{host} {Credentials('ghp_secret', 1, '-----BEGIN RSA')}"
    assert "secret" not in shown
    assert "BEGIN" not in shown


@pytest.mark.parametrize(
    ("effect", "message"),
    [
        (unauthorized(), "GitHub refused the token .*expired or revoked, so set GITHUB_TOKEN"),
        (
            forbidden(),
            r"GitHub forbids it \(Resource not accessible by integration\); give the token these permissions",
        ),
        (primary_limit(reset_in=3000), r"GitHub asks to wait until \d\d:\d\d UTC \(rate limit\); run again then"),
        (primary_limit(reset_in=3000, status=429), r"GitHub asks to wait until \d\d:\d\d UTC"),
        (secondary_limit(retry_after=3000), r"GitHub asks to wait until \d\d:\d\d UTC"),
    ],
)
def test_refusals_say_what_to_do(double: GitHubDouble, bot: Bot, effect: Effect, message: str) -> None:
    forge = bot.open()
    double.faults.on("GET", "/pulls$", effect)
    with pytest.raises(RepositoryError, match=message) as caught:
        forge.fetch_open("zh", "amts/zh", "main")
    assert str(caught.value).startswith(f"{REPO}: ")
    assert bot.waits == []


@pytest.mark.parametrize("effect", [bad_gateway(), dropped()])
def test_a_server_that_stays_in_trouble_is_named(double: GitHubDouble, bot: Bot, effect: Effect) -> None:
    forge = bot.open()
    double.faults.on("GET", "/pulls$", effect, times=9)
    with pytest.raises(RepositoryError, match=r"in trouble|can't be reached"):
        forge.fetch_open("zh", "amts/zh", "main")


@pytest.mark.parametrize(
    ("effect", "wait"),
    [
        (secondary_limit(retry_after=7), 7.0),
        (secondary_limit(retry_after=7, status=429), 7.0),
        (secondary_limit(retry_after=None), 60.0),
        (secondary_limit(retry_after=None, status=429), 60.0),
        (primary_limit(reset_in=20), 20.0),
    ],
)
@pytest.mark.parametrize("call", [("GET", "/pulls$"), ("POST", "/pulls$"), ("POST", "/statuses/")])
def test_short_waits_are_waited_and_the_request_sent_again(
    double: GitHubDouble, bot: Bot, call: tuple[str, str], effect: Effect, wait: float
) -> None:
    double.faults.on(*call, effect)
    assert bot.run({"a.md": changed(_5="五")}, status="1 left").outcome is Outcome.CREATED
    assert bot.waits == [pytest.approx(wait, abs=2.0)]
    assert len(double.pulls(REPO)) == 1


def test_waits_are_bounded_in_sum(double: GitHubDouble, bot: Bot) -> None:
    forge = bot.open()
    double.faults.on("GET", "/pulls$", secondary_limit(retry_after=25), times=9)
    with pytest.raises(RepositoryError, match="rate limit"):
        forge.fetch_open("zh", "amts/zh", "main")
    assert bot.waits == [25.0, 25.0]


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
