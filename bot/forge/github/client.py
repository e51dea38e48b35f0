"""Requests to GitHub's API: each is counted, waits for rate limits, and is repeated only if that can do no harm."""

from __future__ import annotations

import json
import logging
import math
import re
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import requests
from github import Auth, GithubException
from github.Requester import Requester

from bot.config.network import NetworkSettings
from bot.forge.github.host import RequestPacing
from bot.forge.github.transport import ApiConnection, Transport, WrongAnswerError, checked_output
from bot.network.deadline import ATTEMPTS, pause

# PyGithub logs whole answers for debugging, and one of them is an App's new token.
logging.getLogger("github.Requester").setLevel(logging.INFO)

ASKED = "x-amts-asked"
"""A header that is added to each answer: the method and the path of its request."""
GONE = 404
UNPROCESSABLE = 422
_BAD_GATEWAY = 500
# GitHub asks for at least a minute if it does not say how long.
_DEFAULT_WAIT_SECONDS = 60.0
# Each wait in a row lasts at least twice as long as the one before, whatever GitHub asks for.
_LEAST_WAIT_SECONDS = 1.0
_MAX_WAITS = 8
_PORTS = {"http": 80, "https": 443}
_NEXT_PAGE = re.compile(r"<([^<>]*)>; rel=\"next\"")

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

    def __init__(self, auth: Auth.Auth, api_url: str, pacing: RequestPacing, network: NetworkSettings) -> None:
        super().__init__(
            auth=auth,
            base_url=api_url,
            timeout=round(network.request_seconds) or 1,
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
        self._network = network
        # How many further pages a list has with the page at each address that an answer named as its next one.
        self._following: dict[str, int] = {}
        self._transports: dict[tuple[str, str, int], Transport] = {}

    def requestJson(  # noqa: N802
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
        input: Any | None = None,
        cnx: ApiConnection | None = None,
        follow_302_redirect: bool = False,
    ) -> tuple[int, dict[str, Any], str]:
        """All of PyGithub's requests go through this method. A request that GitHub refused for a rate limit or an
        expired token had no effect, and is sent again. After any other failure, only an idempotent request is
        repeated. Raises RequestException, RateLimitError, WrongAnswerError or DeadlineError."""
        repeatable = verb != "POST" or url == self.graphql_url
        transport = self._transport(cnx)
        lists, page = self._asks_for_list(verb, url, parameters)
        waited, waits, failures, renewed = 0.0, 0, 0, False
        while True:
            self.calls += 1
            transport.begin()
            try:
                # PyGithub asks no more of a connection than what a transport has.
                status, told, output = super().requestJson(
                    verb, url, parameters, headers, input, cast("ApiConnection", transport), follow_302_redirect
                )
                output = checked_output(status, told, output, lists=lists)
            except requests.RequestException:
                failures += 1
                if not repeatable or failures == ATTEMPTS:
                    raise
                pause(self._network.retry_seconds * 2 ** (failures - 1))
                continue
            wait = _rate_limit(status, told, output)
            if wait is not None:
                wait = max(wait, _LEAST_WAIT_SECONDS * 2**waits)
                waited += wait
                waits += 1
                if waited > self._pacing.max_wait or waits > _MAX_WAITS:
                    raise RateLimitError(wait)
                pause(wait, self._pacing.sleep)
            elif status == requests.codes.unauthorized and isinstance(self.auth, RenewableAuth) and not renewed:
                self.auth.renew()
                renewed = True
            elif status >= _BAD_GATEWAY and repeatable and failures + 1 < ATTEMPTS:
                failures += 1
                pause(self._network.retry_seconds * 2 ** (failures - 1))
            else:
                self._expect_next(told, page)
                return status, {**told, ASKED: f"{verb} {urlsplit(url).path}"}, output

    def requestJsonAndCheck(self, *arguments: Any, **options: Any) -> tuple[dict[str, Any], Any]:  # noqa: N802
        """Raises also WrongAnswerError for an address in an answer (of a next page, say) outside of the API."""
        try:
            return super().requestJsonAndCheck(*arguments, **options)
        except AssertionError:  # which is how PyGithub refuses an address
            raise WrongAnswerError("names an address that is not the API's") from None

    def check_page(self, number: int) -> None:
        """`number` counts the further pages of one list from 1. Raises WrongAnswerError for a list without an end."""
        if number > self._network.list_pages:
            raise WrongAnswerError(f"has no end (more than {self._network.list_pages} pages, network.list_pages)")

    def _asks_for_list(
        self, verb: str, url: str, parameters: Mapping[str, Any] | None
    ) -> tuple[bool | None, int | None]:
        """Whether it asks for a list, None if that is unknown; and the number of the page, from 0, for a list whose
        next page is at the address that the answer names. Raises WrongAnswerError for a list without an end."""
        if verb != "GET":
            return (False if url == self.graphql_url else None), None
        if not parameters and urlsplit(url).query:
            # Lists are read within each other, and GitHub gives later pages another path than the first.
            if url not in self._following:
                raise WrongAnswerError("names the next page of a list in a way that is not GitHub's")
            page = self._following.pop(url)
            self.check_page(page)
            return True, page
        if "page" in (parameters or {}):
            self.check_page(int((parameters or {})["page"]) - 1)
            return True, None
        is_list = "per_page" in (parameters or {})
        return is_list, 0 if is_list else None

    def _expect_next(self, headers: Mapping[str, Any], page: int | None) -> None:
        following = _NEXT_PAGE.search(str(headers.get("link", "")))
        if page is not None and following is not None:
            # Of two lists that lead to the same address, neither begins the other anew.
            self._following[following[1]] = max(self._following.get(following[1], 0), page + 1)

    def _transport(self, asked: ApiConnection | None) -> Transport:
        """To the API; or where PyGithub's connection `asked` would lead, which has no limits."""
        base = urlsplit(self.base_url)
        place = base.scheme, base.hostname or "", base.port or _PORTS[base.scheme]
        if asked is not None:
            place = asked.protocol, asked.host, asked.port
        if place not in self._transports:
            self._transports[place] = Transport(*place, self._network)
        return self._transports[place]

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
    asked = _seconds(headers.get("retry-after"))
    if asked is not None:
        return asked
    reset = _seconds(headers.get("x-ratelimit-reset"))
    if str(headers.get("x-ratelimit-remaining")) == "0" and reset is not None:
        return max(reset - time.time(), 0.0) + 1.0
    if status == requests.codes.too_many_requests or Requester.isRateLimitError(_message(output)):
        return _DEFAULT_WAIT_SECONDS
    return None


def _seconds(value: object) -> float | None:
    """The seconds, 0 at least, that a header gives as a number or (from now) as a date; None if it gives neither."""
    text = str(value or "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError, OSError):
            return None
    return None if math.isnan(seconds) else max(seconds, 0.0)


def _message(output: str) -> str:
    try:
        answer = json.loads(output)
    except ValueError:
        return ""
    return str(answer.get("message", "")) if isinstance(answer, dict) else ""
