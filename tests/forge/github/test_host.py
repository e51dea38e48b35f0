"""Settings and environment of GitHub: a token, or the key of an App, and where the API is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ConfigError
from bot.forge.github.host import Credentials, GitHubHost, read_credentials
from tests.support.github_bot import forge_settings


@pytest.mark.parametrize(
    ("environment", "token"),
    [
        ({"GITHUB_TOKEN": "one", "GH_TOKEN": "two"}, "one"),
        ({"GITHUB_TOKEN": "", "GH_TOKEN": "two"}, "two"),
        ({}, ""),
    ],
)
def test_the_token_is_read_from_the_environment(environment: dict[str, str], token: str) -> None:
    assert read_credentials(None, environment) == Credentials(token)


def test_the_key_of_an_app_stands_in_a_variable_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text("from the file")
    by_file = {"AMTS_GITHUB_APP_KEY_FILE": str(file), "GITHUB_TOKEN": "unused"}
    assert read_credentials(7, by_file) == Credentials(app_id=7, app_key="from the file")
    both = {**by_file, "AMTS_GITHUB_APP_KEY": "itself"}
    assert read_credentials(7, both) == Credentials(app_id=7, app_key="itself")
    file.unlink()
    with pytest.raises(ConfigError, match=r"AMTS_GITHUB_APP_KEY_FILE: .* can't be read as a private key in PEM"):
        read_credentials(7, by_file)


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
