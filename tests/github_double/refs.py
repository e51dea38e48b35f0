"""What follows when branches move: push events, pull requests updated, merged by a push, or closed."""

from __future__ import annotations

from typing import Any

from tests.github_double.state import Account, Issue, Pull, Repo
from tests.github_double.store import GitError
from tests.github_double.world import World

ZERO = "0" * 40


def refs_changed(world: World, repo: Repo, actor: Account) -> None:
    """Compares the repository's branches with those last seen, and does what GitHub does about each difference."""
    with world.lock:
        before, after = repo.refs, repo.store.refs()
        repo.refs = after
        for name in sorted(before.keys() | after.keys()):
            old, new = before.get(name), after.get(name)
            if old == new:
                continue
            _push_event(world, repo, actor, name, old or ZERO, new or ZERO)
            if name.startswith("refs/heads/"):
                _branch_moved(world, repo, actor, name.removeprefix("refs/heads/"), new)


def _push_event(world: World, repo: Repo, actor: Account, name: str, old: str, new: str) -> None:
    world.emit("push", None, repo, actor, ref=name, before=old, after=new)


def _branch_moved(world: World, repo: Repo, actor: Account, branch: str, new: str | None) -> None:
    for issue, pull in world.pulls_from(repo, branch):
        if new is None:
            close(world, issue, actor)
        else:
            _synchronize(world, issue, pull, actor, new)
    for issue, pull in world.open_pulls(repo):
        if pull.base_ref != branch:
            continue
        if new is None:
            close(world, issue, actor)
        elif repo.store.is_ancestor(pull.head_sha, new):
            mark_merged(world, issue, pull, actor, new)


def _synchronize(world: World, issue: Issue, pull: Pull, actor: Account, new: str) -> None:
    old, pull.head_sha = pull.head_sha, new
    base = issue.repo.store.branch(pull.base_ref)
    assert base is not None, "an open pull request has a base"
    publish_head(issue, pull)
    issue.updated = world.clock.now()
    if issue.repo.store.is_ancestor(new, base):
        close(world, issue, actor)
        return
    pull.base_sha = base
    pull_event(world, issue, "synchronize", actor, before=old, after=new)


def publish_head(issue: Issue, pull: Pull) -> None:
    """Brings a fork's commits over, and points refs/pull/N/head at them."""
    if pull.head_repo is not None and pull.head_repo is not issue.repo:
        issue.repo.store.run("fetch", "--quiet", str(pull.head_repo.store.path), pull.head_sha)
    issue.repo.store.move(f"refs/pull/{issue.number}/head", pull.head_sha)


def close(world: World, issue: Issue, actor: Account) -> None:
    issue.state = "closed"
    issue.closed = issue.updated = world.clock.now()
    issue.closed_by = actor
    if issue.pull is not None:
        pull_event(world, issue, "closed", actor)


def mark_merged(world: World, issue: Issue, pull: Pull, actor: Account, sha: str) -> None:
    pull.merged, pull.merged_by, pull.merge_sha = world.clock.now(), actor, sha
    close(world, issue, actor)


def move_branch(world: World, repo: Repo, actor: Account, branch: str, new: str, old: str | None) -> None:
    """Moves a branch on the server's side. Raises GitError where it is not at `old` any more."""
    if old is not None and repo.store.branch(branch) != old:
        raise GitError(f"{branch} moved")
    repo.store.move(f"refs/heads/{branch}", new, old)
    refs_changed(world, repo, actor)


def pull_event(world: World, issue: Issue, action: str, actor: Account, **extra: Any) -> None:
    """`extra` are fields of the payload that only this action has."""
    world.emit("pull_request", action, issue.repo, actor, issue=issue, extra=extra)
