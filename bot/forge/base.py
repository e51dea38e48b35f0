"""The contracts of a host: its forge, which opens and updates pull requests, and their discussion."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import Field

from bot.config.network import NETWORK, NetworkSettings
from bot.config.validation import AdapterSettings, Section
from bot.forge.comment import Comment
from bot.forge.git import Repository
from bot.model import PullRequestDraft


class PullRequestState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class Outcome(StrEnum):
    """The outcome of a draft. `unchanged`: the branch, or the base itself, has all of it already; `closed`: the base
    has all that the pull request proposed; `declined`: people closed a pull request with the same content, which is not
    opened again; `deferred`: a limit was reached, so nothing changed this time."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    DECLINED = "declined"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request in its current state. `head` is the tip of its branch, people's commits included; `location` is a
    path or a URL for a person to open; `body` is what the draft said. `language` is empty if nobody asked for one.

    `number` is 0 (and `location` empty) for a branch that a bot pushed before it was killed: publishing opens its pull
    request. A pull request that is not `finished` was cut short: the draft of its last commit has to be published
    again."""

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
    """`result` is the commit of the base branch that has its changes: a merge, a squash, or its head. `earlier` is the
    head of the last merged pull request that it contains ("" if there is none). `fetch_comments` asks the host for the
    bodies of the bot's own comments in the thread, oldest first."""

    pull: PullRequest
    result: str
    fetch_comments: Callable[[], list[str]]
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """`reason` says why a draft was deferred; `warnings`, each a sentence for a person, say what else the host refused
    (a reviewer who is no collaborator, say)."""

    outcome: Outcome
    pull_request: PullRequest | None
    reason: str = ""
    warnings: tuple[str, ...] = ()


MAX_REFUSED_PULL_REQUESTS = 10
"""How many closed pull requests are read. Content that people refused in an older one may be proposed again."""


class Forge(Protocol):
    """The pull requests of one repository, of which the bot has a clone. Each method asks the host, and raises
    RepositoryError if that fails.

    A draft is made from the head of the open pull request, or from the base branch if none is open. A forge refuses a
    draft that was made from anything else, which protects people's commits. The only exception is a draft whose commit
    is the head: it was published before, perhaps in part, and the rest is added.
    """

    def fetch_open(self, language: str, branch: str, base: str) -> PullRequest | None:
        """The open pull request from `branch` into `base`."""

    def fetch_refused(self, language: str, branch: str, base: str) -> Sequence[PullRequest]:
        """The latest pull requests from `branch` into `base` that people closed without merging, newest first. The
        clone holds their commits."""

    def fetch_declined(self, draft: PullRequestDraft) -> PullRequest | None:
        """A pull request of the branch that people closed and that proposed exactly this."""

    def fetch_merged(
        self, language: str, base: str, is_wanted: Callable[[str], bool], most: int, *, branch: str = ""
    ) -> list[MergedPullRequest]:
        """The latest `most` pull requests that were merged into `base` from wanted branches, newest first. The clone
        holds their commits. `branch` is the only wanted branch, or "" if there are several: then a host may look at its
        latest closed pull requests only."""

    def fetch_heads(self, language: str, base: str, is_wanted: Callable[[str], bool], *, branch: str = "") -> list[str]:
        """The heads of pull requests into `base` from wanted branches, whatever became of them: also where people
        squashed or rebased their commits. The clone holds them. `branch` is as for `fetch_merged`."""

    def fetch_capacity(self) -> int:
        """How many more pull requests may be opened before a limit is reached."""

    def publish(self, draft: PullRequestDraft) -> Published:
        """Opens or updates the pull request of the draft's branch; the same draft again changes nothing.

        Raises MovedError if the branch moved since the draft was made, StorageError if the disk refuses.
        """

    def push(self, pull_request: PullRequest, commit: str) -> None:
        """Moves the branch of an open pull request from its head to a commit that contains the head. Raises MovedError
        if the branch stands elsewhere by now."""

    def close(self, pull_request: PullRequest, reason: str) -> None:
        """Closes a pull request that has nothing left to propose, with a comment. This does not count as a refusal."""

    def comment(self, pull_request: PullRequest, body: str) -> None:
        """Adds a comment to the thread, unless this is its last comment already."""


