"""The merged pull requests of a language, those of its chapters included."""

from __future__ import annotations

from bot.book.chapters import Scope, scope_of
from bot.book.project import Project
from bot.forge.base import MergedPullRequest
from bot.forge.git import Repository


def fetch_merged(project: Project, name: str, repository: Repository, most: int) -> list[MergedPullRequest]:
    """The latest `most` ones, newest first. Raises RepositoryError where the host can't be asked."""
    forge = project.host.open_forge(repository)
    branch = "" if by_chapter(project, name, repository) else Scope(name).branch
    base = project.config.languages[name].branch
    return forge.fetch_merged(name, base, lambda head: scope_of(head, name) is not None, most, branch=branch)


def by_chapter(project: Project, name: str, repository: Repository) -> bool:
    """Whether chapters have, may get or had pull requests of their own."""
    if project.config.languages[name].chapters_above is not None:
        return True
    scopes = (scope_of(branch, name) for branch in repository.branches())
    return any(scope is not None and not scope.is_whole for scope in scopes)
