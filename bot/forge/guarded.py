"""A host through which everything is read before it is sent: bodies, titles, comments, reports, statuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bot.forge.base import (
    Discussion,
    Forge,
    Host,
    HostProfile,
    MergedPullRequest,
    Published,
    PullRequest,
    Reaction,
    Role,
    Thread,
)
from bot.forge.comment import Comment
from bot.forge.git import Repository
from bot.markup.sending import fitting_body, safe_body, safe_line
from bot.model import PullRequestDraft

MAX_COMMENT = 60_000
"""Characters of a comment; GitHub refuses more than 65,536, and the notes have to fit as well."""


@dataclass(frozen=True)
class GuardedHost:
    """The host of all commands: nothing gets to `host` that would mean something there and is not the bot's own."""

    host: Host

    @property
    def profile(self) -> HostProfile:
        return self.host.profile

    def repository_name(self, location: str) -> str:
        return self.host.repository_name(location)

    def page(self, location: str) -> str:
        return self.host.page(location)

    def check_location(self, location: str) -> None:
        self.host.check_location(location)

    def open_repository(self, location: str, cache: Path, *, public: bool = False) -> Repository:
        return self.host.open_repository(location, cache, public=public)

    def open_forge(self, repository: Repository, *, dry_run: bool = False) -> Forge:
        return GuardedForge(self.host.open_forge(repository, dry_run=dry_run), self.host.page(repository.name))

    def open_discussion(self, location: str) -> Discussion:
        return GuardedDiscussion(self.host.open_discussion(location), self.host.page(location))


class GuardedForge:
    """`page` is the web page of the repository, "" without one."""

    def __init__(self, forge: Forge, page: str) -> None:
        self._forge = forge
        self._page = page

    def fetch_open(self, language: str, branch: str, base: str) -> PullRequest | None:
        return self._forge.fetch_open(language, branch, base)

    def fetch_refused(self, language: str, branch: str, base: str) -> list[PullRequest]:
        return list(self._forge.fetch_refused(language, branch, base))

    def fetch_declined(self, draft: PullRequestDraft) -> PullRequest | None:
        return self._forge.fetch_declined(draft)

    def fetch_merged(
        self, language: str, base: str, is_wanted: Callable[[str], bool], most: int, *, branch: str = ""
    ) -> list[MergedPullRequest]:
        return self._forge.fetch_merged(language, base, is_wanted, most, branch=branch)

    def fetch_heads(self, language: str, base: str, is_wanted: Callable[[str], bool], *, branch: str = "") -> list[str]:
        return self._forge.fetch_heads(language, base, is_wanted, branch=branch)

    def fetch_capacity(self) -> int:
        return self._forge.fetch_capacity()

    def publish(self, draft: PullRequestDraft) -> Published:
        return self._forge.publish(safe_draft(draft, self._page))

    def push(self, pull_request: PullRequest, commit: str) -> None:
        self._forge.push(pull_request, commit)

    def close(self, pull_request: PullRequest, reason: str) -> None:
        self._forge.close(pull_request, self._safe(reason))

    def comment(self, pull_request: PullRequest, body: str) -> None:
        self._forge.comment(pull_request, self._safe(body))

    def _safe(self, body: str) -> str:
        return safe_body(body, [self._page])


class GuardedDiscussion:
    """`page` is the web page of the repository."""

    def __init__(self, discussion: Discussion, page: str) -> None:
        self._discussion = discussion
        self._page = page

    def fetch_own_logins(self) -> frozenset[str]:
        return self._discussion.fetch_own_logins()

    def fetch_threads(self, is_wanted: Callable[[str], bool], read: Callable[[int], tuple[int, str]]) -> list[Thread]:
        return self._discussion.fetch_threads(is_wanted, read)

    def fetch_writers(self) -> frozenset[str]:
        return self._discussion.fetch_writers()

    def fetch_role(self, comment: Comment) -> Role:
        return self._discussion.fetch_role(comment)

    def fetch_pull_request(self, comment: Comment) -> PullRequest:
        return self._discussion.fetch_pull_request(comment)

    def fetch_answer(self, comment: Comment) -> Reaction | None:
        return self._discussion.fetch_answer(comment)

    def react(self, comment: Comment, reaction: Reaction) -> bool:
        return self._discussion.react(comment, reaction)

    def answer(self, comment: Comment, body: str, reaction: Reaction) -> None:
        self._discussion.answer(comment, safe_body(fitting_body(body, MAX_COMMENT), [self._page]), reaction)


def safe_draft(draft: PullRequestDraft, page: str) -> PullRequestDraft:
    """The draft as it may be sent into the repository with this web page."""
    pages = [*draft.pages, page]
    return replace(
        draft,
        title=safe_line(draft.title),
        body=safe_body(draft.body, pages),
        status=safe_line(draft.status),
        notes=tuple(replace(note, body=safe_body(note.body, pages)) for note in draft.notes),
        report=tuple(safe_body(text, pages) for text in draft.report),
    )
