"""A language repository with a local forge beside it, as the tests of pull requests in folders drive it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bot.forge.base import Forge
from bot.forge.git import Repository
from bot.forge.local import LocalHost
from bot.model import PullRequestDraft, Signature
from tests.support.gitrepo import make_repo

WHO = Signature("amts", "amts@example.org", datetime(2026, 1, 2, tzinfo=UTC))
BRANCH = "amts/zh"


class Place:
    """A language repository with one commit, and a local forge beside it."""

    def __init__(self, folder: Path, *, bare: bool = True) -> None:
        self.book = folder / "zh"
        self.pulls = folder / "pulls"
        make_repo(self.book, {"a.md": "旧\n", "b.md": "乙\n"}, bare=bare)
        self.repository = Repository.open(self.book, folder / "cache")
        self.forge = self.open("local")

    def open(self, kind: str) -> Forge:
        return LocalHost(self.pulls).open_forge(self.repository, dry_run=kind == "dry-run")

    def draft(self, files: Mapping[str, bytes | None], body: str = "What changed\n") -> PullRequestDraft:
        """A draft as the pipeline makes it: from the open pull request, or from the base branch."""
        pull = self.forge.fetch_open("zh", BRANCH, "main")
        head = pull.head if pull else self.repository.head("main")
        return PullRequestDraft("zh", BRANCH, "main", "Sync 中文", body, "Sync", files, head, WHO)

    def card(self, number: int) -> dict[str, object]:
        card = yaml.safe_load((self.pulls / "zh" / str(number) / "pull-request.yaml").read_text("utf-8"))
        assert isinstance(card, dict)
        return card

    def close(self, number: int, state: str = "closed") -> None:
        path = self.pulls / "zh" / str(number) / "pull-request.yaml"
        path.write_text(path.read_text("utf-8").replace("state: open", f"state: {state}"), "utf-8")

    def numbers(self) -> list[str]:
        return sorted(place.name for place in (self.pulls / "zh").iterdir())