class Role(StrEnum):
    """Who wrote a comment: the bot itself, somebody who may write to the repository, or anybody else."""

    BOT = "bot"
    WRITER = "writer"
    READER = "reader"


class Reaction(StrEnum):
    """The bot's reaction to a comment, which shows what became of it."""

    SEEN = "eyes"
    DONE = "rocket"
    REFUSED = "confused"


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said on an open pull request: `comments` are those to be heard (see `why_unheard`), oldest first. `last`
    is the id of the newest comment that was read, heard or not, and `created` its time as the host writes it; 0 and ""
    if there is none."""

    number: int
    comments: tuple[Comment, ...]
    last: int = 0
    created: str = ""


MAX_READ_COMMENTS = 2_000
"""So many comments of a pull request are read at a time, the oldest first; the next time those that follow."""


class Discussion(Protocol):
    """The comments on one repository's pull requests. Not safe for use by several threads at once. Each method asks the
    host, and raises RepositoryError, or TransientError if the failure may pass."""

    def fetch_own_logins(self) -> frozenset[str]:
        """The bot's names on the host, in lower case; the host is asked once."""

    def fetch_threads(self, is_wanted: Callable[[str], bool], read: Callable[[int], tuple[int, str]]) -> list[Thread]:
        """The comments on the open pull requests from the branches that are wanted. `read` says of a pull request's
        number up to which comment it was read (its id, and its time as the host writes it; 0 and "" for not at all):
        only what follows is new."""

    def fetch_writers(self) -> frozenset[str]:
        """Who may write to the repository: names on the host, in lower case."""

    def fetch_role(self, comment: Comment) -> Role:
        """Who wrote the comment, as the host says now."""

    def fetch_pull_request(self, comment: Comment) -> PullRequest:
        """The pull request that the comment stands on."""

    def fetch_answer(self, comment: Comment) -> Reaction | None:
        """The reaction that came with the bot's answer to the comment; None if there is no answer yet."""

    def react(self, comment: Comment, reaction: Reaction) -> bool:
        """Adds the bot's reaction, once. False if the comment is gone."""

    def answer(self, comment: Comment, body: str, reaction: Reaction) -> None:
        """Posts the answer, unless there is one. If another process posts one at the same moment, the first stays."""


class Author(Section):
    """Who the bot's commits are by."""

    name: Annotated[str, Field(min_length=1, pattern=r"^[^<>\n]+$")] = "AMTS"
    email: Annotated[str, Field(pattern=r"^[^<>\s]+@[^<>\s]+$")] = "amts@users.noreply.invalid"


@dataclass(frozen=True, slots=True)
class HostProfile:
    """Differences between hosts. `author`: who makes the bot's commits; `reads_commands`: whether people's comments are
    read as commands; `co_authors`: whether a commit names the authors of the English that it follows;
    `files_per_pull_request`: at most so many translations in one pull request (None: any number)."""

    author: Author = field(default_factory=Author)
    reads_commands: bool = False
    co_authors: bool = False
    files_per_pull_request: int | None = None


class Host(Protocol):
    """The host of a configuration's pull requests. The constructor asks nothing and reads no credentials."""

    @property
    def profile(self) -> HostProfile: ...

    def repository_name(self, location: str) -> str:
        """`owner/name` in lower case, as webhooks name the repository; empty if it is not on the host."""

    def page(self, location: str) -> str:
        """The web page of the repository at this location, "" if it has none here."""

    def check_location(self, location: str) -> None:
        """Raises ConfigError if no pull request can be opened in the repository at this location."""

    def open_repository(self, location: str, cache: Path, *, public: bool = False) -> Repository:
        """As `Repository.open`, with the credentials for the host; for a `public` repository they are optional."""

    def open_forge(self, repository: Repository, *, dry_run: bool = False) -> Forge:
        """The forge of a repository that this host opened. In a dry run it writes nothing, and answers as if it did."""

    def open_discussion(self, location: str) -> Discussion:
        """The discussion of a repository. Raises ConfigError unless the profile says that commands are read,
        RepositoryError without credentials."""


class ForgeSettings(AdapterSettings, ABC):
    """The section `forge`: it makes the host that it describes."""

    @abstractmethod
    def create(self, folder: Path, environment: Mapping[str, str], network: NetworkSettings = NETWORK) -> Host:
        """`folder` is the configuration's folder; `environment` holds the credentials, `network` the limits of
        calls."""
