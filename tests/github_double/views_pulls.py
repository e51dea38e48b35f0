"""JSON of pull requests, their comments and reviews, and of what CI says."""

from __future__ import annotations

from collections.abc import Sequence

from tests.github_double.clock import stamp, stamp_or_none
from tests.github_double.diffs import diff_lines, follow_line, line_at
from tests.github_double.pulls import diff_base, mergeable, pull_commits, pull_files
from tests.github_double.state import (
    CheckRun,
    Comment,
    Installation,
    Issue,
    Pull,
    Repo,
    Review,
    ReviewComment,
    Status,
)
from tests.github_double.views import Json, View, app, association, issue, repository, rollup, user


def simple_pull(view: View, item: Issue, pull: Pull) -> Json:
    """A `pull-request-simple`, as lists show it."""
    repo = item.repo
    url, web = f"{view.repo_url(repo)}/pulls/{item.number}", f"{view.repo_web(repo)}/pull/{item.number}"
    issue_url, statuses = (
        f"{view.repo_url(repo)}/issues/{item.number}",
        f"{view.repo_url(repo)}/statuses/{pull.head_sha}",
    )
    links = {
        "self": url,
        "html": web,
        "issue": issue_url,
        "comments": f"{issue_url}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{view.repo_url(repo)}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": statuses,
    }
    shared = issue(view, item)
    names = ("number", "state", "locked", "title", "user", "body", "labels", "milestone", "active_lock_reason")
    times = ("created_at", "updated_at", "closed_at", "assignee", "assignees", "author_association")
    return {
        "url": url,
        "id": pull.id,
        "node_id": f"PR_{pull.id}",
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        **{f"{name}_url": links[name] for name in ("issue", "commits", "review_comments", "review_comment")},
        **{f"{name}_url": links[name] for name in ("comments", "statuses")},
        **{name: shared[name] for name in (*names, *times)},
        "merged_at": stamp_or_none(pull.merged),
        "merge_commit_sha": pull.merge_sha,
        "requested_reviewers": [user(view, each) for each in pull.reviewers],
        "requested_teams": [],
        "head": {
            "label": f"{pull.head_owner.login}:{pull.head_ref}",
            "ref": pull.head_ref,
            "sha": pull.head_sha,
            "user": user(view, pull.head_owner),
            "repo": repository(view, pull.head_repo) if pull.head_repo is not None else None,
        },
        "base": {
            "label": f"{repo.owner.login}:{pull.base_ref}",
            "ref": pull.base_ref,
            "sha": pull.base_sha,
            "user": user(view, repo.owner),
            "repo": repository(view, repo),
        },
        "_links": {name: {"href": link} for name, link in links.items()},
        "auto_merge": None,
        "draft": pull.draft,
    }


