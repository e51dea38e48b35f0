"""A comment that may hold a command, as an event or a list of comments has it; one rule says who is heard."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Users, Enterprise Managed Users (`name_company`), and nothing that could mean something in a URL.
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_MAX_ID = 2**63 - 1

KNOWN_HERE = frozenset({"OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR"})
"""GitHub's `author_association` of people who have something to do with the repository. It is no permission: a
collaborator may only read, and a member who hides the membership counts as `NONE`."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that was just made by a person on a pull request. `repository` is `owner/name`; `association` is
    GitHub's `author_association`, and `created` the time as GitHub writes it, "" if nobody told."""

    repository: str
    number: int
    id: int
    author: str
    body: str
    association: str = field(default="", compare=False)
    created: str = field(default="", compare=False)

    @property
    def is_by_stranger(self) -> bool:
        """Whether the host knows nothing of the author in this repository."""
        return self.association not in (*KNOWN_HERE, "")


def why_unheard(comment: Mapping[str, Any], *, action: str = "created", on_pull_request: bool = True) -> str:
    """Why nobody's command can be in a comment, as GitHub's API describes the comment; "" if one may be. The same for a
    webhook, for a step of a workflow, and for comments that are listed later: only what a person wrote on a pull
    request counts, and only as it was first written."""
    author = comment.get("user")
    if not on_pull_request:
        return "it is no comment on a pull request"
    if action != "created":
        return f"it was not made but {action}"
    if not isinstance(author, Mapping):
        return "its author's account is gone"
    # Apps show as bots, or write in the name of a person. An account of type User may still be the bot itself, which
    # its login tells later.
    if author.get("type") != "User" or comment.get("performed_via_github_app"):
        return "no person wrote it"
    if comment.get("updated_at") != comment.get("created_at"):
        return "it was edited; a command has to be written anew"
    return ""


def read_comment(payload: Mapping[str, Any]) -> Comment | None:
    """The comment in the payload of GitHub's event `issue_comment`; None unless it is to be heard (`why_unheard`)."""
    issue, comment, repository = (_section(payload, name) for name in ("issue", "comment", "repository"))
    if why_unheard(comment, action=str(payload.get("action")), on_pull_request=bool(issue.get("pull_request"))):
        return None
    return listed_comment(repository.get("full_name"), issue.get("number"), comment)


def listed_comment(repository: object, number: object, comment: Mapping[str, Any]) -> Comment | None:
    """The comment that GitHub's API describes, of the pull request with this number; None unless it is to be heard, or
    for a name or number that GitHub does not have."""
    if why_unheard(comment):
        return None
    author, identity = _section(comment, "user").get("login"), comment.get("id")
    if not (isinstance(repository, str) and _REPOSITORY.fullmatch(repository)):
        return None
    if not (isinstance(author, str) and _LOGIN.fullmatch(author) and is_id(number) and is_id(identity)):
        return None
    texts = (comment.get(name) for name in ("body", "author_association", "created_at"))
    body, association, created = (text if isinstance(text, str) else "" for text in texts)
    assert isinstance(number, int)
    assert isinstance(identity, int)
    return Comment(repository, number, identity, author, body, association, created)


def is_id(value: object) -> bool:
    """Whether a value can be one of GitHub's ids or numbers."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MAX_ID


def _section(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = payload.get(name)
    return value if isinstance(value, Mapping) else {}
