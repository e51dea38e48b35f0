"""The baseline strategies and forges that a configuration can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigError
from bot.forge.base import Forge
from bot.forge.baseline import BaselineStrategy
from bot.forge.commit import Signature
from bot.forge.dry_run import DryRunForge, DryRunForgeSettings
from bot.forge.git import Repository
from bot.forge.github import GitHubForgeSettings, GitHubOptions, connect
from bot.forge.inferred import Infer
from bot.forge.local import LocalForge, LocalForgeSettings
from bot.forge.lock_file import LockFile
from bot.forge.origin_file import OriginFile
from bot.model import Direction


@dataclass(frozen=True, slots=True)
class StrategyOptions:
    """What strategies may need: the suffixes of the files that hold the English, and the languages of the source and of
    the translation."""

    origin_suffixes: tuple[str, ...]
    direction: Direction


StrategyFactory = Callable[[StrategyOptions], BaselineStrategy]

STRATEGIES: Mapping[str, StrategyFactory] = {
    "origin-file": lambda options: OriginFile(options.origin_suffixes),
    "lock-file": lambda _: LockFile(),
    "infer": lambda options: Infer(options.direction),
}


@dataclass(frozen=True, slots=True)
class ForgeOptions:
    """What forges may need: the language repository and whom to commit as; the local forge a folder for its pull
    requests, GitHub the repository's URL (`location`) and how to get in."""

    repository: Repository
    signature: Signature
    folder: Path
    location: str = ""
    github: GitHubOptions | None = None


ForgeSettings = LocalForgeSettings | DryRunForgeSettings | GitHubForgeSettings

FORGE_SETTINGS: Mapping[str, type[ForgeSettings]] = {
    "local": LocalForgeSettings,
    "dry-run": DryRunForgeSettings,
    "github": GitHubForgeSettings,
}

ForgeFactory = Callable[[ForgeOptions], Forge]


def _local(options: ForgeOptions) -> Forge:
    return LocalForge(options.folder, options.repository, options.signature)


def _github(options: ForgeOptions) -> Forge:
    if options.github is None:
        raise ConfigError("the GitHub forge needs credentials")
    connection = connect(options.location, options.github)
    # Not before: PyGithub is an extra.
    from bot.forge.github.forge import GitHubForge

    return GitHubForge(connection, options.repository, options.signature, options.github.settings)


FORGES: Mapping[str, ForgeFactory] = {
    "local": _local,
    "dry-run": lambda options: DryRunForge(_local(options), options.repository),
    "github": _github,
}


def create_forge(kind: str, options: ForgeOptions, *, dry_run: bool) -> Forge:
    """The forge of this kind; in a dry run one that answers as it would."""
    forge = FORGES[kind](options)
    return DryRunForge(forge, options.repository) if dry_run and kind != "dry-run" else forge
