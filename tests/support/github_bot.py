"""A bot before the double of GitHub, as the tests drive it: its own cache, connection and forge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.config.network import NetworkSettings
from bot.forge.base import Published, PullRequest
from bot.forge.github.forge import GitHubForge
from bot.forge.github.host import Credentials, GitHubForgeSettings, GitHubHost, Limits, RequestPacing
from bot.model import PullRequestDraft, ReviewNote, Signature
from tests.github_double.double import GitHubDouble

REPO = "people/book-zh"
BRANCH = "amts/zh"
WHO = Signature("AMTS", "amts@users.noreply.invalid", datetime(2026, 1, 2, tzinfo=UTC))
TEXT = "".join(f"line {number}\n" for number in range(1, 41))


def make_book(double: GitHubDouble) -> None:
    """The language repository, its translators, and a bot that may write."""
    roles = {"amts-bot": "write", "reviewer": "write", "translator": "write"}
    double.create_repo(REPO, {"a.md": TEXT, "b.md": "乙\n", "chapter/名.md": TEXT}, collaborators=roles)


def forge_settings(limits: Limits | None = None, **more: Any) -> GitHubForgeSettings:
    """Without labels, which cost requests of their own."""
    return GitHubForgeSettings(kind="github", limits=limits or Limits(), **{"labels": (), **more})


class Bot:
    """One process of the bot. `open` looks at GitHub anew, as each run does."""

    def __init__(
        self,
        double: GitHubDouble,
        folder: Path,
        settings: GitHubForgeSettings | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        self.double = double
        self.folder = folder
        self.waits: list[float] = []
        self.now = 1_800_000_000.0
        shown = credentials or Credentials(double.token("amts-bot"))
        place = {"url": double.url, "api_url": double.url, "app_id": shown.app_id}
        self.host = GitHubHost(
            (settings or forge_settings()).model_copy(update=place),
            {"GITHUB_TOKEN": shown.token, "AMTS_GITHUB_APP_KEY": shown.app_key},
            RequestPacing(max_wait=60.0, between_requests=0.0, between_writes=0.0, sleep=self.waits.append),
            NetworkSettings(retry_seconds=0.0),
        )
        self.calls = 0

    def open(self) -> GitHubForge:
        url = self.double.clone_url(REPO)
        self.repository = self.host.open_repository(url, self.folder)
        self.connection = self.host.connect(url)
        return GitHubForge(self.connection, self.repository, self.host.settings, lambda: self.now)

    def find(self) -> PullRequest | None:
        return self.open().fetch_open("zh", BRANCH, "main")

    def draft(self, files: Mapping[str, bytes | None], pull: PullRequest | None, **more: Any) -> PullRequestDraft:
        """A draft as the pipeline makes it: from the open pull request, or from the base branch."""
        head = pull.head if pull else self.repository.head("main")
        draft = PullRequestDraft("zh", BRANCH, "main", "Sync 中文", "What changed\n", "Sync\n", files, head, WHO)
        return replace(draft, **more)

    def run(self, files: Mapping[str, bytes | None], **more: Any) -> Published:
        """One whole run."""
        forge = self.open()
        published = forge.publish(self.draft(files, forge.fetch_open("zh", BRANCH, "main"), **more))
        self.calls = self.connection.calls
        return published


@cache
def make_key() -> tuple[str, str]:
    """The private and the public key of an App, in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def note(line: int, key: str = "", body: str = "Look here.", path: str = "a.md") -> ReviewNote:
    return ReviewNote(path, line, key or f"{path}:{line}", body)


def changed(**lines: str) -> bytes:
    """TEXT with some lines replaced: `changed(_5="five")`."""
    new = {int(name.removeprefix("_")): text for name, text in lines.items()}
    return "".join(f"{new.get(number, f'line {number}')}\n" for number in range(1, 41)).encode()


def tip(double: GitHubDouble, branch: str = BRANCH) -> str:
    """The commit at the end of a branch of the language repository."""
    found = double.repo(REPO).store.branch(branch)
    assert found is not None
    return found


def text(double: GitHubDouble, path: str, branch: str = BRANCH) -> bytes:
    """A file of the language repository, at the end of a branch."""
    return double.repo(REPO).store.raw("cat-file", "blob", f"{branch}:{path}")
