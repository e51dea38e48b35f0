"""GitHub keeps the contract of every forge."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.forge.base import Forge, PullRequest
from bot.forge.git import Repository
from tests.github_double.double import GitHubDouble
from tests.support.forge_contract import ForgeContract
from tests.support.github_bot import REPO, Bot

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]


class TestGitHubForge(ForgeContract):
    @pytest.fixture(autouse=True)
    def make(self, double: GitHubDouble, bot: Bot) -> None:
        self.bot = bot
        self.reviewer = double.as_user("reviewer")

    def open(self, *, dry_run: bool = False) -> tuple[Repository, Forge]:
        repository = self.bot.host.open_repository(self.bot.double.clone_url(REPO), self.bot.folder)
        return repository, self.bot.host.open_forge(repository, dry_run=dry_run)

    def commit(self, files: Mapping[str, str], branch: str) -> str:
        return self.reviewer.push(REPO, branch, files)

    def refuse(self, pull: PullRequest) -> None:
        self.reviewer.close(REPO, pull.number)

    def merge(self, pull: PullRequest) -> None:
        self.reviewer.merge_pull(REPO, pull.number)
