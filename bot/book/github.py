"""What the configuration and the environment say of GitHub, as values for the forge."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.config.forges import GitHubForge
from bot.errors import ConfigError
from bot.forge.github import Credentials, GitHubOptions, GitHubSettings, Host, Manners

MANNERS = Manners()


def github_options(settings: GitHubForge, environment: Mapping[str, str]) -> GitHubOptions:
    """Raises ConfigError where the file of the App's key can't be read."""
    limits = settings.limits
    return GitHubOptions(
        credentials=_credentials(settings.app_id, environment),
        host=Host(settings.url, settings.api_url),
        settings=GitHubSettings(
            labels=settings.labels,
            milestone=settings.milestone,
            draft=settings.draft,
            report=settings.report,
            open_pull_requests=limits.open_pull_requests,
            commits_per_hour=limits.commits_per_hour,
            review_comments=limits.review_comments,
        ),
        manners=MANNERS,
    )


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
