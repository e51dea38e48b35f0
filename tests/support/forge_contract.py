"""The contract of every forge. A forge's own test subclasses it and says how a run opens the forge and what people do
on the host."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

import pytest

from bot.errors import MovedError
from bot.forge.base import Forge, Outcome, Published, PullRequest
from bot.forge.git import Repository
from bot.model import PullRequestDraft
from tests.support.local_forge import BRANCH, WHO

NEW: Mapping[str, bytes | None] = {"a.md": "新\n".encode()}
NEWER: Mapping[str, bytes | None] = {"a.md": "更新\n".encode(), "b.md": None}


class ForgeContract(ABC):
    """The language repository has the files `a.md` and `b.md` on its branch `main`."""

    @abstractmethod
    def open(self, *, dry_run: bool = False) -> tuple[Repository, Forge]:
        """As a new run finds the host: nothing remembered."""

    @abstractmethod
    def commit(self, files: Mapping[str, str], branch: str) -> str:
        """A person adds a commit to a branch on the host; the commit's id."""

    @abstractmethod
    def refuse(self, pull: PullRequest) -> None:
        """A person closes a pull request without merging it."""

    @abstractmethod
    def merge(self, pull: PullRequest) -> None:
        """A person merges a pull request."""

    def run(self, files: Mapping[str, bytes | None], *, dry_run: bool = False) -> Published:
        """One run of the bot."""
        repository, forge = self.open(dry_run=dry_run)
        return forge.publish(draft_of(repository, forge, files))

    def created(self, files: Mapping[str, bytes | None] = NEW) -> PullRequest:
        """The pull request that a run opens."""
        published = self.run(files)
        assert published.outcome is Outcome.CREATED
        assert published.pull_request is not None
        return published.pull_request

    def find(self) -> PullRequest | None:
        return self.open()[1].fetch_open("zh", BRANCH, "main")

    def test_a_draft_opens_one_pull_request_and_the_same_draft_again_changes_nothing(self) -> None:
        pull = self.created()
        assert (pull.language, pull.branch, pull.base, pull.title) == ("zh", BRANCH, "main", "Sync 中文")
        assert pull.body == "What changed\n"
        assert self.find() == pull
        assert self.run(NEW).outcome is Outcome.UNCHANGED
        assert self.find() == pull

    def test_a_draft_without_changes_opens_nothing(self) -> None:
        repository, _ = self.open()
        old = repository.snapshot(repository.head("main")).read("a.md")
        assert self.run({"a.md": old}) == Published(Outcome.UNCHANGED, None)
        assert self.find() is None

    def test_a_dry_run_answers_the_same_and_opens_nothing(self) -> None:
        assert self.run(NEW, dry_run=True).outcome is Outcome.CREATED
        assert self.find() is None

    def test_new_content_updates_the_same_pull_request(self) -> None:
        pull = self.created()
        published = self.run(NEWER)
        assert published.outcome is Outcome.UPDATED
        assert published.pull_request is not None
        assert published.pull_request.number == pull.number
        assert published.pull_request.head != pull.head

    def test_a_reviewers_commit_is_built_upon(self) -> None:
        self.created()
        theirs = self.commit({"b.md": "人\n"}, BRANCH)
        published = self.run(NEWER)
        assert published.pull_request is not None
        repository, _ = self.open()
        assert repository.contains(published.pull_request.head, theirs)

    def test_a_commit_while_the_bot_works_is_not_overwritten(self) -> None:
        pull = self.created()
        repository, forge = self.open()
        draft = draft_of(repository, forge, NEWER)
        theirs = self.commit({"b.md": "人\n"}, pull.branch)
        with pytest.raises(MovedError):
            forge.publish(draft)
        found = self.find()
        assert found is not None
        assert found.head == theirs

    def test_what_people_refused_is_not_proposed_again_but_new_content_is(self) -> None:
        pull = self.created()
        self.refuse(pull)
        assert self.find() is None
        _, forge = self.open()
        assert [refused.number for refused in forge.fetch_refused("zh", BRANCH, "main")] == [pull.number]
        assert self.run(NEW).outcome is Outcome.DECLINED
        assert self.created(NEWER).number != pull.number

    def test_what_the_bot_closes_is_no_refusal(self) -> None:
        pull = self.created()
        _, forge = self.open()
        forge.close(pull, "Nothing is left to change.")
        assert self.find() is None
        _, forge = self.open()
        assert not forge.fetch_refused("zh", BRANCH, "main")
        self.created()

    def test_a_merged_pull_request_is_found_with_the_bots_comments(self) -> None:
        pull = self.created()
        _, forge = self.open()
        forge.comment(pull, "Look at a.md.")
        forge.comment(pull, "Look at a.md.")
        self.merge(pull)
        repository, forge = self.open()
        (merged,) = forge.fetch_merged("zh", "main", lambda branch: branch == BRANCH, 5)
        assert (merged.pull.number, merged.pull.head) == (pull.number, pull.head)
        (comment,) = merged.fetch_comments()
        assert comment.startswith("Look at a.md.")
        assert repository.contains(repository.head("main"), merged.result)
        assert self.find() is None

    def test_the_heads_of_all_pull_requests_are_found_whatever_became_of_them(self) -> None:
        first = self.created()
        _, forge = self.open()
        forge.close(first, "Not now.")
        _, forge = self.open()
        assert first.head in forge.fetch_heads("zh", "main", lambda branch: branch == BRANCH, branch=BRANCH)
        assert first.head in forge.fetch_heads("zh", "main", lambda branch: branch == BRANCH)
        assert forge.fetch_heads("zh", "main", lambda _: False) == []
        assert forge.fetch_heads("zh", "other", lambda branch: branch == BRANCH) == []


def draft_of(repository: Repository, forge: Forge, files: Mapping[str, bytes | None]) -> PullRequestDraft:
    """A draft as a sync makes it: from the open pull request, or from the base branch."""
    pull = forge.fetch_open("zh", BRANCH, "main")
    head = pull.head if pull else repository.head("main")
    return PullRequestDraft("zh", BRANCH, "main", "Sync 中文", "What changed\n", "Sync", files, head, WHO)
