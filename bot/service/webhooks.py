"""Webhooks of GitHub: their signatures, and the events in them. A payload may lack anything without an error."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from bot.errors import ConfigError
from bot.forge.comment import Comment, is_id, read_comment
from bot.report.commands import PREFIX

MIN_SECRET_CHARACTERS = 16
"""NIST SP 800-107 asks of a key for HMAC at least 112 bits, which 14 random bytes have; text has less in each byte."""
_SECRET_VARIABLES = ("AMTS_WEBHOOK_SECRET", "AMTS_WEBHOOK_SECRET_PREVIOUS")
# GitHub's ids are of 64 bits. No number of an event is larger, or infinite.
_MAX_NUMBER = 2**63 - 1
_MAX_DIGITS = len(str(_MAX_NUMBER)) + 1

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


class MalformedError(Exception):
    """A body that GitHub does not send, with the reason."""


def webhook_secrets(environment: Mapping[str, str]) -> tuple[bytes, ...]:
    """The secrets in AMTS_WEBHOOK_SECRET and AMTS_WEBHOOK_SECRET_PREVIOUS, one per line. While a secret is replaced,
    both the old and the new secret are valid. Raises ConfigError, which never quotes a secret, for one that is short
    enough to be guessed, and for a line that looks like several secrets, which commas once separated."""
    secrets: dict[bytes, None] = {}
    for name in _SECRET_VARIABLES:
        for number, line in enumerate(environment.get(name, "").splitlines(), 1):
            secret = line.strip()
            if secret and len(secret) < MIN_SECRET_CHARACTERS:
                raise ConfigError(
                    f"{name}: the secret on line {number} is {len(secret)} long, and could be guessed; it needs"
                    f" {MIN_SECRET_CHARACTERS} characters or more (`openssl rand -hex 32` makes a good one)"
                )
            parts = [part.strip() for part in secret.split(",")]
            if len(parts) > 1 and all(len(part) >= MIN_SECRET_CHARACTERS for part in parts):
                raise ConfigError(
                    f"{name}: line {number} looks like {len(parts)} secrets with commas between them; write one per"
                    " line, without the commas (a secret with a comma in it has to be replaced by another)"
                )
            if secret:
                # An environment may hold any bytes.
                secrets[secret.encode("utf-8", "surrogateescape")] = None
    return tuple(secrets)


def read_payload(body: bytes) -> Mapping[str, Any]:
    """The JSON object in the body of a webhook. Raises MalformedError for anything else, and for what GitHub's JSON
    never holds: numbers beyond 64 bits, infinite ones, a name twice in an object, half a character."""
    try:
        payload = json.loads(
            body.decode("utf-8"),
            parse_int=_integer,
            parse_float=_real,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
        # Half of a surrogate pair can be escaped in JSON, but written nowhere.
        json.dumps(payload, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise MalformedError("the body is not UTF-8") from None
    except RecursionError:
        raise MalformedError("the body is nested too deeply") from None
    except ValueError:
        raise MalformedError("the body is not JSON") from None
    if not isinstance(payload, dict):
        raise MalformedError("the body is no JSON object")
    return payload


def _integer(digits: str) -> int:
    if len(digits) <= _MAX_DIGITS and abs(number := int(digits)) <= _MAX_NUMBER:
        return number
    raise MalformedError(f"the body has a number of {len(digits)} digits that is above all of GitHub's")


def _real(digits: str) -> float:
    if math.isfinite(number := float(digits)):
        return number
    raise MalformedError("the body has a number that is beyond all bounds")


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedError(f"the body has the number {name}, which JSON does not know")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise MalformedError("the body names something twice in one object")
    return made


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
    """The event `name` (of the header X-GitHub-Event) with its payload. Raises MalformedError for a comment whose
    numbers are none."""
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
    for place in (("issue", "number"), ("comment", "id")):
        section = payload.get(place[0])
        if isinstance(section, Mapping) and place[1] in section and not is_id(section[place[1]]):
            raise MalformedError(f"the body's {'.'.join(place)} is no number of GitHub's")
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
