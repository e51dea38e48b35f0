"""A comment that may hold a command, and the event that reports it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Users, Enterprise Managed Users (`name_company`), and nothing that could mean something in a URL.
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that was just made by a person on a pull request. `repository` is `owner/name`."""

    repository: str
    number: int
    id: int
    author: str
    body: str


def read_comment(payload: Mapping[str, Any]) -> Comment | None:
    """The comment in the payload of GitHub's event `issue_comment`. None unless it is a new comment by a user on a pull
    request: comments that are edited, deleted, on issues or by bots are ignored."""
    try:
        issue, comment, author = payload["issue"], payload["comment"], payload["comment"]["user"]
        if payload["action"] != "created" or not issue.get("pull_request"):
            return None
        # Apps show as bots; an account of type User may still be the bot itself, which its login tells later.
        if author is None or author["type"] != "User" or comment.get("performed_via_github_app"):
            return None
        made = Comment(
            repository=str(payload["repository"]["full_name"]),
            number=int(issue["number"]),
            id=int(comment["id"]),
            author=str(author["login"]),
            body=str(comment["body"] or ""),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return made if _LOGIN.fullmatch(made.author) and _REPOSITORY.fullmatch(made.repository) else None
