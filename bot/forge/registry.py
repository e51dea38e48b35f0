"""The forges that a configuration can name."""

from __future__ import annotations

from collections.abc import Mapping

from bot.forge.base import ForgeSettings
from bot.forge.github.host import GitHubForgeSettings
from bot.forge.local import DryRunForgeSettings, LocalForgeSettings

FORGES: Mapping[str, type[ForgeSettings]] = {
    "local": LocalForgeSettings,
    "dry-run": DryRunForgeSettings,
    "github": GitHubForgeSettings,
}


def forge_at(location: str, environment: Mapping[str, str], *, asked: bool = False) -> ForgeSettings | None:
    """Settings for the host that a repository's URL leads to; None if none is known. If the user `asked` for GitHub, a
    host of any name counts as one; UsageError then says that the location is on no host."""
    return GitHubForgeSettings.of(location, environment, asked=asked)
