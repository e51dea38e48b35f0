"""One GitHub: its accounts, repositories and tokens, and what follows when a branch moves."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import RLock
from typing import Any

from tests.github_double.access import Keyring
from tests.github_double.clock import Clock
from tests.github_double.errors import not_found
from tests.github_double.state import Account, App, Credential, Installation, Issue, Pull, Repo
from tests.github_double.store import Signature, Store

_STATE = ("clock", "token_clock", "limits", "keyring", "accounts", "repos", "installations", "events")


@dataclass(frozen=True)
class Event:
    """Something that happened; `facts` are what its payload is made of, see `events.full_payload`."""

    name: str
    action: str | None
    repo: Repo | None
    sender: Account
    facts: Mapping[str, Any]


@dataclass
class Limits:
    """GitHub's limits, changeable so that a test can reach them; `mergeable_after` is how many looks at a pull request
    find `mergeable: null` after it or its base moved."""

    body: int = 65_536
    title: int = 256
    pull_files: int = 3_000
    compare_files: int = 300
    pull_commits: int = 250
    mergeable_after: int = 1
    token_lifetime: float = 3_600.0
    rate: int = 5_000


class World:
    """Every access holds `lock`, except git's own transfers, which git makes safe. `clock` dates what happens, and
    `token_clock` ages tokens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = RLock()
        self.clock = Clock()
        self.token_clock = Clock()
        self.limits = Limits()
        self.keyring = Keyring()
        self.accounts: dict[str, Account] = {}
        self.repos: dict[str, Repo] = {}
        self.installations: dict[int, Installation] = {}
        self.events: list[Event] = []
        self.announce: Callable[[], None] = self.events.clear
        self._ids = count(1_000)

    def state(self) -> dict[str, Any]:
        """A copy of what the world holds, but for files and ids. `restore` takes it back, as often as one likes."""
        with self.lock:
            return deepcopy({name: vars(self)[name] for name in _STATE})

    def restore(self, state: Mapping[str, Any]) -> None:
        with self.lock:
            vars(self).update(deepcopy(dict(state)))

    def new_id(self) -> int:
        with self.lock:
            return next(self._ids)

    def account(self, login: str, kind: str = "User", email: str = "") -> Account:
        """The account of this login, a new one where there is none."""
        with self.lock:
            if login.lower() not in self.accounts:
                self.accounts[login.lower()] = Account(self.new_id(), login, kind, email)
            return self.accounts[login.lower()]

    def known(self, login: str) -> Account:
        """Raises ApiError 404 for a login that nobody has."""
        if login.lower() not in self.accounts:
            raise not_found()
        return self.accounts[login.lower()]

    def by_email(self, email: str) -> Account | None:
        """Whose commits these are."""
        for account in self.accounts.values():
            if email and email in (account.email, account.noreply):
                return account
        return None

    def repo(self, full_name: str) -> Repo:
        """Raises ApiError 404."""
        if full_name.lower() not in self.repos:
            raise not_found()
        return self.repos[full_name.lower()]

    def add_repo(
        self, full_name: str, *, source: Path | None, branch: str, private: bool, fork_of: Repo | None = None
    ) -> Repo:
        owner, _, name = full_name.partition("/")
        with self.lock:
            store = Store.create(self.folder / owner / f"{name}.git", branch, source)
            repo = Repo(self.new_id(), self.account(owner), name, store, self.clock.now(), private, fork_of)
            repo.refs = store.refs()
            self.repos[full_name.lower()] = repo
            return repo

    def delete_repo(self, full_name: str) -> None:
        """Pull requests from it stay, with a head repository of null."""
        with self.lock:
            gone = self.repos.pop(full_name.lower())
            for repo in self.repos.values():
                for issue in repo.issues.values():
                    if issue.pull is not None and issue.pull.head_repo is gone:
                        issue.pull.head_repo = None

    def token(
        self,
        account: Account,
        *,
        permissions: Mapping[str, str] | None = None,
        repositories: frozenset[str] | None = None,
        installation: Installation | None = None,
        lifetime: float | None = None,
    ) -> Credential:
        """A new token; `lifetime` in seconds, None for one that stays."""
        with self.lock:
            prefix = "ghs_" if installation is not None else "ghp_" if permissions is None else "github_pat_"
            expires = self.token_clock.now() + timedelta(seconds=lifetime) if lifetime is not None else None
            value = prefix + secrets.token_hex(18)
            credential = Credential(value, account, permissions, repositories, expires, None, installation)
            self.keyring.tokens[value] = credential
            return credential

    def add_app(self, slug: str, owner: Account, public_key: str, permissions: Mapping[str, str]) -> App:
        with self.lock:
            bot = self.account(f"{slug}[bot]", "Bot")
            app = App(self.new_id(), slug, bot, owner, public_key, dict(permissions), self.clock.now())
            self.keyring.apps[app.id] = app
            return app

    def install(self, app: App, owner: Account, repositories: frozenset[str] | None) -> Installation:
        with self.lock:
            installation = Installation(self.new_id(), app, owner, repositories, self.clock.now())
            self.installations[installation.id] = installation
            return installation

    def emit(self, name: str, action: str | None, repo: Repo | None, sender: Account, **facts: Any) -> None:
        self.events.append(Event(name, action, repo, sender, facts))

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Holds the lock; what happened meanwhile is announced once it is released, so that who is told of it can ask
        the API at once."""
        with self.lock:
            yield
        self.announce()

    def signature(self, account: Account) -> Signature:
        return Signature(account.login, account.email or account.noreply, int(self.clock.now().timestamp()))

    def open_pulls(self, repo: Repo) -> list[tuple[Issue, Pull]]:
        return [(i, i.pull) for i in repo.issues.values() if i.pull is not None and i.state == "open"]

    def pulls_from(self, repo: Repo, branch: str) -> list[tuple[Issue, Pull]]:
        """Open pull requests of any repository whose head is this branch."""
        return [
            (issue, pull)
            for base in self.repos.values()
            for issue, pull in self.open_pulls(base)
            if pull.head_repo is repo and pull.head_ref == branch
        ]
