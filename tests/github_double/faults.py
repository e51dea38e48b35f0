"""Failures on request: which call fails is counted, so that a test gets the same one every time.

A call is one HTTP request, be it of the API or of git. `after` faults strike when the request has taken effect: the
work is done, and only the answer is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tests.support.bad_server import MANNERS, Manner


@dataclass(frozen=True)
class Answer:
    """What is sent instead; `drop` closes the connection without a word, `manner` is given it."""

    status: int = 502
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    manner: Manner | None = None

    text: str = ""
    """A plain text in place of `body`."""

    def data(self) -> bytes:
        return self.text.encode() if self.text else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Effect:
    """`answer` is made from the time of the double (seconds since 1970); `after`: the request takes effect first."""

    name: str
    answer: Callable[[int], Answer]
    after: bool = False


def _bad_gateway(_: int) -> Answer:
    return Answer(502, {"message": "Server Error"})


def bad_gateway(*, after: bool = False) -> Effect:
    """A 502, before or after the request took effect."""
    return Effect("502 after" if after else "502", _bad_gateway, after)


def dropped(*, after: bool = False) -> Effect:
    """The connection closes without an answer."""
    return Effect("dropped after" if after else "dropped", lambda _: Answer(drop=True), after)


def bad_manners(name: str, *, after: bool = False) -> Effect:
    """One of `tests.support.bad_server.MANNERS`, for a call of the API or of git."""
    return Effect(f"{name} after" if after else name, lambda _: Answer(manner=MANNERS[name]), after)


def refused(status: int, message: str, **headers: str) -> Effect:
    """A refusal in GitHub's words; headers as keywords (`x_github_sso`)."""
    body = {"message": message, "documentation_url": "", "status": str(status)}
    named = {header.replace("_", "-"): value for header, value in headers.items()}
    return Effect(str(status), lambda _: Answer(status, body, named))


def said_to_git(status: int, message: str) -> Effect:
    """A refusal of git's own requests, whose plain words git shows."""
    return Effect(str(status), lambda _: Answer(status, text=message))


def primary_limit(*, status: int = 403, reset_in: int = 3600) -> Effect:
    """The hour's requests are used up; `reset_in` in seconds."""

    def answer(now: int) -> Answer:
        headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(now + reset_in)}
        message = (
            "API rate limit exceeded for user ID 1. If you reach out to GitHub Support for help, please include it."
        )
        return Answer(status, {"message": message, "documentation_url": _LIMITS}, headers)

    return Effect("primary rate limit", answer)


def secondary_limit(*, retry_after: int | None = 1, status: int = 403) -> Effect:
    """Too much at once; `retry_after` in seconds, None where GitHub does not say."""
    headers = {"retry-after": str(retry_after)} if retry_after is not None else {}
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    body = {"message": message, "documentation_url": _LIMITS}
    return Effect("secondary rate limit", lambda _: Answer(status, body, headers))


def forbidden(message: str = "Resource not accessible by integration") -> Effect:
    return Effect("403", lambda _: Answer(403, {"message": message, "documentation_url": "", "status": "403"}))


def unauthorized() -> Effect:
    """The token is expired or revoked."""
    return Effect(
        "401", lambda _: Answer(401, {"message": "Bad credentials", "documentation_url": "", "status": "401"})
    )


_LIMITS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"


@dataclass
class _Plan:
    effect: Effect
    method: str
    path: re.Pattern[str]
    skip: int
    times: int


class Faults:
    """The scripted failures of one double."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._plans: list[_Plan] = []
        self._at_call: dict[int, Effect] = {}
        self._calls = 0
        self.struck: list[tuple[str, str, str]] = []
        """Method, path and effect of each failure that happened."""

    @property
    def calls(self) -> int:
        """How many requests there were so far, of the API and of git."""
        return self._calls

    def on(self, method: str, path: str, effect: Effect, *, skip: int = 0, times: int = 1) -> None:
        """The next `times` matching requests fail, after `skip` that don't. `path` is a regular expression, searched in
        the path below the API's root (for git: the whole path); `method` `*` is any."""
        with self._lock:
            self._plans.append(_Plan(effect, method, re.compile(path), skip, times))

    def at_call(self, number: int, effect: Effect) -> None:
        """The request with this number fails, counted from 1 at the double's start (see `calls`)."""
        with self._lock:
            self._at_call[number] = effect

    def clear(self) -> None:
        with self._lock:
            self._plans.clear()
            self._at_call.clear()

    def next(self, method: str, path: str) -> Effect | None:
        """Counts a request; the failure that it meets, if any."""
        with self._lock:
            self._calls += 1
            effect = self._at_call.pop(self._calls, None) or self._planned(method, path)
            if effect is not None:
                self.struck.append((method, path, effect.name))
            return effect

    def _planned(self, method: str, path: str) -> Effect | None:
        for plan in self._plans:
            if plan.times and plan.method in ("*", method) and plan.path.search(path):
                if plan.skip:
                    plan.skip -= 1
                    continue
                plan.times -= 1
                return plan.effect
        return None
