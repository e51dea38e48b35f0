"""The local forge keeps the contract of every forge."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.forge.base import Forge, PullRequest
from bot.forge.git import Repository
from bot.forge.local import LocalForgeSettings
from tests.support.forge_contract import ForgeContract
from tests.support.gitrepo import add_commits, git
from tests.support.local_forge import Place


class TestLocalForge(ForgeContract):
    @pytest.fixture(autouse=True)
    def make(self, tmp_path: Path) -> None:
        self.place = Place(tmp_path)
        self.host = LocalForgeSettings(kind="local", folder="pulls").create(tmp_path, {})

    def open(self, *, dry_run: bool = False) -> tuple[Repository, Forge]:
        repository = self.host.open_repository(str(self.place.book), self.place.pulls.with_name("cache"))
        return repository, self.host.open_forge(repository, dry_run=dry_run)

    def commit(self, files: Mapping[str, str], branch: str) -> str:
        return add_commits(self.place.book, files, branch=branch)[0]

    def refuse(self, pull: PullRequest) -> None:
        self.place.close(pull.number)

    def merge(self, pull: PullRequest) -> None:
        git(self.place.book, "update-ref", f"refs/heads/{pull.base}", pull.head)