def full_pull(view: View, item: Issue, pull: Pull, *, looked: bool = False) -> Json:
    """A `pull-request`. `looked`: this is a read that sets off the computing of `mergeable`."""
    files = pull_files(item, pull)
    fits = mergeable(view.world, item, pull) if looked else None
    state = {None: "unknown", True: "draft" if pull.draft else "clean", False: "dirty"}[fits]
    return simple_pull(view, item, pull) | {
        "merged": pull.merged is not None,
        "mergeable": fits,
        "rebaseable": fits,
        "mergeable_state": state,
        "merged_by": user(view, pull.merged_by),
        "comments": len(item.comments),
        "review_comments": len(pull.comments),
        "maintainer_can_modify": pull.maintainer_can_modify,
        "commits": len(pull_commits(item, pull)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def comment(view: View, item: Issue, each: Comment) -> Json:
    """An `issue-comment`."""
    url = f"{view.repo_url(item.repo)}/issues/comments/{each.id}"
    place = "issues" if item.pull is None else "pull"
    return {
        "url": url,
        "html_url": f"{view.repo_web(item.repo)}/{place}/{item.number}#issuecomment-{each.id}",
        "issue_url": f"{view.repo_url(item.repo)}/issues/{item.number}",
        "id": each.id,
        "node_id": f"IC_{each.id}",
        "user": user(view, each.author),
        "created_at": stamp(each.created),
        "updated_at": stamp(each.updated),
        "body": each.body,
        "author_association": association(item.repo, each.author),
        "reactions": rollup(url, each.reactions),
        "performed_via_github_app": None,
    }


def current_line(item: Issue, pull: Pull, each: ReviewComment, line: int | None) -> tuple[int, int] | None:
    """Where the comment's line is now: its number and its position in the pull request's diff. None once it was
    changed or its file moved (the comment is outdated)."""
    if line is None:
        return None
    store, base = item.repo.store, diff_base(item, pull)
    old, new = (each.commit, pull.head_sha) if each.side == "RIGHT" else (each.base, base)
    moved = next((file for file in store.diff(old, new) if each.path in (file.old_path, file.path)), None)
    if moved is not None:
        found = follow_line(moved.patch, line) if moved.path == each.path and moved.status != "removed" else None
        if found is None:
            return None
        line = found
    shown = next((file for file in store.diff(base, pull.head_sha) if file.path == each.path), None)
    place = line_at(shown.patch, each.side, line) if shown is not None else None
    return (line, place.position) if place is not None else None


def review_comment(view: View, item: Issue, pull: Pull, each: ReviewComment) -> Json:
    """A `pull-request-review-comment`; `line` and `position` are null when it is outdated."""
    url = f"{view.repo_url(item.repo)}/pulls/comments/{each.id}"
    html = f"{view.repo_web(item.repo)}/pull/{item.number}#discussion_r{each.id}"
    pull_url = f"{view.repo_url(item.repo)}/pulls/{item.number}"
    now = current_line(item, pull, each, each.line)
    start = current_line(item, pull, each, each.start_line) if each.start_line is not None else None
    shown: Json = {
        "url": url,
        "pull_request_review_id": each.review,
        "id": each.id,
        "node_id": f"PRRC_{each.id}",
        "diff_hunk": each.hunk,
        "path": each.path,
        "position": now[1] if now else (1 if each.subject == "file" else None),
        "original_position": each.position or 1,
        "commit_id": pull.head_sha if now else each.commit,
        "original_commit_id": each.commit,
        "user": user(view, each.author),
        "body": each.body,
        "created_at": stamp(each.created),
        "updated_at": stamp(each.updated),
        "html_url": html,
        "pull_request_url": pull_url,
        "author_association": association(item.repo, each.author),
        "_links": {"self": {"href": url}, "html": {"href": html}, "pull_request": {"href": pull_url}},
        "start_line": start[0] if start else None,
        "original_start_line": each.start_line,
        "start_side": each.start_side,
        "line": now[0] if now else None,
        "original_line": each.line,
        "side": each.side,
        "subject_type": each.subject,
        "reactions": rollup(url, each.reactions),
    }
    return shown | ({"in_reply_to_id": each.reply_to} if each.reply_to is not None else {})


def commentable(patch: str, side: str) -> set[int]:
    """The lines of one side of a patch that a comment may stand at."""
    lines = diff_lines(patch)
    if side == "RIGHT":
        return {line.new for line in lines if line.mark in " +"}
    return {line.old for line in lines if line.mark in " -"}


def review(view: View, item: Issue, each: Review) -> Json:
    html = f"{view.repo_web(item.repo)}/pull/{item.number}#pullrequestreview-{each.id}"
    pull_url = f"{view.repo_url(item.repo)}/pulls/{item.number}"
    shown: Json = {
        "id": each.id,
        "node_id": f"PRR_{each.id}",
        "user": user(view, each.author),
        "body": each.body,
        "state": each.state,
        "html_url": html,
        "pull_request_url": pull_url,
        "_links": {"html": {"href": html}, "pull_request": {"href": pull_url}},
        "commit_id": each.commit,
        "author_association": association(item.repo, each.author),
    }
    return shown | ({"submitted_at": stamp(each.submitted)} if each.submitted is not None else {})


def status(view: View, repo: Repo, sha: str, each: Status, *, simple: bool = False) -> Json:
    """A `status`, or as the combined status lists it a `simple-commit-status`."""
    shown: Json = {
        "url": f"{view.repo_url(repo)}/statuses/{sha}",
        "avatar_url": f"{view.web}/avatars/{each.creator.id}",
        "id": each.id,
        "node_id": f"SC_{each.id}",
        "state": each.state,
        "description": each.description,
        "target_url": each.target_url,
        "context": each.context,
        "created_at": stamp(each.created),
        "updated_at": stamp(each.created),
    }
    return shown if simple else shown | {"creator": user(view, each.creator)}


def combined_status(view: View, repo: Repo, sha: str, latest: Sequence[Status]) -> Json:
    """`latest` has each context once."""
    states = {each.state for each in latest}
    failed, waiting = bool(states & {"error", "failure"}), not states or "pending" in states
    return {
        "state": "failure" if failed else "pending" if waiting else "success",
        "statuses": [status(view, repo, sha, each, simple=True) for each in latest],
        "sha": sha,
        "total_count": len(latest),
        "repository": repository(view, repo),
        "commit_url": f"{view.repo_url(repo)}/commits/{sha}",
        "url": f"{view.repo_url(repo)}/commits/{sha}/status",
    }


def check_run(view: View, repo: Repo, each: CheckRun) -> Json:
    url, web = f"{view.repo_url(repo)}/check-runs/{each.id}", f"{view.repo_web(repo)}/runs/{each.id}"
    fields, output = each.fields, each.fields.get("output") or {}
    return {
        "id": each.id,
        "head_sha": fields["head_sha"],
        "node_id": f"CR_{each.id}",
        "external_id": fields.get("external_id", ""),
        "url": url,
        "html_url": web,
        "details_url": fields.get("details_url", web),
        "status": fields.get("status", "queued"),
        "conclusion": fields.get("conclusion"),
        "started_at": fields.get("started_at"),
        "completed_at": fields.get("completed_at"),
        "output": {
            **{name: output.get(name) for name in ("title", "summary", "text")},
            "annotations_count": len(output.get("annotations", [])),
            "annotations_url": f"{url}/annotations",
        },
        "name": fields["name"],
        "check_suite": {"id": each.app.id},
        "app": app(view, each.app),
        "pull_requests": [],
    }


def installation(view: View, each: Installation) -> Json:
    url = f"{view.api}/app/installations/{each.id}"
    return {
        "id": each.id,
        "account": user(view, each.account),
        "repository_selection": "all" if each.repositories is None else "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{view.api}/installation/repositories",
        "html_url": f"{view.web}/settings/installations/{each.id}",
        "app_id": each.app.id,
        "app_slug": each.app.slug,
        "target_id": each.account.id,
        "target_type": each.account.kind,
        "permissions": each.app.permissions,
        "events": ["issue_comment", "pull_request", "push"],
        "created_at": stamp(each.created),
        "updated_at": stamp(each.created),
        "single_file_name": None,
        "suspended_by": None,
        "suspended_at": None,
    }
