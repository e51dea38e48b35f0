"""Comments, reactions, reviews and comments at lines, with GitHub's refusals."""

from __future__ import annotations

from typing import Any

from tests.github_double.diffs import line_at
from tests.github_double.errors import ApiError, invalid_field
from tests.github_double.pulls import check_text, diff_base
from tests.github_double.refs import pull_event
from tests.github_double.state import Account, Comment, Issue, Pull, Reaction, Repo, Review, ReviewComment
from tests.github_double.views import REACTIONS
from tests.github_double.world import World


def add_comment(world: World, issue: Issue, actor: Account, body: str) -> Comment:
    _check_body(world, "IssueComment", body)
    now = world.clock.now()
    comment = Comment(world.new_id(), actor, body, now, now)
    issue.comments.append(comment)
    issue.updated = now
    _comment_event(world, issue, comment, "created", actor)
    return comment


def edit_comment(world: World, issue: Issue, comment: Comment, actor: Account, body: str) -> None:
    _check_body(world, "IssueComment", body)
    old, comment.body, comment.updated = comment.body, body, world.clock.now()
    _comment_event(world, issue, comment, "edited", actor, changes={"body": {"from": old}})


def remove_comment(world: World, issue: Issue, comment: Comment, actor: Account) -> None:
    issue.comments.remove(comment)
    _comment_event(world, issue, comment, "deleted", actor)


def find_comment(repo: Repo, number: int) -> tuple[Issue, Comment]:
    """Raises ApiError 404."""
    for issue in repo.issues.values():
        for comment in issue.comments:
            if comment.id == number:
                return issue, comment
    raise ApiError(404, "Not Found")


def find_review_comment(repo: Repo, number: int) -> tuple[Issue, Pull, ReviewComment]:
    """Raises ApiError 404."""
    for issue in repo.issues.values():
        for comment in issue.pull.comments if issue.pull is not None else []:
            if comment.id == number and issue.pull is not None:
                return issue, issue.pull, comment
    raise ApiError(404, "Not Found")


def add_reaction(world: World, target: Comment | Issue, actor: Account, content: str) -> tuple[Reaction, bool]:
    """The reaction and whether it is new; the same one again changes nothing."""
    if content not in REACTIONS:
        raise invalid_field("Reaction", "content")
    for reaction in target.reactions:
        if reaction.author is actor and reaction.content == content:
            return reaction, False
    reaction = Reaction(world.new_id(), actor, content, world.clock.now())
    target.reactions.append(reaction)
    return reaction, True


def add_review_comment(
    world: World, issue: Issue, pull: Pull, actor: Account, fields: dict[str, Any], review: Review | None = None
) -> ReviewComment:
    """`fields` are those of the API: body, path, line, side, start_line, start_side, commit_id, subject_type. Raises
    ApiError 422 where the line is not in the diff."""
    _check_body(world, "PullRequestReviewComment", fields["body"])
    side, line, start = fields.get("side", "RIGHT"), fields.get("line"), fields.get("start_line")
    commit = fields.get("commit_id") or pull.head_sha
    if issue.repo.store.commit_of(commit) != commit:
        raise invalid_field("PullRequestReviewComment", "commit_id")
    base = diff_base(issue, pull)
    file = next((each for each in issue.repo.store.diff(base, commit) if each.path == fields["path"]), None)
    if file is None:
        raise _not_in_diff("pull_request_review_thread.path", "diff hunk can't be blank")
    subject = fields.get("subject_type", "line")
    if subject == "line" and line is None:
        raise _not_in_diff("pull_request_review_thread.line", "could not be resolved")
    place = line_at(file.patch, side, line) if line is not None else None
    if subject == "line" and place is None:
        raise _not_in_diff("pull_request_review_thread.line", "must be part of the diff")
    if start is not None and (start >= line or line_at(file.patch, fields.get("start_side", side), start) is None):
        raise _not_in_diff("pull_request_review_thread.start_line", "must precede the end line")
    now = world.clock.now()
    if review is None:
        review = Review(world.new_id(), actor, "COMMENTED", "", commit, now)
        pull.reviews.append(review)
    comment = ReviewComment(
        world.new_id(),
        actor,
        fields["body"],
        now,
        now,
        review=review.id,
        path=fields["path"],
        commit=commit,
        base=base,
        side=side,
        line=line,
        start_line=start,
        start_side=fields.get("start_side", side) if start is not None else None,
        subject=subject,
        hunk=place.hunk if place is not None else "",
        position=place.position if place is not None else None,
    )
    pull.comments.append(comment)
    return comment


