"""The merged pull requests of a language: their commits, what the base branch made of them, what was said in them."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bot.book.chapters import Scope, scope_of
from bot.book.project import Project
from bot.forge.base import PullRequest, State
from bot.forge.git import Repository
from bot.forge.github import connect
from bot.forge.github.settings import GitHubForgeSettings, github_options
from bot.forge.local_record import BODY, THREAD, read_records

if TYPE_CHECKING:
    from github.PullRequest import PullRequest as ApiPullRequest

    from bot.forge.github.connection import Connection


# Of all closed pull requests, where each chapter has its own: GitHub can't be asked for a branch by its beginning.
_LOOKED_AT = 300


@dataclass(frozen=True)
class Merged:
    """A merged pull request. `result` is the commit of the base branch that has it: a merge, a squash, or its head.
    `read` gives the bodies of the bot's comments in its thread, oldest first; `earlier` is the head of the last one
    that it contains ("" where there is none)."""

    pull: PullRequest
    result: str
    read: Callable[[], list[str]]
    earlier: str = ""


def merged_pulls(project: Project, name: str, repository: Repository, most: int) -> list[Merged]:
    """The latest `most` ones, those of chapters included, newest first. Raises RepositoryError where the host can't be
    asked."""
    on_github = isinstance(project.config.forge, GitHubForgeSettings)
    found = list(islice((_on_github if on_github else _here)(project, name, repository), most + 1))
    return [replace(one, earlier=_earlier(repository, one, found)) for one in found[:most]]


def _earlier(repository: Repository, one: Merged, found: Sequence[Merged]) -> str:
    """Those of chapters are merged in any order. Asked only where the branch went straight on to the head."""
    if one.result != one.pull.head:
        return ""
    heads = [other.pull.head for other in found if other is not one]
    inside = [head for head in heads if repository.contains(one.pull.head, head)]
    return next((head for head in inside if all(repository.contains(head, other) for other in inside)), "")


def _here(project: Project, name: str, repository: Repository) -> Iterator[Merged]:
    forge = project.config.forge
    folder = project.folder / (forge.folder if forge.kind == "local" else "pull-requests")
    base = repository.head(project.config.languages[name].branch)
    for record in reversed(read_records(folder, name)):
        pull = record.pull_request
        if scope_of(pull.branch, name) is None:
            continue
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
    return repository.has_commit(tip) and repository.contains(base, tip) and repository.contains(tip, head)


def _thread(place: Path) -> list[str]:
    return [path.read_text("utf-8") for path in sorted((place / THREAD).glob("[0-9][0-9][0-9][0-9]*.md"))]


def _on_github(project: Project, name: str, repository: Repository) -> Iterator[Merged]:
    forge = project.config.forge
    assert isinstance(forge, GitHubForgeSettings)
    settings = project.config.languages[name]
    connection = connect(settings.repo, github_options(forge, os.environ))
    # Not before: PyGithub is an extra.
    from bot.forge.github.failures import github_errors

    with github_errors(connection.name):
        asked = {"state": "closed", "base": settings.branch}
        if not by_chapter(project, name, repository):
            asked["head"] = f"{connection.owner}:{Scope(name).branch}"
        closed = connection.api.get_pulls(**asked, sort="created", direction="desc")
        for one in islice(closed, None if "head" in asked else _LOOKED_AT):
            result = one.merge_commit_sha
            is_here = getattr(one.head.repo, "full_name", "") == one.base.repo.full_name
            if not is_here or one.merged_at is None or scope_of(one.head.ref, name) is None or not result:
                continue
            facts = one.head.ref, one.base.ref, one.head.sha, one.title, one.html_url
            pull = PullRequest(name, one.number, State.MERGED, *facts, body=str(one.body))
            # The commits of a branch that was squashed, or deleted, live on under this name.
            if not repository.has_commit(pull.head):
                ref = f"refs/pull/{pull.number}/head"
                repository.run("fetch", "--quiet", connection.url, ref, environment=connection.environment())
            if repository.has_commit(result):
                yield Merged(pull, result, partial(_comments, connection, one))


def by_chapter(project: Project, name: str, repository: Repository) -> bool:
    """Whether chapters have, may get or had pull requests of their own."""
    if project.config.languages[name].chapters_above is not None:
        return True
    scopes = (scope_of(branch, name) for branch in repository.branches())
    return any(scope is not None and not scope.is_whole for scope in scopes)


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
