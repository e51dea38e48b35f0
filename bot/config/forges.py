"""Where pull requests are opened: the section `forge`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.config.validation import Section


class LocalForge(Section):
    """Pull requests are pushed branches and files in a folder."""

    kind: Literal["local"]
    folder: Annotated[str, Field(min_length=1)] = ".amts/pull-requests"
    """Where the pull requests' bodies, patches and threads are written, relative to this file."""
    co_authors: bool = False
    """Whether a commit names the authors of the English that it follows, as `Co-authored-by`."""


class DryRunForge(Section):
    """Nothing is pushed or written; what would be is shown."""

    kind: Literal["dry-run"]


class Author(Section):
    """Who the bot's commits are by."""

    name: Annotated[str, Field(min_length=1, pattern=r"^[^<>\n]+$")] = "AMTS"
    email: Annotated[str, Field(pattern=r"^[^<>\s]+@[^<>\s]+$")] = "amts@users.noreply.invalid"


class Limits(Section):
    """What keeps a bot from flooding people."""

    open_pull_requests: Annotated[int, Field(ge=1)] = 20
    """At most so many open pull requests of the bot in one repository."""
    commits_per_hour: Annotated[int, Field(ge=1)] = 12
    """At most so many commits on one branch in an hour."""
    files_per_pull_request: Annotated[int, Field(ge=1)] = 1000
    """At most so many translated files in one pull request; the others wait until it is merged. GitHub itself shows no
    more than 3,000 changed files, those that record the source text included."""
    review_comments: Annotated[int, Field(ge=0)] = 30
    """At most so many comments at lines; the body lists the rest."""


class GitHubForge(Section):
    """Pull requests on GitHub or GitHub Enterprise. The token is read from GITHUB_TOKEN, or an App's key from
    AMTS_GITHUB_APP_KEY; neither ever stands in this file."""

    kind: Literal["github"]
    url: Annotated[str, Field(pattern=r"^https?://[^/@\s]+$")] = "https://github.com"
    """The host, as in a browser."""
    api_url: Annotated[str, Field(pattern=r"^(https?://[^@\s]+[^/@\s])?$")] = ""
    """The API; https://api.github.com, or `url` with /api/v3, where it is left out."""
    app_id: int | None = None
    """The id of the GitHub App that the bot acts as; a token is used where it is left out."""
    author: Author = Author()
    """Who the bot's commits are by."""
    labels: tuple[str, ...] = ("translation",)
    """Labels for the pull requests; made where they don't exist."""
    milestone: str = ""
    """The title of an open milestone for the pull requests."""
    co_authors: bool = False
    """Whether a commit names the authors of the English that it follows, as `Co-authored-by`."""
    draft: bool = False
    """Whether a pull request stays a draft while something in it is left for a person."""
    report: Literal["status", "check", "none"] = "status"
    """How a commit tells what waits in it: a commit status, a check run (for Apps only), or not at all."""
    limits: Limits = Limits()
    """What keeps the bot from flooding people."""


Forge = Annotated[LocalForge | DryRunForge | GitHubForge, Field(discriminator="kind")]
