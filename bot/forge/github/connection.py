"""One repository on GitHub as one thread talks to it: the API, and what git needs to get in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
from github import Auth
from github.Repository import Repository as ApiRepository

from bot.errors import RepositoryError
from bot.forge.github.auth import InstallationAuth, git_environment
from bot.forge.github.client import Client
from bot.forge.github.failures import github_errors
from bot.forge.github.host import Credentials, GitHubHost
from bot.forge.locations import repository_name


class Connection:
    """Not safe for use by several threads: each opens its own."""

    def __init__(self, location: str, host: GitHubHost) -> None:
        """`location` is the repository's URL. Raises RepositoryError where that is not on the host, or where there are
        no credentials."""
        url = host.settings.url
        self.name = repository_name(location, url)
        if not self.name:
            raise RepositoryError(f"{location}: is not a repository on {url}; give its URL, {url}/owner/name")
        self.owner = self.name.partition("/")[0]
        self.page = f"{url}/{self.name}"
        self.url = f"{self.page}.git"
        self._host = host
        self._app: Client | None = None
        self._auth = self._authentication(host.credentials)
        self.client = self._client(self._auth)
        self.api = ApiRepository(self.client, url=f"/repos/{self.name}")

    @property
    def calls(self) -> int:
        """How many requests were sent to the API."""
        return self.client.calls + (self._app.calls if self._app is not None else 0)

    def environment(self) -> dict[str, str]:
        """What git needs to get in, with a token that is valid now. Raises RepositoryError."""
        with github_errors(self.name):
            return git_environment(self._auth.token, self._host.settings.url)

    def graphql(self, query: str, **variables: object) -> dict[str, Any]:
        """The `data` of GraphQL's answer to a query or an idempotent mutation."""
        data: dict[str, Any] = self.client.graphql_query(query, dict(variables))[1]["data"]
        return data

    def _client(self, auth: Auth.Auth) -> Client:
        return Client(auth, self._host.api_url, self._host.pacing)

    def _authentication(self, credentials: Credentials) -> Auth.Auth:
        if credentials.app_id is None:
            if not credentials.token:
                raise RepositoryError(f"{self.name}: there is no token; set GITHUB_TOKEN, or use a GitHub App")
            return Auth.Token(credentials.token)
        if not credentials.app_key:
            raise RepositoryError(
                f"{self.name}: the GitHub App has no key; set AMTS_GITHUB_APP_KEY (PEM) or AMTS_GITHUB_APP_KEY_FILE"
            )
        auth = Auth.AppAuth(credentials.app_id, credentials.app_key)
        try:
            auth.create_jwt()
        except (jwt.PyJWTError, ValueError):
            raise RepositoryError(
                f"{self.name}: AMTS_GITHUB_APP_KEY is not a private key in PEM; download the App's key again"
            ) from None
        app = self._app = self._client(auth)
        return InstallationAuth(_asker(app, self.name))


def _asker(app: Client, name: str) -> Callable[[], dict[str, Any]]:
    """What gets a new token of the App's installation on a repository."""
    known: list[int] = []

    def ask() -> dict[str, Any]:
        if not known:
            known.append(app.requestJsonAndCheck("GET", f"/repos/{name}/installation")[1]["id"])
        path = f"/app/installations/{known[0]}/access_tokens"
        # A token too many does no harm.
        answer: dict[str, Any] = app.ensure(lambda: None, lambda: app.requestJsonAndCheck("POST", path)[1])
        return answer

    return ask
