"""Pull requests: listed, opened, changed, merged; their files, commits and reviewers."""

from __future__ import annotations

from typing import Any

from tests.github_double.comments import request_reviewers
from tests.github_double.errors import ApiError, not_found
from tests.github_double.pulls import create_pull, edit_pull, merge_pull, pull_commits, pull_files
from tests.github_double.routing import Call, Page, Reply, route
from tests.github_double.state import Issue, Pull
from tests.github_double.views_git import commit, file
from tests.github_double.views_pulls import full_pull, simple_pull

_READ = "pull_requests:read"
_EDIT = "pull_requests:write"


@route("GET /repos/{owner}/{repo}/pulls", needs=_READ)
def list_pulls(call: Call) -> Page:
    """A `head` without an owner (`branch` instead of `owner:branch`) filters nothing, as on GitHub."""
    state, head, base = (call.query.get(name) for name in ("state", "head", "base"))
    found = [(each, each.pull) for each in call.repo.issues.values() if each.pull is not None]
    if state != "all":
        found = [pair for pair in found if pair[0].state == (state or "open")]
    if head is not None and ":" in head:
        found = [pair for pair in found if f"{pair[1].head_owner.login}:{pair[1].head_ref}".lower() == head.lower()]
    if base is not None:
        found = [pair for pair in found if pair[1].base_ref == base]
    order = call.query.get("sort", "created")
    keys = {
        "created": lambda pair: (pair[0].created, pair[0].number),
        "updated": lambda pair: (pair[0].updated, pair[0].number),
        "popularity": lambda pair: (len(pair[0].comments), pair[0].number),
        "long-running": lambda pair: (pair[0].created, pair[0].number),
    }
    direction = call.query.get("direction") or ("desc" if order == "created" else "asc")
    found.sort(key=keys.get(order, keys["created"]), reverse=direction == "desc")
    return Page(found, lambda pair: simple_pull(call.view, *pair))


@route("POST /repos/{owner}/{repo}/pulls", needs=_EDIT, status=201)
def create(call: Call) -> Any:
    issue = create_pull(
        call.world,
        call.repo,
        call.actor,
        title=call.need("PullRequest", "title"),
        head=call.need("PullRequest", "head"),
        base=call.need("PullRequest", "base"),
        body=call.body.get("body"),
        draft=call.body.get("draft", False),
        maintainer_can_modify=call.body.get("maintainer_can_modify", True),
    )
    assert issue.pull is not None
    return full_pull(call.view, issue, issue.pull)


@route("GET /repos/{owner}/{repo}/pulls/{pull_number}", needs=_READ)
def get(call: Call) -> Any:
    return full_pull(call.view, *call.pull, looked=True)


@route("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", needs=_EDIT)
def update(call: Call) -> Any:
    issue, pull = call.pull
    _author_or_writer(call, issue)
    edit_pull(call.world, issue, pull, call.actor, call.body or {})
    return full_pull(call.view, issue, pull)


def _author_or_writer(call: Call, issue: Issue) -> None:
    installed = call.credential is not None and call.credential.installation is not None
    if not installed and call.actor is not issue.author and call.repo.role(call.actor) in ("none", "read"):
        raise ApiError(403, "Must have admin rights to Repository.")


@route("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", needs=_READ)
def list_files(call: Call) -> Page:
    issue, pull = call.pull
    files = pull_files(issue, pull)[: call.world.limits.pull_files]
    return Page(files, lambda each: file(call.view, call.repo, each, pull.head_sha))


@route("GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", needs=_READ)
def list_pull_commits(call: Call) -> Page:
    commits = pull_commits(*call.pull)[: call.world.limits.pull_commits]
    return Page(commits, lambda each: commit(call.view, call.repo, each))


@route("GET /repos/{owner}/{repo}/pulls/{pull_number}/merge", needs="contents:read", status=204)
def check_merged(call: Call) -> Reply:
    if call.pull[1].merged is None:
        raise not_found()
    return Reply(None, 204)


@route("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", needs="contents:write", role="write")
def merge(call: Call) -> Any:
    issue, pull = call.pull
    body = call.body or {}
    sha = merge_pull(
        call.world,
        issue,
        pull,
        call.actor,
        method=body.get("merge_method", "merge"),
        sha=body.get("sha"),
        title=body.get("commit_title"),
        message=body.get("commit_message"),
    )
    return {"sha": sha, "merged": True, "message": "Pull Request successfully merged"}


@route("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", needs=_EDIT, role="triage", status=201)
def request_reviews(call: Call) -> Any:
    issue, pull = call.pull
    request_reviewers(call.world, issue, pull, call.actor, (call.body or {}).get("reviewers", []))
    return simple_pull(call.view, issue, pull)


@route("DELETE /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", needs=_EDIT, role="triage")
def remove_reviewers(call: Call) -> Any:
    issue, pull = call.pull
    gone = {login.lower() for login in call.need("PullRequest", "reviewers")}
    pull.reviewers = [each for each in pull.reviewers if each.login.lower() not in gone]
    return simple_pull(call.view, issue, pull)


@route("GET /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", needs=_READ)
def list_reviewers(call: Call) -> Any:
    return {"users": simple_pull(call.view, *call.pull)["requested_reviewers"], "teams": []}


@route("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", needs=_READ)
def list_pulls_of_commit(call: Call) -> Page:
    pairs: list[tuple[Issue, Pull]] = [
        (each, each.pull)
        for each in call.repo.issues.values()
        if each.pull is not None and call.path["commit_sha"] in {item.sha for item in pull_commits(each, each.pull)}
    ]
    return Page(pairs, lambda pair: simple_pull(call.view, *pair))
