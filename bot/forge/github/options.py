"""What the GitHub forge is told: where, as whom, and how. These are plain values: PyGithub is not needed for them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

_SCP = re.compile(r"(?:[^/@:]+@)?([^/@:]+):(?!//)(.+)")

Report = Literal["status", "check", "none"]


@dataclass(frozen=True, slots=True)
class Host:
    """A GitHub: the site's URL and the API's (where that is empty, it follows from the site's)."""

    url: str = "https://github.com"
    api_url: str = ""

    @property
    def api(self) -> str:
        if self.api_url:
            return self.api_url
        return "https://api.github.com" if self.url == "https://github.com" else f"{self.url}/api/v3"

    def repository(self, location: str) -> str | None:
        """`owner/name` of a repository's URL (https, http, ssh or git's short form); None for another place."""
        short = _SCP.fullmatch(location)
        if short is not None:
            host, path = short[1], short[2]
        else:
            parts = urlsplit(location)
            host, path = parts.hostname or "", parts.path
            if parts.scheme not in ("http", "https", "ssh"):
                return None
        names = path.strip("/").removesuffix(".git").split("/")
        if host.lower() != urlsplit(self.url).hostname or len(names) != 2 or not all(names):
            return None
        return "/".join(names)

    def clone_url(self, name: str) -> str:
        return f"{self.page(name)}.git"

    def page(self, name: str) -> str:
        """Of a repository, in a browser."""
        return f"{self.url}/{name}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A token, or the id of a GitHub App and its private key (PEM)."""

    token: str = field(default="", repr=False)
    app_id: int | None = None
    app_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Manners:
    """How the bot treats a server. It waits at most `max_wait` seconds for a rate limit, and leaves `between_requests`
    and `between_writes` seconds between requests, as GitHub asks for; `sleep` is how it waits."""

    max_wait: float = 300.0
    between_requests: float = 0.25
    between_writes: float = 1.0
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class GitHubSettings:
    """What pull requests get, and the limits that keep the bot from flooding people; see the configuration."""

    labels: tuple[str, ...] = ()
    milestone: str = ""
    draft: bool = False
    report: Report = "status"
    open_pull_requests: int = 20
    commits_per_hour: int = 12
    review_comments: int = 30


@dataclass(frozen=True, slots=True)
class GitHubOptions:
    credentials: Credentials
    host: Host = Host()
    settings: GitHubSettings = GitHubSettings()
    manners: Manners = Manners()
