"""Clients of the double as a bot has them: PyGithub, and git with the token in its environment."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from github import Auth, Github

from tests.github_double.double import GitHubDouble


@contextmanager
def api(double: GitHubDouble, auth: Auth.Auth, *, enterprise: bool = False) -> Iterator[Github]:
    """PyGithub without its pauses and retries."""
    base = double.enterprise_url if enterprise else double.url
    client = Github(base_url=base, auth=auth, retry=None, seconds_between_requests=0, seconds_between_writes=0)
    try:
        yield client
    finally:
        client.close()


@dataclass(frozen=True)
class Pushed:
    """What a git command said; `code` is 0 where it succeeded."""

    code: int
    output: str


def git_as(token: str | None, url: str, folder: Path, *arguments: str) -> Pushed:
    """Runs git in a folder, with the token for `url` as GitHub's `x-access-token`."""
    secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    identity = {"NAME": "Bot", "EMAIL": "bot@example.org"}
    environment = kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        **{f"GIT_{role}_{fact}": value for role in ("AUTHOR", "COMMITTER") for fact, value in identity.items()},
    }
    if token is not None:
        environment |= {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{url}/.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {secret}",
        }
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return Pushed(done.returncode, done.stdout + done.stderr)
