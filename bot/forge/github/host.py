"""GitHub and GitHub Enterprise as a host: settings, credentials, and what they open. PyGithub, which is an extra, is
imported only when it is used."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field

from bot.config.network import NETWORK, NetworkSettings
from bot.config.validation import Section
from bot.errors import ConfigError, UsageError, install_hint
from bot.forge.base import Author, Discussion, Forge, ForgeSettings, HostProfile
from bot.forge.dry_run import DryRunForge
from bot.forge.git import Repository
from bot.forge.locations import PUBLIC_GITHUB, is_url, repository_name, split_location

if TYPE_CHECKING:
    from bot.forge.github.connection import Connection

Report = Literal["status", "check", "none"]


class Limits(Section):
    """Limits that keep the bot from flooding people."""

    open_pull_requests: Annotated[int, Field(ge=1)] = 20
    """At most so many open pull requests of the bot in one repository."""
    commits_per_hour: Annotated[int, Field(ge=1)] = 12
    """At most so many commits on one branch in an hour."""
    files_per_pull_request: Annotated[int, Field(ge=1)] = 1000
    """At most so many translated files in one pull request; the others wait until it is merged. GitHub itself shows no
    more than 3,000 changed files, the files that record the source text included."""
    review_comments: Annotated[int, Field(ge=0)] = 30
    """At most so many comments at lines; the body lists the rest."""


class GitHubForgeSettings(ForgeSettings):
    """Pull requests on GitHub or GitHub Enterprise. The token is read from GITHUB_TOKEN, or an App's key from
    AMTS_GITHUB_APP_KEY; neither ever stands in this file."""

    kind: Literal["github"]
    url: Annotated[str, Field(pattern=r"^https?://[^/@\s]+$")] = PUBLIC_GITHUB
    """The host, as in a browser."""
    api_url: Annotated[str, Field(pattern=r"^(https?://[^@\s]+[^/@\s])?$")] = ""
    """The API. The default is https://api.github.com, or `url` with /api/v3."""
    app_id: int | None = None
    """The id of the GitHub App that the bot acts as. Without an id, the bot uses a token."""
    author: Author = Author()
    """Who the bot's commits are by."""
    labels: tuple[str, ...] = ("translation",)
    """Labels for the pull requests; missing labels are created."""
    milestone: str = ""
    """The title of an open milestone for the pull requests."""
    co_authors: bool = False
    """Whether a commit names the authors of the English that it follows, as `Co-authored-by`."""
    draft: bool = False
    """Whether a pull request stays a draft while something in it is left for a person."""
    report: Report = "status"
    """How a commit shows its remaining work: a commit status, a check run (for Apps only), or not at all."""
    limits: Limits = Limits()
    """Limits that keep the bot from flooding people."""

    @classmethod
    def of(cls, location: str, environment: Mapping[str, str], *, asked: bool) -> Self | None:
        """As `forge_at`. Fields that a new configuration should name are set, even to their default."""
        scheme, host, _ = split_location(location) if is_url(location) else ("", "", "")
        facts: dict[str, object] = {"kind": "github", "labels": cls.model_fields["labels"].default}
        if host == urlsplit(PUBLIC_GITHUB).hostname:
            return cls.model_validate(facts)
        if not asked:
            return None
        if not host or scheme not in ("http", "https", "ssh"):
            raise UsageError(
                f"{location}: is not on GitHub; give its URL ({PUBLIC_GITHUB}/owner/name), or --forge local"
            )
        url = f"https://{host}" if scheme == "ssh" else f"{scheme}://{urlsplit(location).netloc}"
        api_url = environment.get("GITHUB_API_URL", "") if environment.get("GITHUB_SERVER_URL") == url else ""
        return cls.model_validate({**facts, "url": url, **({"api_url": api_url} if api_url else {})})

    def create(self, folder: Path, environment: Mapping[str, str], network: NetworkSettings = NETWORK) -> GitHubHost:
        return GitHubHost(self, environment, network=network)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A token, or the id of a GitHub App and its private key (PEM)."""

    token: str = field(default="", repr=False)
    app_id: int | None = None
    app_key: str = field(default="", repr=False)


def read_credentials(app_id: int | None, environment: Mapping[str, str]) -> Credentials:
    """Raises ConfigError if the file of the App's key can't be read."""
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


@dataclass(frozen=True, slots=True)
class RequestPacing:
    """In seconds: the longest wait for a rate limit in one request, and the pauses between requests and between writes
    that GitHub asks for. `sleep` is how to wait."""

    max_wait: float = 300.0
    between_requests: float = 0.25
    between_writes: float = 1.0
    sleep: Callable[[float], None] = time.sleep


PACING = RequestPacing()


@dataclass(frozen=True)
class GitHubHost:
    """`environment` holds the token, or the key of an App."""

    settings: GitHubForgeSettings
    environment: Mapping[str, str] = field(repr=False)
    pacing: RequestPacing = field(default_factory=lambda: PACING)
    network: NetworkSettings = NETWORK

    @property
    def profile(self) -> HostProfile:
        settings = self.settings
        limit = settings.limits.files_per_pull_request
        return HostProfile(
            settings.author, reads_commands=True, co_authors=settings.co_authors, files_per_pull_request=limit
        )

    @property
    def api_url(self) -> str:
        if self.settings.api_url:
            return self.settings.api_url
        return "https://api.github.com" if self.settings.url == PUBLIC_GITHUB else f"{self.settings.url}/api/v3"

    def repository_name(self, location: str) -> str:
        return repository_name(location, self.settings.url).lower()

    def page(self, location: str) -> str:
        name = repository_name(location, self.settings.url)
        return f"{self.settings.url}/{name}" if name else ""

    def check_location(self, location: str) -> None:
        if not self.repository_name(location):
            url = self.settings.url
            raise ConfigError(f"repo: pull requests on GitHub need its URL ({url}/owner/name), not {location}")

    def open_repository(self, location: str, cache: Path, *, public: bool = False) -> Repository:
        if not self.repository_name(location) or (public and self.credentials == Credentials()):
            return Repository.open(location, cache, network=self.network)
        connection = self.connect(location)
        return Repository.open(connection.url, cache, connection.environment, self.network)

    def open_forge(self, repository: Repository, *, dry_run: bool = False) -> Forge:
        connection = self.connect(repository.name)
        from bot.forge.github.forge import GitHubForge

        forge = GitHubForge(connection, repository, self.settings)
        return DryRunForge(forge, repository) if dry_run else forge

    def open_discussion(self, location: str) -> Discussion:
        connection = self.connect(location)
        from bot.forge.github.discussion import GitHubDiscussion

        return GitHubDiscussion(connection)

    @property
    def credentials(self) -> Credentials:
        return read_credentials(self.settings.app_id, self.environment)

    def connect(self, location: str) -> Connection:
        """A connection to the repository with this URL, for one thread. Raises RepositoryError if it is not on this
        GitHub or there is no token, ConfigError if PyGithub is not installed."""
        try:
            from bot.forge.github.connection import Connection
        except ImportError:
            raise ConfigError(f"GitHub needs a library that is not installed; run: {install_hint('github')}") from None
        return Connection(location, self)
