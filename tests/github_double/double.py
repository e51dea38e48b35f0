"""The double itself: starts and stops the server, and lets a test arrange and look at everything."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.github_double.clock import Clock
from tests.github_double.events import full_payload, ping_payload
from tests.github_double.faults import Faults
from tests.github_double.openapi import Description, description
from tests.github_double.people import Files, Person
from tests.github_double.routing import Call, Operation, Reply
from tests.github_double.server import Application, Exchange
from tests.github_double.state import App, Installation, Issue, Pull, Repo
from tests.github_double.views import View
from tests.github_double.webhooks import Webhooks
from tests.github_double.world import Limits, World

APP_PERMISSIONS = {
    "metadata": "read",
    "contents": "write",
    "issues": "write",
    "pull_requests": "write",
    "statuses": "write",
    "checks": "write",
}


class _QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: the double keeps its `exchanges` instead."""


class GitHubDouble(AbstractContextManager["GitHubDouble"]):
    """A GitHub on one loopback port. `folder` will hold its bare repositories. `violations` lists every message that
    GitHub's description does not allow; a test must find it empty."""

    def __init__(self, folder: Path, described: Description | None = None) -> None:
        self.world = World(folder)
        self.faults = Faults()
        self.webhooks = Webhooks()
        self.exchanges: list[Exchange] = []
        self.violations: list[str] = []
        self._description = described or description()
        self.world.announce = self._announce
        self._server: BaseWSGIServer | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        self._server = make_server("127.0.0.1", 0, Application(self), threaded=True, request_handler=_QuietHandler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.webhooks.stop()

    @property
    def url(self) -> str:
        """Of the site, of git, and of the API as api.github.com has it."""
        assert self._server is not None, "the double is not started"
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def enterprise_url(self) -> str:
        """Of the API as GitHub Enterprise has it."""
        return f"{self.url}/api/v3"

    @property
    def clock(self) -> Clock:
        """Dates what happens; `token_clock` ages tokens."""
        return self.world.clock

    @property
    def token_clock(self) -> Clock:
        return self.world.token_clock

    @property
    def limits(self) -> Limits:
        return self.world.limits

    def clone_url(self, repo: str) -> str:
        return f"{self.url}/{repo}.git"

    def create_repo(
        self,
        full_name: str,
        files: Files | None = None,
        *,
        source: Path | None = None,
        branch: str = "main",
        private: bool = False,
        collaborators: Mapping[str, str] | None = None,
    ) -> Repo:
        """A new repository: with a first commit of `files`, or with all of `source` (a repository's path or a bundle).
        `collaborators` maps logins to roles."""
        repo = self.world.add_repo(full_name, source=source, branch=branch, private=private)
        for login, role in (collaborators or {}).items():
            self.set_role(full_name, login, role)
        if files is not None:
            self.as_user(repo.owner.login).push(full_name, branch, files, "First commit")
        return repo

    def fork(self, full_name: str, owner: str) -> Repo:
        """A fork of the same name under another account."""
        parent = self.world.repo(full_name)
        branch = parent.store.default_branch
        return self.world.add_repo(
            f"{owner}/{parent.name}", source=parent.store.path, branch=branch, private=parent.private, fork_of=parent
        )

    def delete_repo(self, full_name: str) -> None:
        """Pull requests from it stay, with `head.repo: null`."""
        self.world.delete_repo(full_name)

    def set_role(self, repo: str, login: str, role: str) -> None:
        """none, read, triage, write, maintain or admin."""
        self.world.account(login)
        self.world.repo(repo).collaborators[login.lower()] = role

    def protect(self, repo: str, branch: str) -> None:
        """Nobody may push there directly any more."""
        self.world.repo(repo).protected.add(branch)

    def token(self, login: str, permissions: Mapping[str, str] | None = None, lifetime: float | None = None) -> str:
        """A token of a user (made if there is none of that login): classic, or fine-grained with `permissions`.
        `lifetime` in seconds of `token_clock`."""
        return self.world.token(self.world.account(login), permissions=permissions, lifetime=lifetime).token

    def create_app(
        self, slug: str, public_key: str, owner: str = "amts-org", permissions: Mapping[str, str] | None = None
    ) -> App:
        """An App whose bot is `slug[bot]`; `public_key` in PEM."""
        return self.world.add_app(slug, self.world.account(owner), public_key, permissions or APP_PERMISSIONS)

    def install_app(self, app: App, owner: str, repositories: frozenset[str] | None = None) -> Installation:
        """On all of the owner's repositories, or on those named (`owner/name`)."""
        with self.world.acting():
            installation = self.world.install(app, self.world.account(owner), repositories)
            self.world.emit("installation", "created", None, installation.account, installation=installation)
            return installation

    def expire_installation_tokens(self) -> None:
        """All that were made so far are refused from now on."""
        with self.world.lock:
            for credential in self.world.keyring.tokens.values():
                if credential.installation is not None:
                    credential.expires = self.world.token_clock.now()

    def as_user(self, login: str) -> Person:
        """Acts as this person, on the site or with git; made if there is none of that login."""
        return Person(self.world, self.world.account(login))

    def repo(self, full_name: str) -> Repo:
        return self.world.repo(full_name)

    def issue(self, repo: str, number: int) -> Issue:
        return self.world.repo(repo).issues[number]

    def pull(self, repo: str, number: int) -> Pull:
        found = self.issue(repo, number).pull
        assert found is not None, f"#{number} is an issue"
        return found

    def pulls(self, repo: str, state: str = "all") -> list[Issue]:
        """The pull requests (as issues, whose `pull` is set), oldest first; `state` is open, closed or all."""
        every = self.world.repo(repo).issues.values()
        return [each for each in every if each.pull is not None and state in ("all", each.state)]

    def check_request(self, operation: Operation, call: Call) -> None:
        where = operation.method, operation.template
        if not self._description.has(*where):
            self.violations.append(f"{' '.join(where)} is not described")
            return
        faults = self._description.request_faults(*where, call.path, call.query, call.body)
        self.violations += [f"request {' '.join(where)}: {fault}" for fault in faults]

    def check_response(self, operation: Operation, reply: Reply) -> None:
        where = operation.method, operation.template
        name = " ".join(where)
        for fault in self._description.response_faults(*where, reply.status, reply.body):
            if not excepted(name, reply.status, fault):
                self.violations.append(f"response {name} {reply.status} {fault}")

    def ping(self) -> None:
        """Greets every subscriber of webhooks."""
        view = View(self.world, self.url, self.url)
        self._deliver("ping", None, ping_payload(view, self.url))

    def _announce(self) -> None:
        """Posts what happened since the last time."""
        view = View(self.world, self.url, self.url)
        with self.world.lock:
            events = [event for event in self.world.events if self.webhooks.wants(event.name)]
            self.world.events.clear()
            payloads = [full_payload(view, event) for event in events]
        for event, payload in zip(events, payloads, strict=True):
            self._deliver(event.name, event.action, payload)

    def _deliver(self, event: str, action: str | None, payload: dict[str, Any]) -> None:
        faults = self._description.webhook_faults(event, action, payload)
        self.violations += [f"webhook {event} {action or ''}{fault}" for fault in faults]
        self.webhooks.deliver(event, payload)


@cache
def _exceptions() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text())["exception"]
    return listed


def excepted(operation: str, status: int, fault: str) -> bool:
    """Whether exceptions.toml allows this difference from the description."""
    return any(
        each["operation"] in ("*", operation) and status in each["status"] and re.search(each["fault"], fault)
        for each in _exceptions()
    )
