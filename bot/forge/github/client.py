"""Requests to GitHub's API: each is counted, waits for rate limits, and is repeated only if that can do no harm."""

from __future__ import annotations

import json
import logging
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

import requests
from github import Auth, GithubException
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester

from bot.forge.github.host import RequestPacing

# PyGithub logs whole answers for debugging, and one of them is an App's new token.
logging.getLogger("github.Requester").setLevel(logging.INFO)

ATTEMPTS = 3
"""How often a request is sent, if it may be repeated."""
GONE = 404
UNPROCESSABLE = 422
_BAD_GATEWAY = 500
# GitHub asks for at least a minute if it does not say how long.
_DEFAULT_WAIT_SECONDS = 60.0

Made = TypeVar("Made")
Found = TypeVar("Found")


class RenewableAuth(Auth.Auth):
    """A token that can be replaced."""

    @abstractmethod
    def renew(self) -> None:
        """Forgets the token, which the server refused."""


class RateLimitError(Exception):
    """GitHub asks to wait for `seconds`, which is longer than this run may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"rate limited for {seconds:.0f} s")
        self.seconds = seconds


class Client(Requester):
    """PyGithub's requester with rules of its own. Not safe for use by several threads."""

    def __init__(self, auth: Auth.Auth, api_url: str, pacing: RequestPacing) -> None:
        super().__init__(
            auth=auth,
            base_url=api_url,
            timeout=60,
            user_agent="amts",
            per_page=100,
            verify=True,
            retry=None,
            pool_size=None,
            seconds_between_requests=pacing.between_requests,
            seconds_between_writes=pacing.between_writes,
            lazy=True,
            api_version="2022-11-28",
        )
        self.calls = 0
        """How many requests were sent."""
        self._pacing = pacing

    def requestJson(  # noqa: N802
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
        input: Any | None = None,
        cnx: HTTPRequestsConnectionClass | HTTPSRequestsConnectionClass | None = None,
        follow_302_redirect: bool = False,
    ) -> tuple[int, dict[str, Any], str]:
        """All of PyGithub's requests go through this method. A request that GitHub refused for a rate limit or an
        expired token had no effect, and is sent again. After any other failure, only an idempotent request is
        repeated."""
        repeatable = verb != "POST" or url == self.graphql_url
        waited, failures, renewed = 0.0, 0, False
        while True:
            self.calls += 1
            try:
                answer = super().requestJson(verb, url, parameters, headers, input, cnx, follow_302_redirect)
            except requests.RequestException:
                failures += 1
                if not repeatable or failures == ATTEMPTS:
                    raise
                continue
            status = answer[0]
            wait = _rate_limit(*answer)
            if wait is not None:
                waited += wait
                if waited > self._pacing.max_wait:
                    raise RateLimitError(wait)
                self._pacing.sleep(wait)
            elif status == requests.codes.unauthorized and isinstance(self.auth, RenewableAuth) and not renewed:
                self.auth.renew()
                renewed = True
            elif status >= _BAD_GATEWAY and repeatable and failures + 1 < ATTEMPTS:
                failures += 1
            else:
                return answer

    def ensure(self, make: Callable[[], Made], find: Callable[[], Found | None] = lambda: None) -> Made | Found:
        """The result of `make`. If GitHub's answer is lost, `make` may have taken effect: `find` searches for the
        result before `make` is called again. Without `find`, doing it twice must be harmless."""
        attempts = 0
        while True:
            attempts += 1
            try:
                return make()
            except (requests.RequestException, GithubException) as error:
                if not uncertain(error):
                    raise
                result = find()
                if result is not None:
                    return result
                if attempts == ATTEMPTS:
                    raise

    def delete(self, path: str) -> None:
        """Deletes what the API has at a path, if anything is there."""
        with Tolerated(GONE):
            self.requestJsonAndCheck("DELETE", path)


@dataclass(frozen=True, slots=True)
class Tolerated(AbstractContextManager[None, bool]):
    """Ends its block without an error if GitHub refuses something with this status."""

    status: int

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        return isinstance(error, GithubException) and error.status == self.status


def uncertain(error: requests.RequestException | GithubException) -> bool:
    """Whether the request may have taken effect although it failed."""
    return isinstance(error, requests.RequestException) or error.status >= _BAD_GATEWAY


def _rate_limit(status: int, headers: Mapping[str, Any], output: str) -> float | None:
    """The seconds to wait if a rate limit, primary or secondary, refused the request; otherwise None."""
    if status not in (requests.codes.forbidden, requests.codes.too_many_requests):
        return None
    asked = str(headers.get("retry-after", ""))
    if asked.isdecimal():
        return float(asked)
    reset = str(headers.get("x-ratelimit-reset", ""))
    if str(headers.get("x-ratelimit-remaining")) == "0" and reset.isdecimal():
        return max(float(reset) - time.time(), 0.0) + 1.0
    if status == requests.codes.too_many_requests or Requester.isRateLimitError(_message(output)):
        return _DEFAULT_WAIT_SECONDS
    return None


def _message(output: str) -> str:
    try:
        answer = json.loads(output)
    except ValueError:
        return ""
    return str(answer.get("message", "")) if isinstance(answer, dict) else ""
