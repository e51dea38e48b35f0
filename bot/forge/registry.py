"""The baseline strategies and forges that a configuration can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.forge.base import Forge
from bot.forge.baseline import BaselineStrategy
from bot.forge.commit import Signature
from bot.forge.dry_run import DryRunForge
from bot.forge.git import Repository
from bot.forge.inferred import Infer
from bot.forge.local import LocalForge
from bot.forge.lock_file import LockFile
from bot.forge.origin_file import OriginFile
from bot.model import Language


@dataclass(frozen=True, slots=True)
class StrategyOptions:
    """What strategies may need: the suffixes of the files that hold the English, and the languages of the source and of
    the translation."""

    origin_suffixes: tuple[str, ...]
    languages: tuple[Language, Language]


StrategyFactory = Callable[[StrategyOptions], BaselineStrategy]

STRATEGIES: Mapping[str, StrategyFactory] = {
    "origin-file": lambda options: OriginFile(options.origin_suffixes),
    "lock-file": lambda _: LockFile(),
    "infer": lambda options: Infer(options.languages),
}

ForgeFactory = Callable[[Path, Repository, Signature], Forge]


def _dry_run(folder: Path, repository: Repository, signature: Signature) -> Forge:
    return DryRunForge(LocalForge(folder, repository, signature), repository)


# Each is given the folder for its pull requests, the language repository and whom to commit as.
FORGES: Mapping[str, ForgeFactory] = {
    "local": LocalForge,
    "dry-run": _dry_run,
}
