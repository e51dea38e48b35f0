"""Webhooks of GitHub: their signatures, and the events in them. A payload may lack anything without an error."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.forge.comment import Comment, read_comment
from bot.report.commands import PREFIX

ACTED_ON = ("push", "pull_request", "issue_comment", "installation", "installation_repositories", "ping")
"""Names of the events that are read."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who caused an event. `kind` is GitHub's type of the account."""

    login: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PushEvent:
    """A branch got new commits; `committer` is the mail address of the last commit's committer."""

    repo: str
    branch: str
    committer: str
    sender: Sender


@dataclass(frozen=True, slots=True)
class PullRequestEnded:
    """A pull request from `branch` was closed, merged or reopened."""

    repo: str
    branch: str
    sender: Sender


@dataclass(frozen=True, slots=True)
class Commented:
    """A new comment may hold a command."""

    comment: Comment


@dataclass(frozen=True, slots=True)
class Installed:
    """The App was installed in repositories; in everything that `account` owns if `repos` is empty."""

    account: str
    repos: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pinged:
    """A webhook was set up."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do, with the reason."""

    reason: str


Event = PushEvent | PullRequestEnded | Commented | Installed | Pinged | Ignored


def webhook_secrets(environment: Mapping[str, str]) -> tuple[bytes, ...]:
    """The secrets in AMTS_WEBHOOK_SECRET and AMTS_WEBHOOK_SECRET_PREVIOUS, each a list with commas. While a secret is
    replaced, both the old and the new secret are valid."""
    given = ",".join(environment.get(name, "") for name in ("AMTS_WEBHOOK_SECRET", "AMTS_WEBHOOK_SECRET_PREVIOUS"))
    return tuple(dict.fromkeys(secret.strip().encode() for secret in given.split(",") if secret.strip()))


def sign(body: bytes, secret: bytes) -> str:
    """The value of X-Hub-Signature-256 for a body."""
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, signature: str, secrets: Sequence[bytes]) -> bool:
    """Whether the raw body was signed with one of the secrets (GitHub: "Validating webhook deliveries"). Takes the same
    time for every signature: each secret is tried, in constant time."""
    given = signature.encode("utf-8", "replace")
    matches = [hmac.compare_digest(sign(body, secret).encode(), given) for secret in secrets]
    return True in matches


def read_event(name: str, payload: Mapping[str, Any]) -> Event:
    """The event `name` (of the header X-GitHub-Event) with its payload."""
    match name:
        case "ping":
            return Pinged()
        case "push":
            return _push(payload)
        case "pull_request":
            return _pull_request(payload)
        case "issue_comment":
            return _comment(payload)
        case "installation" | "installation_repositories":
            return _installation(payload)
        case _:
            return Ignored("the service does not act on this event")


def _push(payload: Mapping[str, Any]) -> Event:
    ref = _text(payload, "ref")
    if not ref.startswith("refs/heads/"):
        return Ignored("not a branch")
    if payload.get("deleted") is True:
        return Ignored("the branch was deleted")
    branch = ref.removeprefix("refs/heads/")
    committer = _text(payload, "head_commit", "committer", "email")
    return PushEvent(_text(payload, "repository", "full_name"), branch, committer, _sender(payload))


def _pull_request(payload: Mapping[str, Any]) -> Event:
    action = _text(payload, "action")
    if action not in ("closed", "reopened"):
        return Ignored("the pull request was neither closed nor reopened")
    repo = _text(payload, "repository", "full_name")
    if _text(payload, "pull_request", "head", "repo", "full_name").lower() != repo.lower():
        return Ignored("the pull request comes from a fork")
    return PullRequestEnded(repo, _text(payload, "pull_request", "head", "ref"), _sender(payload))


def _comment(payload: Mapping[str, Any]) -> Event:
    comment = read_comment(payload)
    if comment is None:
        return Ignored("only new comments of people on pull requests are read")
    return Commented(comment) if comment.body.startswith(PREFIX) else Ignored("the comment holds no command")


def _installation(payload: Mapping[str, Any]) -> Event:
    if _text(payload, "action") not in ("created", "unsuspend", "new_permissions_accepted", "added"):
        return Ignored("the App did not come to a repository")
    listed = [*_list(payload, "repositories"), *_list(payload, "repositories_added")]
    names = frozenset(_text(repository, "full_name") for repository in listed if isinstance(repository, Mapping))
    return Installed(_text(payload, "installation", "account", "login"), names - {""})


def _sender(payload: Mapping[str, Any]) -> Sender:
    return Sender(_text(payload, "sender", "login"), _text(payload, "sender", "type"))


def _text(payload: Mapping[str, Any], *keys: str) -> str:
    value: Any = payload
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


def _list(payload: Mapping[str, Any], key: str) -> list[Any]:
    value = payload.get(key)
    return value if isinstance(value, list) else []
