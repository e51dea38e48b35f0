"""Settings and credentials of the GitHub forge. PyGithub is not imported here."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from bot.config.validation import AdapterSettings, Section
from bot.errors import ConfigError

_SCP = re.compile(r"(?:[^/@:]+@)?([^/@:]+):(?!//)(.+)")

Report = Literal["status", "check", "none"]


class Author(Section):
    """Who the bot's commits are by."""

    name: Annotated[str, Field(min_length=1, pattern=r"^[^<>\n]+$")] = "AMTS"
    email: Annotated[str, Field(pattern=r"^[^<>\s]+@[^<>\s]+$")] = "amts@users.noreply.invalid"


class Limits(Section):
    """What keeps a bot from flooding people."""

    open_pull_requests: Annotated[int, Field(ge=1)] = 20
    """At most so many open pull requests of the bot in one repository."""
    commits_per_hour: Annotated[int, Field(ge=1)] = 12
    """At most so many commits on one branch in an hour."""
    files_per_pull_request: Annotated[int, Field(ge=1)] = 1000
    """At most so many translated files in one pull request; the others wait until it is merged. GitHub itself shows no
    more than 3,000 changed files, those that record the source text included."""
    review_comments: Annotated[int, Field(ge=0)] = 30
    """At most so many comments at lines; the body lists the rest."""


class GitHubForgeSettings(AdapterSettings):
    """Pull requests on GitHub or GitHub Enterprise. The token is read from GITHUB_TOKEN, or an App's key from
    AMTS_GITHUB_APP_KEY; neither ever stands in this file."""

    kind: Literal["github"]
    url: Annotated[str, Field(pattern=r"^https?://[^/@\s]+$")] = "https://github.com"
    """The host, as in a browser."""
    api_url: Annotated[str, Field(pattern=r"^(https?://[^@\s]+[^/@\s])?$")] = ""
    """The API; https://api.github.com, or `url` with /api/v3, where it is left out."""
    app_id: int | None = None
    """The id of the GitHub App that the bot acts as; a token is used where it is left out."""
    author: Author = Author()
    """Who the bot's commits are by."""
    labels: tuple[str, ...] = ("translation",)
    """Labels for the pull requests; made where they don't exist."""
    milestone: str = ""
    """The title of an open milestone for the pull requests."""
    co_authors: bool = False
    """Whether a commit names the authors of the English that it follows, as `Co-authored-by`."""
    draft: bool = False
    """Whether a pull request stays a draft while something in it is left for a person."""
    report: Report = "status"
    """How a commit tells what waits in it: a commit status, a check run (for Apps only), or not at all."""
    limits: Limits = Limits()
    """What keeps the bot from flooding people."""


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


MANNERS = Manners()


@dataclass(frozen=True, slots=True)
class GitHubOptions:
    credentials: Credentials
    settings: GitHubForgeSettings = field(default_factory=lambda: GitHubForgeSettings(kind="github"))
    manners: Manners = MANNERS

    @property
    def host(self) -> Host:
        return Host(self.settings.url, self.settings.api_url)


def github_options(settings: GitHubForgeSettings, environment: Mapping[str, str]) -> GitHubOptions:
    """The settings with what the environment adds. Raises ConfigError where the file of the App's key can't be read."""
    return GitHubOptions(_credentials(settings.app_id, environment), settings, MANNERS)


def _credentials(app_id: int | None, environment: Mapping[str, str]) -> Credentials:
    if app_id is None:
        return Credentials(environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN") or "")
    key = environment.get("AMTS_GITHUB_APP_KEY", "")
    file = environment.get("AMTS_GITHUB_APP_KEY_FILE", "")
    if not key and file:
        try:
            key = Path(file).expanduser().read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            raise ConfigError(f"AMTS_GITHUB_APP_KEY_FILE: {file} can't be read as a private key in PEM") from None
    return Credentials(app_id=app_id, app_key=key)
