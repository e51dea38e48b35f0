"""The merged pull requests of a language: their commits, what the base branch made of them, what was said in them."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.github import github_options
from bot.app.opening import branch_name
from bot.app.project import Project
from bot.config.forges import GitHubForge
from bot.forge.base import PullRequest, State
from bot.forge.git import Repository
from bot.forge.github import connect
from bot.forge.local_record import BODY, THREAD, read_records

if TYPE_CHECKING:
    from github.PullRequest import PullRequest as ApiPullRequest

    from bot.forge.github.connection import Connection


@dataclass(frozen=True)
class Merged:
    """A merged pull request. `result` is the commit of the base branch that has it: a merge, a squash, or its head.
    `read` gives the bodies of the bot's comments in its thread, oldest first; `earlier` is the head of the one that was
    merged before it ("" where there is none)."""

    pull: PullRequest
    result: str
    read: Callable[[], list[str]]
    earlier: str = ""


def merged_pulls(project: Project, name: str, repository: Repository, most: int) -> list[Merged]:
    """The latest `most` ones, newest first. Raises RepositoryError where the host can't be asked."""
    on_github = isinstance(project.config.forge, GitHubForge)
    found = list(islice((_on_github if on_github else _here)(project, name, repository), most + 1))
    earlier = [*found[1:], None]
    return [
        replace(one, earlier=before.pull.head if before else "") for one, before in zip(found, earlier, strict=False)
    ][:most]


def _here(project: Project, name: str, repository: Repository) -> Iterator[Merged]:
    forge = project.config.forge
    folder = project.folder / (forge.folder if forge.kind == "local" else "pull-requests")
    base = repository.head(project.config.languages[name].branch)
    for record in reversed(read_records(folder, name)):
        pull = record.pull_request
        # The branch with what people added to it, until the next pull request begins; afterwards it has this name.
        tips = (f"refs/pull/{name}/{pull.number}/head", f"refs/heads/{pull.branch}")
        tip = next(filter(None, map(repository.ref, tips)), pull.head)
        head = next((one for one in (tip, pull.head) if _is_merged(repository, base, one, pull.head)), None)
        if head is not None and pull.state is not State.CLOSED:
            thread = partial(_thread, Path(pull.location))
            body = Path(pull.location) / BODY
            text = body.read_text("utf-8") if body.is_file() else ""
            yield Merged(replace(pull, head=head, body=text), merge_of(repository, base, head), thread)


def _is_merged(repository: Repository, base: str, tip: str, head: str) -> bool:
    """Whether a branch has the tip of a pull request that the bot left at `head`."""
    return holds(repository, tip) and repository.contains(base, tip) and repository.contains(tip, head)


def _thread(place: Path) -> list[str]:
    return [path.read_text("utf-8") for path in sorted((place / THREAD).glob("[0-9][0-9][0-9][0-9]*.md"))]


def _on_github(project: Project, name: str, repository: Repository) -> Iterator[Merged]:
    forge = project.config.forge
    assert isinstance(forge, GitHubForge)
    settings, branch = project.config.languages[name], branch_name(name)
    connection = connect(settings.repo, github_options(forge, os.environ))
    # Not before: PyGithub is an extra.
    from bot.forge.github.failures import github_errors

    with github_errors(connection.name):
        asked = {"state": "closed", "base": settings.branch, "head": f"{connection.owner}:{branch}"}
        for one in connection.api.get_pulls(**asked, sort="created", direction="desc"):
            result = one.merge_commit_sha
            if one.merged_at is None or one.head.ref != branch or not result:
                continue
            facts = one.head.ref, one.base.ref, one.head.sha, one.title, one.html_url
            pull = PullRequest(name, one.number, State.MERGED, *facts, body=str(one.body))
            # The commits of a branch that was squashed, or deleted, live on under this name.
            if not holds(repository, pull.head):
                ref = f"refs/pull/{pull.number}/head"
                repository.run("fetch", "--quiet", connection.url, ref, environment=connection.environment())
            if holds(repository, result):
                yield Merged(pull, result, partial(_comments, connection, one))


def _comments(connection: Connection, pull: ApiPullRequest) -> list[str]:
    """Those of who opened it, the bot: anybody may write what looks like a comment of it."""
    from bot.forge.github.failures import github_errors

    with github_errors(connection.name):
        return [each.body or "" for each in pull.get_issue_comments() if each.user.login == pull.user.login]


def merge_of(repository: Repository, base: str, head: str) -> str:
    """The first commit of a branch (at `base`, by first parents) that contains `head`; that itself where the branch
    went through it."""
    commits = repository.lines("rev-list", "--first-parent", "--reverse", base, f"^{head}")
    if not commits:
        return head
    parents = repository.lines("rev-list", "--parents", "--max-count=1", commits[0])[0].split()[1:]
    if parents[:1] == [head]:
        return head
    place = bisect_left(commits, True, key=lambda commit: repository.contains(commit, head))
    return commits[place]


def holds(repository: Repository, commit: str) -> bool:
    """Whether the clone has a commit."""
    ask = "rev-parse", "--quiet", "--verify", f"{commit}^{{commit}}"
    return bool(repository.run(*ask, accepted=(0, 1)))
