"""What the environment says of GitHub: a token, or the key of an App."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.forge.github.host import Credentials, read_credentials


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
