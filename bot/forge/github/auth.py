"""How the bot shows who it is: to the API with an App's tokens, to git through the environment."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any

from github import Auth

# A token is renewed before its hour is over, so that none expires in the middle of a transfer.
_MARGIN_SECONDS = 300


class InstallationAuth(Auth.Auth):
    """The tokens of an App's installation. `ask` gets a new one: GitHub's answer, with `token` and `expires_at`."""

    def __init__(self, ask: Callable[[], dict[str, Any]]) -> None:
        self._ask = ask
        self._token = ""
        self._until = 0.0

    @property
    def token_type(self) -> str:
        return "token"

    @property
    def token(self) -> str:
        if time.time() >= self._until:
            answer = self._ask()
            self._token = answer["token"]
            self._until = datetime.fromisoformat(answer["expires_at"]).timestamp() - _MARGIN_SECONDS
        return self._token

    def renew(self) -> None:
        """Forgets the token, which the server refused."""
        self._until = 0.0


def git_environment(token: str, host: str) -> dict[str, str]:
    """The environment with which git shows `token` to `host` (a URL) and to nobody else: it stands in no URL, no
    argument and no configuration file."""
    header = "Authorization: Basic " + b64encode(f"x-access-token:{token}".encode()).decode()
    # The empty header forgets those that other configuration files send to the same host.
    settings = {"credential.helper": [""], f"http.{host}/.extraHeader": ["", header]}
    pairs = [(key, value) for key, values in settings.items() for value in values]
    environment = {"GIT_CONFIG_COUNT": str(len(pairs)), "GIT_TERMINAL_PROMPT": "0", "GIT_TRACE_REDACT": "1"}
    for number, (key, value) in enumerate(pairs):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return environment
