"""Payloads of webhooks."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.github_double.clock import stamp
from tests.github_double.state import Account, Comment, Installation, Issue, Repo
from tests.github_double.store import Commit, Signature
from tests.github_double.views import Json, View, issue, repository, user
from tests.github_double.views_pulls import comment, full_pull, installation
from tests.github_double.world import Event

_ZERO = "0" * 40


def full_payload(view: View, event: Event) -> Json:
    """The payload of an event that the world emitted."""
    facts = event.facts
    payload: Json = {"action": event.action} if event.action is not None else {}
    if event.repo is not None:
        payload["repository"] = repository(view, event.repo)
    if event.name == "push":
        assert event.repo is not None
        payload |= _push(view, event.repo, event.sender, facts["ref"], facts["before"], facts["after"])
    elif event.name == "pull_request":
        payload |= _pull(view, facts["issue"]) | facts["extra"]
    elif event.name == "issue_comment":
        payload |= _comment(view, facts["issue"], facts["comment"]) | facts["extra"]
    else:
        assert event.name == "installation", f"no payload for {event.name}"
        payload |= _installation(view, facts["installation"])
    return payload | {"sender": user(view, event.sender)}


def ping_payload(view: View, url: str) -> Json:
    """What a webhook gets when it is set up."""
    now = stamp(view.world.clock.now())
    hook = {
        "type": "Repository",
        "id": 1,
        "name": "web",
        "active": True,
        "events": ["*"],
        "config": {"content_type": "json", "insecure_ssl": "0", "url": url},
        "created_at": now,
        "updated_at": now,
    }
    return {"zen": "Design for failure.", "hook_id": 1, "hook": hook}


def _push(view: View, repo: Repo, actor: Account, name: str, old: str, new: str) -> Json:
    """At most the 2,048 newest commits, oldest first. `forced` where the new tip does not contain the old one."""
    store = repo.store
    created, deleted = old == _ZERO, new == _ZERO
    if deleted or created:
        start = store.branch(store.default_branch)
        commits = store.between(start, new)[-2048:] if created and start and start != new else []
    else:
        commits = store.between(old, new)[-2048:]
    web = view.repo_web(repo)
    pusher = {"name": actor.login, "email": actor.email or actor.noreply}
    return {
        "ref": name,
        "before": old,
        "after": new,
        "base_ref": None,
        "compare": f"{web}/compare/{old[:12]}...{new[:12]}",
        "created": created,
        "deleted": deleted,
        "forced": not created and not deleted and not store.is_ancestor(old, new),
        "pusher": pusher,
        "commits": [_pushed_commit(view, repo, each) for each in commits],
        "head_commit": _pushed_commit(view, repo, store.commit(new)) if not deleted else None,
    }


def _pushed_commit(view: View, repo: Repo, item: Commit) -> Json:
    files = repo.store.diff(item.parents[0], item.sha) if item.parents else []
    moved = [file.old_path for file in files if file.old_path is not None]
    return {
        "id": item.sha,
        "tree_id": item.tree,
        "distinct": True,
        "message": item.message,
        "timestamp": stamp(datetime.fromtimestamp(item.committer.when, UTC)),
        "url": f"{view.repo_web(repo)}/commit/{item.sha}",
        "author": _person(item.author),
        "committer": _person(item.committer),
        "added": [file.path for file in files if file.status in ("added", "renamed")],
        "removed": [file.path for file in files if file.status == "removed"] + moved,
        "modified": [file.path for file in files if file.status == "modified"],
    }


def _person(item: Signature) -> Json:
    return {"name": item.name, "email": item.email}


def _pull(view: View, item: Issue) -> Json:
    assert item.pull is not None
    return {"number": item.number, "pull_request": full_pull(view, item, item.pull)}


def _comment(view: View, item: Issue, each: Comment) -> Json:
    """On an issue or a pull request."""
    shown = issue(view, item)
    del shown["closed_by"]  # only the API tells
    return {"issue": shown, "comment": comment(view, item, each)}


def _installation(view: View, item: Installation) -> Json:
    repos = [each for each in view.world.repos.values() if each.owner is item.account]
    reached = [each for each in repos if item.repositories is None or each.full_name in item.repositories]
    shown = [
        {
            "id": each.id,
            "node_id": f"R_{each.id}",
            "name": each.name,
            "full_name": each.full_name,
            "private": each.private,
        }
        for each in reached
    ]
    return {"installation": installation(view, item), "repositories": shown, "requester": None}
