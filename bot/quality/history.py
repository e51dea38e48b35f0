"""The measurements that earlier pull requests carry along."""

from __future__ import annotations

from bot.book.project import Project
from bot.drafts.merged import merged_pulls
from bot.forge.base import PullRequest
from bot.forge.git import Repository
from bot.report.scores import Scores, read_scores


def read_history(project: Project, name: str, repository: Repository, pull: PullRequest | None) -> list[Scores]:
    """Oldest first: those of the open pull request, which began with those before it; where none is open, or people
    took them out, those of the latest merged one. Raises RepositoryError where the host can't be asked."""
    if pull is not None and (found := read_scores(pull.body)):
        return found
    latest = merged_pulls(project, name, repository, 1)
    return read_scores(latest[0].pull.body) if latest else []
