"""What a GitHub knows beyond its git repositories. Whatever git knows is asked from the bare repositories instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.github_double.store import Store

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
"""Rising; each may do what those before it may."""


@dataclass(eq=False)
class Account:
    """`kind` is User, Bot or Organization."""

    id: int
    login: str
    kind: str = "User"
    email: str = ""

    @property
    def noreply(self) -> str:
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(eq=False)
class App:
    """A GitHub App and its bot account. `public_key` (PEM) checks the JWTs it signs."""

    id: int
    slug: str
    bot: Account
    owner: Account
    public_key: str
    permissions: dict[str, str]
    created: datetime


@dataclass(eq=False)
class Installation:
    """An App on an account's repositories; `repositories` are names, None for all of the account."""

    id: int
    app: App
    account: Account
    repositories: frozenset[str] | None
    created: datetime


@dataclass(eq=False)
class Credential:
    """A token. `permissions` None: as much as the account's role (a classic token); `repositories` None: all. An App's
    own JWT has `app`, the token of an installation `installation`."""

    token: str
    account: Account
    permissions: Mapping[str, str] | None = None
    repositories: frozenset[str] | None = None
    expires: datetime | None = None
    app: App | None = None
    installation: Installation | None = None


@dataclass(eq=False)
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(eq=False)
class Milestone:
    id: int
    number: int
    title: str
    creator: Account
    created: datetime
    state: str = "open"


@dataclass(eq=False)
class Reaction:
    id: int
    author: Account
    content: str
    created: datetime


@dataclass(eq=False)
class Comment:
    """A comment on an issue or pull request. `minimized` is the reason, in GraphQL's words."""

    id: int
    author: Account
    body: str
    created: datetime
    updated: datetime
    reactions: list[Reaction] = field(default_factory=list)
    minimized: str | None = None


@dataclass(eq=False)
class ReviewComment(Comment):
    """A comment at a line of the file `path` as it is in `commit` (LEFT: as it was in the merge base). It heads a
    thread, or has `reply_to`. `start_line` is set for a comment on several lines; `hunk` is the diff above it."""

    review: int | None = None
    path: str = ""
    commit: str = ""
    base: str = ""
    side: str = "RIGHT"
    line: int | None = None
    start_line: int | None = None
    start_side: str | None = None
    subject: str = "line"
    reply_to: int | None = None
    hunk: str = ""
    position: int | None = None
    resolved_by: Account | None = None


@dataclass(eq=False)
class Review:
    id: int
    author: Account
    state: str
    body: str
    commit: str
    submitted: datetime | None


@dataclass(eq=False)
class Pull:
    """The half of a pull request that an issue lacks. `head_repo` None: the fork was deleted. `base_sha` is the base's
    tip when the head last moved, and stays once it is closed; `looks` counts the reads since anything moved."""

    id: int
    head_repo: Repo | None
    head_owner: Account
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    draft: bool = False
    maintainer_can_modify: bool = False
    merged: datetime | None = None
    merged_by: Account | None = None
    merge_sha: str | None = None
    reviewers: list[Account] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    comments: list[ReviewComment] = field(default_factory=list)
    looks: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(eq=False)
class Issue:
    id: int
    number: int
    repo: Repo
    author: Account
    title: str
    body: str | None
    created: datetime
    updated: datetime
    state: str = "open"
    closed: datetime | None = None
    closed_by: Account | None = None
    labels: list[Label] = field(default_factory=list)
    assignees: list[Account] = field(default_factory=list)
    milestone: Milestone | None = None
    comments: list[Comment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    pull: Pull | None = None


@dataclass(eq=False)
class Status:
    id: int
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator: Account
    created: datetime


@dataclass(eq=False)
class CheckRun:
    """`fields` are what the App sent: name, head_sha, status, conclusion, output, details_url, external_id."""

    id: int
    app: App
    fields: dict[str, Any]


@dataclass(eq=False)
class Repo:
    """`collaborators` maps logins to roles; `refs` are the branches and tags as last seen, to notice a push."""

    id: int
    owner: Account
    name: str
    store: Store
    created: datetime
    private: bool = False
    fork_of: Repo | None = None
    collaborators: dict[str, str] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    issues: dict[int, Issue] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    milestones: dict[int, Milestone] = field(default_factory=dict)
    statuses: dict[str, list[Status]] = field(default_factory=dict)
    check_runs: dict[int, CheckRun] = field(default_factory=dict)
    dispatches: list[dict[str, Any]] = field(default_factory=list)
    refs: dict[str, str] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    def role(self, account: Account | None) -> str:
        """What an account may do here, one of ROLES."""
        if account is not None and account is self.owner:
            return "admin"
        least = "none" if self.private else "read"
        return self.collaborators.get(account.login.lower(), least) if account is not None else least
