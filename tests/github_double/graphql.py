"""GraphQL for what REST lacks: resolving threads, drafts, minimising comments. graphql-core runs it on schema.graphql,
so that a field or an argument that GitHub does not have is refused as GitHub would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, build_schema, graphql_sync

from tests.github_double.access import may_see, require
from tests.github_double.clock import stamp
from tests.github_double.errors import ApiError
from tests.github_double.refs import pull_event
from tests.github_double.routing import Call, Reply
from tests.github_double.state import Account, Comment, Issue, Pull, Repo, ReviewComment
from tests.github_double.views import user
from tests.github_double.views_pulls import comment, current_line, review_comment

Node = dict[str, Any]
"""An object as resolvers see it: `__typename`, and its fields as values or as functions of (info, **arguments)."""

_SCHEMA = build_schema((Path(__file__).parent / "schema.graphql").read_text())


def answer_graphql(call: Call) -> Reply:
    """Errors come with status 200, as GitHub sends them."""
    if call.credential is None:
        raise ApiError(401, "This endpoint requires you to be authenticated.")
    body = call.body or {}
    result = graphql_sync(_SCHEMA, body.get("query", ""), _Root(call).fields(), variable_values=body.get("variables"))
    shown: dict[str, Any] = {"data": result.data}
    if result.errors:
        shown["errors"] = [
            {"message": error.message, "path": error.path, **(error.extensions or {})} for error in result.errors
        ]
    return Reply(shown)


class _Root:
    """The fields of Query and Mutation for one request."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def fields(self) -> Node:
        return {
            "viewer": _account(self._call, self._call.actor),
            "node": lambda _, id: self._node(id),
            "nodes": lambda _, ids: [self._node(each) for each in ids],
            "repository": self._repository,
            "resolveReviewThread": lambda _, input: self._resolve(input, self._call.actor),
            "unresolveReviewThread": lambda _, input: self._resolve(input, None),
            "markPullRequestReadyForReview": lambda _, input: self._draft(input, False),
            "convertPullRequestToDraft": lambda _, input: self._draft(input, True),
            "minimizeComment": lambda _, input: self._minimize(input, "minimizedComment"),
            "unminimizeComment": lambda _, input: self._minimize(input, "unminimizedComment"),
        }

    def _repository(self, _: GraphQLResolveInfo[Any], owner: str, name: str) -> Node:
        found = self._call.world.repos.get(f"{owner}/{name}".lower())
        if found is None or not may_see(self._call.credential, found):
            raise _unknown(f"a Repository with the name '{owner}/{name}'")
        return _repository(self._call, found)

    def _node(self, number: str) -> Node:
        return self._find(number)[2]

    def _find(self, number: str) -> tuple[Issue, Any, Node]:
        for issue, thing, make in _everything(self._call, number.partition("_")[0]):
            if number.rpartition("_")[2] == str(thing.id) and may_see(self._call.credential, issue.repo):
                return issue, thing, make()
        raise _unknown(f"a node with the global id of '{number}'")

    def _resolve(self, given: Node, by: Account | None) -> Node:
        issue, head, _ = self._find(given["threadId"])
        self._require(issue.repo, "write")
        head.resolved_by = by
        return _payload(given, thread=self._node(given["threadId"]))

    def _draft(self, given: Node, draft: bool) -> Node:
        issue, pull, _ = self._find(given["pullRequestId"])
        if self._call.actor is not issue.author:
            self._require(issue.repo, "write")
        if pull.draft != draft:
            pull.draft = draft
            action = "converted_to_draft" if draft else "ready_for_review"
            pull_event(self._call.world, issue, action, self._call.actor)
        return _payload(given, pullRequest=self._node(given["pullRequestId"]))

    def _minimize(self, given: Node, name: str) -> Node:
        issue, found, _ = self._find(given["subjectId"])
        if self._call.actor is not found.author:
            self._require(issue.repo, "triage")
        found.minimized = given.get("classifier")
        return _payload(given, **{name: self._node(given["subjectId"])})

    def _require(self, repo: Repo, role: str) -> None:
        try:
            require(self._call.credential, repo, "pull_requests:write", role)
        except ApiError as refusal:
            raise GraphQLError(refusal.message, extensions={"type": "FORBIDDEN"}) from None


def _unknown(what: str) -> GraphQLError:
    return GraphQLError(f"Could not resolve to {what}.", extensions={"type": "NOT_FOUND"})


def _payload(given: Node, **fields: Any) -> Node:
    return fields | {"clientMutationId": given.get("clientMutationId")}


def _everything(call: Call, prefix: str) -> Iterator[tuple[Issue, Any, Callable[[], Node]]]:
    """All pull requests, comments or threads, by the prefix of their ids."""
    for repo in call.world.repos.values():
        for issue in repo.issues.values():
            pull = issue.pull
            if prefix == "IC":
                for said in issue.comments:
                    yield issue, said, partial(_comment, call, issue, said)
            elif pull is not None and prefix == "PR":
                yield issue, pull, partial(_pull, call, issue, pull)
            elif pull is not None and prefix in ("PRRC", "PRRT"):
                make = _line_comment if prefix == "PRRC" else _thread
                for each in pull.comments if prefix == "PRRC" else _heads(pull):
                    yield issue, each, partial(make, call, issue, pull, each)


