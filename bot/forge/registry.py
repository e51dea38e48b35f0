"""The baseline strategies and forges that a configuration can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from bot.forge.base import Forge
from bot.forge.baseline import BaselineStrategy
from bot.forge.commit import Signature
from bot.forge.dry_run import DryRunForge
from bot.forge.git import Repository
from bot.forge.local import LocalForge
from bot.forge.lock_file import LockFile
from bot.forge.origin_file import OriginFile

STRATEGIES: Mapping[str, BaselineStrategy] = {
    "origin-file": OriginFile(),
    "lock-file": LockFile(),
}

ForgeFactory = Callable[[Path, Repository, Signature], Forge]


def _dry_run(folder: Path, repository: Repository, signature: Signature) -> Forge:
    return DryRunForge(LocalForge(folder, repository, signature), repository)


# Each is given the folder for its pull requests, the language repository and whom to commit as.
FORGES: Mapping[str, ForgeFactory] = {
    "local": LocalForge,
    "dry-run": _dry_run,
}
