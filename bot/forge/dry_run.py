"""The dry-run forge: it remembers the drafts that it is given, and writes nothing anywhere."""

from __future__ import annotations

from dataclasses import replace

from bot.forge.base import Forge, Outcome, Published, PullRequest, PullRequestState
from bot.forge.commit import changes
from bot.forge.failures import moved_failure
from bot.forge.git import Repository
from bot.model import PullRequestDraft


class DryRunForge:
    """Gives the answers of the real `forge`, from its state and from the drafts of this run."""

    def __init__(self, forge: Forge, repository: Repository) -> None:
        self._repository = repository
        self.drafts: list[PullRequestDraft] = []
        # Reading is the same in a dry run.
        self.fetch_open = forge.fetch_open
        self.fetch_refused = forge.fetch_refused
        self.fetch_declined = forge.fetch_declined
        self.fetch_merged = forge.fetch_merged
        self.fetch_heads = forge.fetch_heads
        self.fetch_capacity = forge.fetch_capacity

    def publish(self, draft: PullRequestDraft) -> Published:
        pull = self.fetch_open(draft.language, draft.branch, draft.base)
        start = pull.head if pull else self._repository.head(draft.base)
        if draft.expected_head != start:
            raise moved_failure(self._repository.name, draft.branch if pull else draft.base)
        declined = None if pull else self.fetch_declined(draft)
        if declined is not None:
            return Published(Outcome.DECLINED, declined)
        changed = draft.onto or changes(self._repository, self._repository.files(start), draft.files)
        opened = pull is not None and pull.number != 0
        if draft in self.drafts or (not changed and (pull is None or opened)):
            return Published(Outcome.UNCHANGED, pull)
        self.drafts.append(draft)
        if pull is not None and opened:
            return Published(Outcome.UPDATED, replace(pull, title=draft.title))
        unborn = PullRequest(draft.language, 0, PullRequestState.OPEN, draft.branch, draft.base, start, draft.title, "")
        return Published(Outcome.CREATED, unborn)

    def push(self, pull_request: PullRequest, commit: str) -> None:
        """Nothing moves."""

    def close(self, pull_request: PullRequest, reason: str) -> None:
        """The pull request stays open."""

    def comment(self, pull_request: PullRequest, body: str) -> None:
        """Nothing is posted."""
