"""Merged pull requests beside the history of their base branch."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from bot.forge.base import MergedPullRequest
from bot.forge.git import Repository


def latest_merged(
    repository: Repository, newest_first: Iterable[MergedPullRequest], most: int
) -> list[MergedPullRequest]:
    """The latest `most`, each with its `earlier` head."""
    merged = list(islice(newest_first, most + 1))
    return [replace(one, earlier=_earlier(repository, one, merged)) for one in merged[:most]]


def merge_of(repository: Repository, base: str, head: str) -> str:
    """The first commit of a branch (at `base`, by first parents) that contains `head`; `head` itself after a
    fast-forward."""
    commits = repository.lines("rev-list", "--first-parent", "--reverse", base, f"^{head}")
    if not commits:
        return head
    parents = repository.lines("rev-list", "--parents", "--max-count=1", commits[0])[0].split()[1:]
    if parents[:1] == [head]:
        return head
    place = bisect_left(commits, True, key=lambda commit: repository.contains(commit, head))
    return commits[place]


def _earlier(repository: Repository, merged: MergedPullRequest, others: Sequence[MergedPullRequest]) -> str:
    """The latest head of another merged pull request that this one contains; "" unless the base branch was
    fast-forwarded to the head. (Pull requests of chapters are merged in any order.)"""
    if merged.result != merged.pull.head:
        return ""
    heads = [other.pull.head for other in others if other is not merged]
    inside = [head for head in heads if repository.contains(merged.pull.head, head)]
    return next((head for head in inside if all(repository.contains(head, other) for other in inside)), "")