def _heads(pull: Pull) -> list[ReviewComment]:
    """The first comments of the threads; a reply heads its thread once the first is deleted."""
    heads: dict[int, ReviewComment] = {}
    for each in pull.comments:
        heads.setdefault(each.reply_to or each.id, each)
    return list(heads.values())


def _account(call: Call, account: Account | None) -> Node | None:
    shown = user(call.view, account)
    if shown is None or account is None:
        return None
    return {
        "__typename": account.kind,
        "id": shown["node_id"],
        "databaseId": account.id,
        "login": account.login.removesuffix("[bot]"),  # GraphQL leaves it out, REST does not
        "url": shown["html_url"],
        "avatarUrl": shown["avatar_url"],
        "resourcePath": f"/{account.login}",
    }


def _repository(call: Call, repo: Repo) -> Node:
    def pull_request(_: GraphQLResolveInfo[Any], number: int) -> Node:
        issue = repo.issues.get(number)
        if issue is None or issue.pull is None:
            raise _unknown(f"a PullRequest with the number of {number}")
        return _pull(call, issue, issue.pull)

    return {
        "__typename": "Repository",
        "id": f"R_{repo.id}",
        "name": repo.name,
        "nameWithOwner": repo.full_name,
        "isPrivate": repo.private,
        "pullRequest": pull_request,
    }


def _pull(call: Call, issue: Issue, pull: Pull) -> Node:
    return {
        "__typename": "PullRequest",
        "id": f"PR_{pull.id}",
        "databaseId": pull.id,
        "number": issue.number,
        "title": issue.title,
        "body": issue.body or "",
        "state": "MERGED" if pull.merged is not None else issue.state.upper(),
        "isDraft": pull.draft,
        "url": f"{call.view.repo_web(issue.repo)}/pull/{issue.number}",
        "headRefName": pull.head_ref,
        "headRefOid": pull.head_sha,
        "baseRefName": pull.base_ref,
        "author": _account(call, issue.author),
        "reviewThreads": _connection(lambda: [_thread(call, issue, pull, each) for each in _heads(pull)]),
        "comments": _connection(lambda: [_comment(call, issue, each) for each in issue.comments]),
    }


def _thread(call: Call, issue: Issue, pull: Pull, head: ReviewComment) -> Node:
    inside = [each for each in pull.comments if head.id == each.id or (each.reply_to or each.id) == head.reply_to]
    inside += [each for each in pull.comments if each.reply_to == head.id and each not in inside]
    now = current_line(issue, pull, head, head.line)
    outdated = head.subject == "line" and now is None
    resolved = head.resolved_by is not None
    return {
        "__typename": "PullRequestReviewThread",
        "id": f"PRRT_{head.id}",
        "isResolved": resolved,
        "isOutdated": outdated,
        "isCollapsed": resolved or outdated,
        "path": head.path,
        "line": now[0] if now else None,
        "originalLine": head.line,
        "startLine": head.start_line,
        "diffSide": head.side,
        "resolvedBy": _account(call, head.resolved_by),
        "viewerCanResolve": not resolved,
        "viewerCanUnresolve": resolved,
        "pullRequest": _pull(call, issue, pull),
        "comments": _connection(lambda: [_line_comment(call, issue, pull, each) for each in inside]),
    }


def _line_comment(call: Call, issue: Issue, pull: Pull, each: ReviewComment) -> Node:
    shown = review_comment(call.view, issue, pull, each)
    return _shared(call, shown, each) | {
        "__typename": "PullRequestReviewComment",
        "path": each.path,
        "line": shown["line"],
        "originalLine": each.line,
        "outdated": each.subject == "line" and shown["line"] is None,
    }


def _comment(call: Call, issue: Issue, each: Comment) -> Node:
    return _shared(call, comment(call.view, issue, each), each) | {"__typename": "IssueComment"}


def _shared(call: Call, shown: dict[str, Any], each: Comment) -> Node:
    return {
        "id": shown["node_id"],
        "databaseId": each.id,
        "fullDatabaseId": str(each.id),
        "body": each.body,
        "url": shown["html_url"],
        "createdAt": stamp(each.created),
        "author": _account(call, each.author),
        "isMinimized": each.minimized is not None,
        "minimizedReason": each.minimized.lower().replace("_", "-") if each.minimized else None,
        "viewerCanMinimize": True,
    }


def _connection(every: Callable[[], list[Node]]) -> Callable[..., Node]:
    """A page of a list, cursors being positions. GitHub wants `first` or `last`, at most 100."""

    def page(info: GraphQLResolveInfo[Any], first: int | None = None, last: int | None = None, **cursors: str) -> Node:
        size = first if first is not None else last
        if size is None or not 1 <= size <= 100:
            raise GraphQLError(f"You must provide a `first` or `last` value of 1 to 100 on `{info.field_name}`.")
        nodes = every()
        start = int(cursors.get("after") or 0)
        stop = min(int(cursors.get("before") or len(nodes) + 1) - 1, len(nodes))
        start, stop = (start, min(stop, start + size)) if first is not None else (max(start, stop - size), stop)
        return {
            "nodes": nodes[start:stop],
            "totalCount": len(nodes),
            "pageInfo": {
                "hasNextPage": stop < len(nodes),
                "hasPreviousPage": start > 0,
                "startCursor": str(start + 1) if stop > start else None,
                "endCursor": str(stop) if stop > start else None,
            },
        }

    return page
