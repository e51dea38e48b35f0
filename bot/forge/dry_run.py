"""The dry-run forge: records what would be published and said, and writes nothing anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bot.config.validation import AdapterSettings
from bot.forge.base import Forge, Outcome, Published, PullRequest, State
from bot.forge.commit import changes
from bot.forge.git import Repository, moved
from bot.model import PullRequestDraft


class DryRunForgeSettings(AdapterSettings):
    """Nothing is pushed or written; what would be is shown."""

    kind: Literal["dry-run"]


class DryRunForge:
    """Answers as the forge it stands for would, from that forge's state and the drafts it was given since."""

    def __init__(self, forge: Forge, repository: Repository) -> None:
        self._forge = forge
        self._repository = repository
        self.drafts: list[PullRequestDraft] = []
        self.comments: list[tuple[PullRequest, str]] = []
        self.closed: list[tuple[PullRequest, str]] = []

    def find(self, language: str, branch: str, base: str) -> PullRequest | None:
        return self._forge.find(language, branch, base)

    def refused(self, language: str, branch: str, base: str) -> Sequence[PullRequest]:
        return self._forge.refused(language, branch, base)

    def room(self) -> int:
        return self._forge.room()

    def declined(self, draft: PullRequestDraft) -> PullRequest | None:
        return self._forge.declined(draft)

    def publish(self, draft: PullRequestDraft) -> Published:
        pull = self.find(draft.language, draft.branch, draft.base)
        start = pull.head if pull else self._repository.head(draft.base)
        if draft.expected_head != start:
            raise moved(self._repository.name, draft.branch if pull else draft.base)
        declined = None if pull else self.declined(draft)
        if declined is not None:
            return Published(Outcome.DECLINED, declined)
        changed = draft.onto or changes(self._repository, self._repository.files(start), draft.files)
        opened = pull is not None and pull.number != 0
        if draft in self.drafts or (not changed and (pull is None or opened)):
            return Published(Outcome.UNCHANGED, pull)
        self.drafts.append(draft)
        if pull is not None and opened:
            return Published(Outcome.UPDATED, replace(pull, title=draft.title))
        unborn = PullRequest(draft.language, 0, State.OPEN, draft.branch, draft.base, start, draft.title, "")
        return Published(Outcome.CREATED, unborn)

    def close(self, pull_request: PullRequest, reason: str) -> None:
        self.closed.append((pull_request, reason))

    def comment(self, pull_request: PullRequest, body: str) -> None:
        self.comments.append((pull_request, body))