def reply(world: World, pull: Pull, actor: Account, parent: ReviewComment, body: str) -> ReviewComment:
    """A further comment of a thread; replies to replies go to its head."""
    _check_body(world, "PullRequestReviewComment", body)
    head = parent.reply_to or parent.id
    now = world.clock.now()
    review = Review(world.new_id(), actor, "COMMENTED", "", parent.commit, now)
    pull.reviews.append(review)
    places = {name: getattr(parent, name) for name in ("path", "commit", "base", "side", "line", "start_line")}
    more = {name: getattr(parent, name) for name in ("start_side", "subject", "hunk", "position")}
    comment = ReviewComment(world.new_id(), actor, body, now, now, review=review.id, reply_to=head, **places, **more)
    pull.comments.append(comment)
    return comment


def add_review(
    world: World, issue: Issue, pull: Pull, actor: Account, event: str | None, body: str, comments: list[dict[str, Any]]
) -> Review:
    """`event` is APPROVE, REQUEST_CHANGES, COMMENT, or None for one that is not submitted yet."""
    if event in ("APPROVE", "REQUEST_CHANGES") and actor is issue.author:
        verb = "approve" if event == "APPROVE" else "request changes on"
        raise ApiError(422, "Unprocessable Entity", [f"Can not {verb} your own pull request"])
    if event in ("REQUEST_CHANGES", "COMMENT") and not body and not comments:
        raise ApiError(422, "Unprocessable Entity", ["Body can't be blank"])
    check_text(world, "PullRequestReview", None, body)
    states = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED", None: "PENDING"}
    submitted = world.clock.now() if event is not None else None
    review = Review(world.new_id(), actor, states[event], body, pull.head_sha, submitted)
    made: list[ReviewComment] = []
    try:
        for fields in comments:
            made.append(add_review_comment(world, issue, pull, actor, fields, review))
    except ApiError:
        pull.comments = [comment for comment in pull.comments if comment not in made]
        raise ApiError(422, "Unprocessable Entity", ["Line could not be resolved"]) from None
    pull.reviews.append(review)
    if actor in pull.reviewers and event is not None:
        pull.reviewers.remove(actor)
    return review


def request_reviewers(world: World, issue: Issue, pull: Pull, actor: Account, logins: list[str]) -> None:
    """Raises ApiError 422 for the author and for who is no collaborator."""
    for login in logins:
        account = world.accounts.get(login.lower())
        if account is issue.author:
            raise ApiError(422, "Review cannot be requested from pull request author.")
        if account is None or (login.lower() not in issue.repo.collaborators and account is not issue.repo.owner):
            raise ApiError(422, f"Reviews may only be requested from collaborators. {login} is not a collaborator.")
        if account not in pull.reviewers:
            pull.reviewers.append(account)
            pull_event(world, issue, "review_requested", actor)


def _check_body(world: World, resource: str, body: Any) -> None:
    if not isinstance(body, str) or not body.strip():
        raise invalid_field(resource, "body", "missing_field")
    check_text(world, resource, None, body)


def _not_in_diff(field: str, message: str) -> ApiError:
    errors = [{"resource": "PullRequestReviewComment", "code": "custom", "field": field, "message": message}]
    return ApiError(422, "Validation Failed", errors)


def _comment_event(world: World, issue: Issue, comment: Comment, action: str, actor: Account, **extra: Any) -> None:
    world.emit("issue_comment", action, issue.repo, actor, issue=issue, comment=comment, extra=extra)
