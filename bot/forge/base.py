"""The contracts of a host and of its forge: where pull requests are opened, updated and discussed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import Field

from bot.config.validation import AdapterSettings, Section
from bot.forge.comment import Comment
from bot.forge.git import Repository
from bot.model import PullRequestDraft


class PullRequestState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class Outcome(StrEnum):
    """What became of a draft. `unchanged`: the branch, or the base itself, has all of it already; `closed`: the base
    has all that was proposed; `declined`: people closed a pull request with the same content, and it is not opened
    again; `deferred`: a limit is reached, so nothing was changed this time."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    DECLINED = "declined"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as it stands. `head` is the tip of its branch, people's commits included; `location` is a path or
    a URL for a person to open; `body` is what the draft said. `language` is empty where it was not looked up for one.

    `number` is 0 (and `location` empty) for a branch that a bot pushed before it was killed: publishing opens its pull
    request. One that is not `finished` was cut short: the draft of its last commit has to be published again."""

    language: str
    number: int
    state: PullRequestState
    branch: str
    base: str
    head: str
    title: str
    location: str
    body: str = ""
    finished: bool = True


@dataclass(frozen=True)
class MergedPullRequest:
    """`result` is the commit of the base branch that has it: a merge, a squash, or its head. `earlier` is the head of
    the last merged pull request that it contains ("" where there is none). `fetch_comments` asks for the bodies of the
    bot's own comments in its thread, oldest first."""

    pull: PullRequest
    result: str
    fetch_comments: Callable[[], list[str]]
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """`reason` says why a draft was deferred; `warnings` what the host refused besides (a reviewer who is no
    collaborator, say), each a sentence for a person."""

    outcome: Outcome
    pull_request: PullRequest | None
    reason: str = ""
    warnings: tuple[str, ...] = ()


MAX_REFUSED_PULL_REQUESTS = 10
"""How many closed pull requests are looked at: what was refused longer ago may be asked again."""


class Forge(Protocol):
    """The pull requests of one repository, a clone of which is at hand. Each method asks the host, and raises
    RepositoryError where that can't be asked.

    Drafts are made from the head of the open pull request, or from the base branch where none is open; a forge refuses
    a draft that was made from anything else, so that no commit of people is ever overwritten. The one exception is a
    draft whose commit is the head: it was published before, and what is missing of it is added.
    """

    def fetch_open(self, language: str, branch: str, base: str) -> PullRequest | None:
        """The open pull request from `branch` into `base`."""
        ...

    def fetch_refused(self, language: str, branch: str, base: str) -> Sequence[PullRequest]:
        """The latest pull requests from `branch` into `base` that people closed without merging them, newest first; the
        repository holds their commits."""
        ...

    def fetch_declined(self, draft: PullRequestDraft) -> PullRequest | None:
        """A pull request of the branch that people closed and that proposed exactly this."""
        ...

    def fetch_merged(
        self, language: str, base: str, is_wanted: Callable[[str], bool], most: int, *, branch: str = ""
    ) -> list[MergedPullRequest]:
        """The latest `most` pull requests merged into `base` from branches that are wanted, newest first; the
        repository holds their commits. `branch` is the only one that is wanted, "" where there may be several: then a
        host may look at the latest closed ones only."""
        ...

    def fetch_capacity(self) -> int:
        """How many more pull requests may be opened before a limit is reached."""
        ...

    def publish(self, draft: PullRequestDraft) -> Published:
        """Opens or updates the one pull request of the draft's branch; the same draft again changes nothing.

        Raises MovedError where the branch moved since the draft was made, StorageError where the disk refuses.
        """
        ...

    def push(self, pull_request: PullRequest, commit: str) -> None:
        """Moves the branch of an open pull request from its head to a commit that contains the head. Raises MovedError
        where the branch stands elsewhere by now."""
        ...

    def close(self, pull_request: PullRequest, reason: str) -> None:
        """Closes it with a comment that says why, where nothing is left to propose. Not taken for people's refusal."""
        ...

    def comment(self, pull_request: PullRequest, body: str) -> None:
        """Adds a comment to the thread, unless it ends with this very comment already."""
        ...


