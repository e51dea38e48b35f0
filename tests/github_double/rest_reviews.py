"""Reviews, and comments at lines of a pull request."""

from __future__ import annotations

from typing import Any

from tests.github_double.comments import add_review, add_review_comment, find_review_comment, reply
from tests.github_double.errors import not_found
from tests.github_double.pulls import check_text
from tests.github_double.rest_comments import own_or_writer
from tests.github_double.routing import Call, Page, Reply, route
from tests.github_double.state import Review
from tests.github_double.views_pulls import review, review_comment

_READ = "pull_requests:read"
_EDIT = "pull_requests:write"
_PULL = "/repos/{owner}/{repo}/pulls/{pull_number}"
_COMMENT = "/repos/{owner}/{repo}/pulls/comments/{comment_id}"


@route(f"GET {_PULL}/comments", needs=_READ)
def list_review_comments(call: Call) -> Page:
    issue, pull = call.pull
    found = sorted(
        pull.comments,
        key=lambda each: (each.updated if call.query.get("sort") == "updated" else each.created, each.id),
        reverse=call.query.get("direction") == "desc",
    )
    return Page(found, lambda each: review_comment(call.view, issue, pull, each))


@route(f"POST {_PULL}/comments", needs=_EDIT, status=201)
def create_review_comment(call: Call) -> Any:
    issue, pull = call.pull
    body = call.need("PullRequestReviewComment", "body")
    if "in_reply_to" in call.body:
        parent = find_review_comment(call.repo, call.body["in_reply_to"])[2]
        made = reply(call.world, pull, call.actor, parent, body)
    else:
        call.need("PullRequestReviewComment", "path")
        call.need("PullRequestReviewComment", "commit_id")
        made = add_review_comment(call.world, issue, pull, call.actor, call.body)
    return review_comment(call.view, issue, pull, made)


@route(f"POST {_PULL}/comments/{{comment_id}}/replies", needs=_EDIT, status=201)
def create_reply(call: Call) -> Any:
    issue, pull = call.pull
    parent = find_review_comment(call.repo, call.number("comment_id"))[2]
    made = reply(call.world, pull, call.actor, parent, call.need("PullRequestReviewComment", "body"))
    return review_comment(call.view, issue, pull, made)


@route(f"GET {_COMMENT}", needs=_READ)
def get_review_comment(call: Call) -> Any:
    return review_comment(call.view, *find_review_comment(call.repo, call.number("comment_id")))


@route(f"PATCH {_COMMENT}", needs=_EDIT)
def update_review_comment(call: Call) -> Any:
    issue, pull, found = find_review_comment(call.repo, call.number("comment_id"))
    own_or_writer(call, found.author)
    body = call.need("PullRequestReviewComment", "body")
    check_text(call.world, "PullRequestReviewComment", None, body)
    found.body, found.updated = body, call.world.clock.now()
    return review_comment(call.view, issue, pull, found)


@route(f"DELETE {_COMMENT}", needs=_EDIT, status=204)
def delete_review_comment(call: Call) -> Reply:
    _, pull, found = find_review_comment(call.repo, call.number("comment_id"))
    own_or_writer(call, found.author)
    pull.comments.remove(found)
    return Reply(None, 204)


@route(f"GET {_PULL}/reviews", needs=_READ)
def list_reviews(call: Call) -> Page:
    issue, pull = call.pull
    return Page(pull.reviews, lambda each: review(call.view, issue, each))


@route(f"POST {_PULL}/reviews", needs=_EDIT)
def create_review(call: Call) -> Any:
    issue, pull = call.pull
    body = call.body or {}
    made = add_review(
        call.world,
        issue,
        pull,
        call.actor,
        body.get("event"),
        body.get("body") or "",
        [{"commit_id": body.get("commit_id")} | each for each in body.get("comments", [])],
    )
    return review(call.view, issue, made)


@route(f"GET {_PULL}/reviews/{{review_id}}", needs=_READ)
def get_review(call: Call) -> Any:
    return review(call.view, call.issue, _review(call))


@route(f"GET {_PULL}/reviews/{{review_id}}/comments", needs=_READ)
def list_comments_of_review(call: Call) -> Page:
    issue, pull = call.pull
    number = _review(call).id
    found = [each for each in pull.comments if each.review == number]
    return Page(found, lambda each: review_comment(call.view, issue, pull, each))


def _review(call: Call) -> Review:
    for each in call.pull[1].reviews:
        if each.id == call.number("review_id"):
            return each
    raise not_found()
