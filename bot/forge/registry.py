"""The baseline strategies and forges that a configuration can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.forge.base import ForgeSettings
from bot.forge.baseline import BaselineStrategy
from bot.forge.github.host import GitHubForgeSettings
from bot.forge.inferred import Infer
from bot.forge.local import DryRunForgeSettings, LocalForgeSettings
from bot.forge.lock_file import LockFile
from bot.forge.origin_file import OriginFile
from bot.model import Direction


@dataclass(frozen=True, slots=True)
class StrategyOptions:
    """`origin_suffixes` are those of files that hold the English; `direction` the languages of source and
    translation."""

    origin_suffixes: tuple[str, ...]
    direction: Direction


StrategyFactory = Callable[[StrategyOptions], BaselineStrategy]

STRATEGIES: Mapping[str, StrategyFactory] = {
    "origin-file": lambda options: OriginFile(options.origin_suffixes),
    "lock-file": lambda _: LockFile(),
    "infer": lambda options: Infer(options.direction),
}

FORGES: Mapping[str, type[ForgeSettings]] = {
    "local": LocalForgeSettings,
    "dry-run": DryRunForgeSettings,
    "github": GitHubForgeSettings,
}


def forge_at(location: str, environment: Mapping[str, str], *, asked: bool = False) -> ForgeSettings | None:
    """Settings for the host that a repository's URL leads to; None if none is known. If the user `asked` for GitHub, a
    host of any name counts as one; UsageError then says that the location is on no host."""
    return GitHubForgeSettings.of(location, environment, asked=asked)