class Role(StrEnum):
    """Who wrote a comment: the bot itself, somebody who may write to the repository, or anybody else."""

    BOT = "bot"
    WRITER = "writer"
    READER = "reader"


class Reaction(StrEnum):
    """How the bot shows at a comment what becomes of it."""

    SEEN = "eyes"
    DONE = "rocket"
    REFUSED = "confused"


class Discussion(Protocol):
    """The comments on one repository's pull requests. Not safe for use by several threads. Each method asks the host,
    and raises RepositoryError (TransientError, where it may pass) when that can't be asked."""

    def fetch_own_logins(self) -> frozenset[str]:
        """The names, in lower case, that the host knows the bot by."""
        ...

    def fetch_comments(self, is_wanted: Callable[[str], bool]) -> list[Comment]:
        """People's comments on the open pull requests from the branches that are wanted."""
        ...

    def fetch_role(self, comment: Comment) -> Role:
        """Who wrote the comment, as the host says now."""
        ...

    def fetch_pull_request(self, comment: Comment) -> PullRequest:
        """The pull request that the comment stands on."""
        ...

    def fetch_answer(self, comment: Comment) -> Reaction | None:
        """The reaction that the bot's answer to the comment came with; None where there is no answer yet."""
        ...

    def react(self, comment: Comment, reaction: Reaction) -> bool:
        """Adds the bot's reaction, once. False where the comment is gone."""
        ...

    def answer(self, comment: Comment, body: str, reaction: Reaction) -> None:
        """Posts the answer, unless there is one. Where another process posted one at the same moment, the first one
        stays."""
        ...


class Author(Section):
    """Who the bot's commits are by."""

    name: Annotated[str, Field(min_length=1, pattern=r"^[^<>\n]+$")] = "AMTS"
    email: Annotated[str, Field(pattern=r"^[^<>\s]+@[^<>\s]+$")] = "amts@users.noreply.invalid"


@dataclass(frozen=True, slots=True)
class HostProfile:
    """What differs by host. `author` is who the bot's commits are by; `reads_commands` says whether people's comments
    there are read as commands, `co_authors` whether a commit names the authors of the English that it follows, and
    `files_per_pull_request` how many translations one pull request may have (None: any number)."""

    author: Author = field(default_factory=Author)
    reads_commands: bool = False
    co_authors: bool = False
    files_per_pull_request: int | None = None


class Host(Protocol):
    """Where a configuration opens its pull requests. Making one asks nothing and reads no credentials."""

    @property
    def profile(self) -> HostProfile: ...

    def repository_name(self, location: str) -> str:
        """`owner/name` in lower case, as webhooks name the repository; empty for one that is not on the host."""
        ...

    def check_location(self, location: str) -> None:
        """Raises ConfigError where no pull request can be opened in the repository at this location."""
        ...

    def open_repository(self, location: str, cache: Path, *, public: bool = False) -> Repository:
        """As `Repository.open`, with the credentials for the host. A `public` repository is read without where there
        are none."""
        ...

    def open_forge(self, repository: Repository, *, dry_run: bool = False) -> Forge:
        """The forge of a repository that this host opened; in a dry run one that answers as it would."""
        ...

    def open_discussion(self, location: str) -> Discussion:
        """Of a repository, where the host's profile says that commands are read. Raises ConfigError where they are
        not, RepositoryError without credentials."""
        ...


class ForgeSettings(AdapterSettings, ABC):
    """The section `forge`: it makes the host that it describes."""

    @abstractmethod
    def create(self, folder: Path, environment: Mapping[str, str]) -> Host:
        """`folder` is where the configuration stands; `environment` holds the credentials."""
