"""One repository on GitHub as one thread talks to it: the API, and what git needs to get in."""

from __future__ import annotations

import time
from base64 import b64encode
from datetime import datetime
from typing import Any

import jwt
from github import Auth
from github.Repository import Repository as ApiRepository

from bot.errors import RepositoryError
from bot.forge.github.client import Client, RenewableAuth
from bot.forge.github.failures import github_errors
from bot.forge.github.host import Credentials, GitHubHost
from bot.forge.github.transport import WrongAnswerError
from bot.forge.locations import repository_name

# An App's token is renewed before its hour is over: none may expire during a transfer.
_RENEWAL_MARGIN_SECONDS = 300


class Connection:
    """Not safe for use by several threads: each opens its own."""

    def __init__(self, location: str, host: GitHubHost) -> None:
        """`location` is the repository's URL. Raises RepositoryError if it is not on the host, or without
        credentials."""
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
        """The environment in which git gets in, with a token that is valid now. Raises RepositoryError."""
        with github_errors(self.name):
            return _git_environment(self._auth.token, self._host.settings.url)

    def graphql(self, query: str, **variables: object) -> dict[str, Any]:
        """The `data` of GraphQL's answer to a query or an idempotent mutation."""
        data = self.client.graphql_query(query, dict(variables))[1].get("data")
        if not isinstance(data, dict):
            raise WrongAnswerError("has no data (GraphQL)")
        return data

    def _client(self, auth: Auth.Auth) -> Client:
        return Client(auth, self._host.api_url, self._host.pacing, self._host.network)

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
        self._app = self._client(auth)
        return _InstallationAuth(self._app, self.name)


def plain_login(login: str) -> str:
    """A login in lower case, without the suffix by which only REST marks an App's bot."""
    return login.removesuffix("[bot]").lower()


class _InstallationAuth(RenewableAuth):
    """The tokens of an App's installation on one repository; `app` is authenticated as the App itself."""

    def __init__(self, app: Client, name: str) -> None:
        self._app = app
        self._name = name
        self._installation: int | None = None
        self._token = ""
        self._until = 0.0

    @property
    def token_type(self) -> str:
        return "token"

    @property
    def token(self) -> str:
        if time.time() >= self._until:
            app = self._app
            if self._installation is None:
                found = app.requestJsonAndCheck("GET", f"/repos/{self._name}/installation")[1]
                self._installation = int(found["id"])
            path = f"/app/installations/{self._installation}/access_tokens"
            # A token too many does no harm.
            answer = app.ensure(lambda: app.requestJsonAndCheck("POST", path)[1])
            self._token = answer["token"]
            self._until = datetime.fromisoformat(answer["expires_at"]).timestamp() - _RENEWAL_MARGIN_SECONDS
        return self._token

    def renew(self) -> None:
        self._until = 0.0


def _git_environment(token: str, host_url: str) -> dict[str, str]:
    """The environment in which git sends `token` to this host and to nobody else. The token stands in no URL, no
    argument and no configuration file."""
    header = "Authorization: Basic " + b64encode(f"x-access-token:{token}".encode()).decode()
    # The empty header removes headers that other configuration files send to the same host.
    settings = {"credential.helper": [""], f"http.{host_url}/.extraHeader": ["", header]}
    pairs = [(key, value) for key, values in settings.items() for value in values]
    environment = {"GIT_CONFIG_COUNT": str(len(pairs)), "GIT_TERMINAL_PROMPT": "0", "GIT_TRACE_REDACT": "1"}
    for number, (key, value) in enumerate(pairs):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return environment
