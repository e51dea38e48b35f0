"""From an operation of GitHub's description to the function that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.routing import Map, Rule

from tests.github_double.errors import ApiError, invalid_field, not_found
from tests.github_double.state import Account, Credential, Issue, Pull, Repo

if TYPE_CHECKING:
    from tests.github_double.views import View
    from tests.github_double.world import World

Json = Any

# These parameters contain slashes (`x-multi-segment` in the description, and a few that it forgot).
_MULTI = {"ref", "path", "basehead", "branch"}


@dataclass(frozen=True)
class Call:
    """One request: `path` holds the values of the template's parameters, `query` those after the question mark."""

    world: World
    view: View
    credential: Credential | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Json

    @property
    def actor(self) -> Account:
        """Raises ApiError 401 for a request without credentials."""
        if self.credential is None:
            raise ApiError(401, "Requires authentication")
        return self.credential.account

    @property
    def repo(self) -> Repo:
        return self.world.repo(f"{self.path['owner']}/{self.path['repo']}")

    def number(self, name: str) -> int:
        """A number in the path."""
        if not self.path[name].isdecimal():
            raise not_found()
        return int(self.path[name])

    @property
    def issue(self) -> Issue:
        issue = self.repo.issues.get(self.number("pull_number" if "pull_number" in self.path else "issue_number"))
        if issue is None:
            raise not_found()
        return issue

    @property
    def pull(self) -> tuple[Issue, Pull]:
        issue = self.issue
        if issue.pull is None:
            raise not_found()
        return issue, issue.pull

    def need(self, resource: str, name: str) -> Any:
        """A field that the body must have. Raises ApiError 422."""
        if not isinstance(self.body, dict) or self.body.get(name) is None:
            raise invalid_field(resource, name, "missing_field")
        return self.body[name]


@dataclass(frozen=True)
class Reply:
    body: Json = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """A whole list; the server cuts the page that was asked for, and `show` makes JSON of its items. `key` wraps them
    in an object with `total_count`; `most` is the highest `per_page`."""

    items: Sequence[Any]
    show: Callable[[Any], Json]
    key: str = ""


Handler = Callable[[Call], "Reply | Page | Json"]


@dataclass(frozen=True)
class Operation:
    """`template` is the description's path. For `needs` and `role` see `access.require`; empty `needs`: the handler
    decides."""

    method: str
    template: str
    handler: Handler
    needs: str
    role: str
    status: int


OPERATIONS: list[Operation] = []


def route(
    what: str, *, needs: str = "metadata:read", role: str = "read", status: int = 200
) -> Callable[[Handler], Handler]:
    """Registers the answer to `METHOD /template`."""
    method, template = what.split(" ")

    def register(handler: Handler) -> Handler:
        OPERATIONS.append(Operation(method, template, handler, needs, role, status))
        return handler

    return register


def url_map(operations: Sequence[Operation]) -> Map:
    """Finds an operation and its parameters for a path below the API's root."""
    rules = []
    for operation in operations:
        parts = []
        for part in operation.template.split("/"):
            name = part.strip("{}")
            converter = "path:" if name in _MULTI else ""
            parts.append(f"<{converter}{name}>" if part.startswith("{") else part)
        rules.append(Rule("/".join(parts), methods=[operation.method], endpoint=operation))
        if operation.template.endswith("/{path}"):  # may be empty, for the root of a repository
            root = "/".join([*parts[:-1], ""])
            rules.append(Rule(root, methods=[operation.method], endpoint=operation, defaults={"path": ""}))
    return Map(rules, strict_slashes=False, merge_slashes=False, redirect_defaults=False)
