"""Comments on issues and pull requests, and reactions."""

from __future__ import annotations

from typing import Any

from tests.github_double.comments import (
    add_comment,
    add_reaction,
    edit_comment,
    find_comment,
    find_review_comment,
    remove_comment,
)
from tests.github_double.errors import ApiError, not_found
from tests.github_double.routing import Call, Page, Reply, route
from tests.github_double.state import Account, Comment, Issue
from tests.github_double.views import reaction
from tests.github_double.views_pulls import comment

_READ = "issues|pull_requests:read"
_EDIT = "issues|pull_requests:write"
_COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment_id}"


@route("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", needs=_READ)
def list_comments(call: Call) -> Page:
    issue, since = call.issue, call.query.get("since", "")
    found = [each for each in issue.comments if f"{each.updated:%Y-%m-%dT%H:%M:%SZ}" >= since]
    return Page(found, lambda each: comment(call.view, issue, each))


@route("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", needs=_EDIT, status=201)
def create_comment(call: Call) -> Any:
    made = add_comment(call.world, call.issue, call.actor, call.need("IssueComment", "body"))
    return comment(call.view, call.issue, made)


@route(f"GET {_COMMENT}", needs=_READ)
def get_comment(call: Call) -> Any:
    return comment(call.view, *find_comment(call.repo, call.number("comment_id")))


@route(f"PATCH {_COMMENT}", needs=_EDIT)
def update_comment(call: Call) -> Any:
    issue, found = find_comment(call.repo, call.number("comment_id"))
    own_or_writer(call, found.author)
    edit_comment(call.world, issue, found, call.actor, call.need("IssueComment", "body"))
    return comment(call.view, issue, found)


@route(f"DELETE {_COMMENT}", needs=_EDIT, status=204)
def delete_comment(call: Call) -> Reply:
    issue, found = find_comment(call.repo, call.number("comment_id"))
    own_or_writer(call, found.author)
    remove_comment(call.world, issue, found, call.actor)
    return Reply(None, 204)


def own_or_writer(call: Call, author: Account) -> None:
    """Raises ApiError 403 for other people's words, unless the caller may write to the repository."""
    installed = call.credential is not None and call.credential.installation is not None
    if call.actor is not author and not installed and call.repo.role(call.actor) in ("none", "read", "triage"):
        raise ApiError(403, "Must have admin rights to Repository.")


def _reactions(call: Call, target: Comment | Issue) -> Page:
    content = call.query.get("content")
    found = [each for each in target.reactions if content in (None, each.content)]
    return Page(found, lambda each: reaction(call.view, each))


def _react(call: Call, target: Comment | Issue) -> Reply:
    made, new = add_reaction(call.world, target, call.actor, call.need("Reaction", "content"))
    return Reply(reaction(call.view, made), 201 if new else 200)


def _unreact(call: Call, target: Comment | Issue) -> Reply:
    for each in target.reactions:
        if each.id == call.number("reaction_id"):
            target.reactions.remove(each)
            return Reply(None, 204)
    raise not_found()


@route(f"GET {_COMMENT}/reactions", needs=_READ)
def list_comment_reactions(call: Call) -> Page:
    return _reactions(call, find_comment(call.repo, call.number("comment_id"))[1])


@route(f"POST {_COMMENT}/reactions", needs=_EDIT)
def react_to_comment(call: Call) -> Reply:
    return _react(call, find_comment(call.repo, call.number("comment_id"))[1])


@route(f"DELETE {_COMMENT}/reactions/{{reaction_id}}", needs=_EDIT, status=204)
def remove_comment_reaction(call: Call) -> Reply:
    return _unreact(call, find_comment(call.repo, call.number("comment_id"))[1])


@route("GET /repos/{owner}/{repo}/issues/{issue_number}/reactions", needs=_READ)
def list_issue_reactions(call: Call) -> Page:
    return _reactions(call, call.issue)


@route("POST /repos/{owner}/{repo}/issues/{issue_number}/reactions", needs=_EDIT)
def react_to_issue(call: Call) -> Reply:
    return _react(call, call.issue)


@route("POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions", needs="pull_requests:write")
def react_to_review_comment(call: Call) -> Reply:
    return _react(call, find_review_comment(call.repo, call.number("comment_id"))[2])


@route("GET /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions", needs="pull_requests:read")
def list_review_comment_reactions(call: Call) -> Page:
    return _reactions(call, find_review_comment(call.repo, call.number("comment_id"))[2])
