"""Pull requests on GitHub and GitHub Enterprise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ConfigError, install_hint
from bot.forge.git import Repository
from bot.forge.github.settings import Credentials, GitHubForgeSettings, GitHubOptions, Host, Manners, github_options

if TYPE_CHECKING:
    from bot.forge.github.connection import Connection

__all__ = [
    "Credentials",
    "GitHubForgeSettings",
    "GitHubOptions",
    "Host",
    "Manners",
    "connect",
    "github_options",
    "open_repository",
]


def connect(location: str, options: GitHubOptions) -> Connection:
    """A connection to the repository with this URL, for one thread. Raises RepositoryError where it is not on that
    GitHub or there is no token, ConfigError where PyGithub is not installed."""
    try:
        from bot.forge.github.connection import Connection
    except ImportError:
        raise ConfigError(f"GitHub needs a library that is not installed; run: {install_hint('github')}") from None
    return Connection(location, options)


def open_repository(location: str, cache_dir: Path, options: GitHubOptions) -> Repository:
    """As `Repository.open`; one on that GitHub is cloned over HTTPS, with the credentials."""
    if options.host.repository(location) is None:
        return Repository.open(location, cache_dir)
    connection = connect(location, options)
    return Repository.open(connection.url, cache_dir, connection.environment)
