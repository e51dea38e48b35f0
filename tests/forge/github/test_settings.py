"""What the environment says of GitHub."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.forge.github import Credentials, Host
from bot.forge.github.settings import GitHubForgeSettings, Limits, github_options


@pytest.mark.parametrize(
    ("environment", "token"),
    [
        ({"GITHUB_TOKEN": "one", "GH_TOKEN": "two"}, "one"),
        ({"GITHUB_TOKEN": "", "GH_TOKEN": "two"}, "two"),
        ({}, ""),
    ],
)
def test_the_token_is_read_from_the_environment(environment: dict[str, str], token: str) -> None:
    assert github_options(GitHubForgeSettings(kind="github"), environment).credentials == Credentials(token)


def test_the_key_of_an_app_stands_in_a_variable_or_a_file(tmp_path: Path) -> None:
    settings = GitHubForgeSettings(kind="github", app_id=7)
    file = tmp_path / "key.pem"
    file.write_text("from the file")
    by_file = {"AMTS_GITHUB_APP_KEY_FILE": str(file), "GITHUB_TOKEN": "unused"}
    assert github_options(settings, by_file).credentials == Credentials(app_id=7, app_key="from the file")
    both = {**by_file, "AMTS_GITHUB_APP_KEY": "itself"}
    assert github_options(settings, both).credentials == Credentials(app_id=7, app_key="itself")
    file.unlink()
    with pytest.raises(ConfigError, match=r"AMTS_GITHUB_APP_KEY_FILE: .* can't be read as a private key in PEM"):
        github_options(settings, by_file)


def test_the_settings_reach_the_forge() -> None:
    limits = Limits(open_pull_requests=3, commits_per_hour=4, review_comments=5)
    settings = GitHubForgeSettings(
        kind="github",
        url="https://git.example.org",
        labels=("a",),
        milestone="m",
        draft=True,
        report="check",
        limits=limits,
    )
    options = github_options(settings, {})
    assert options.host == Host("https://git.example.org")
    found = options.settings
    assert (found.labels, found.milestone, found.draft, found.report) == (("a",), "m", True, "check")
    assert (found.limits.open_pull_requests, found.limits.commits_per_hour, found.limits.review_comments) == (3, 4, 5)
