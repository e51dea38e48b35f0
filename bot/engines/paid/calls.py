"""Calls of a service that costs money: some at once, tried again where that helps, with nothing of the key in words."""

from __future__ import annotations

import math
import re
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import quote

from bot.errors import ConfigError, EngineError
from bot.network.deadline import pause
from bot.network.words import plain

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

MAX_WAIT_SECONDS = 300.0
"""A service that asks for more patience than this is asked again by a later run."""
TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""HTTP statuses after which the same request may succeed."""
_LONGEST_PAUSE_SECONDS = 60.0
_GRAM = 8


class CallError(EngineError):
    """A call failed. `transient`: the same may succeed later. `wait`: for so many seconds the service asks for
    patience. `billed`: it may have been billed all the same."""

    def __init__(
        self, message: str, *, transient: bool = False, wait: float | None = None, billed: bool = False
    ) -> None:
        super().__init__(message)
        self.transient = transient
        self.wait = wait
        self.billed = billed


def persistently(
    call: Callable[[], ResultT], attempts: int, first_pause: float, sleep: Callable[[float], None] = time.sleep
) -> ResultT:
    """The result of a call, which is tried up to so many times in all while its CallError is transient. Pauses begin at
    `first_pause` seconds and double; the service may ask for longer ones. Raises CallError, or DeadlineError if the
    limit of time in force would be over before the next try."""
    for number in range(1, attempts + 1):
        try:
            return call()
        except CallError as error:
            if not error.transient or number == attempts:
                raise
            wait = error.wait or 0.0
            if wait > MAX_WAIT_SECONDS:
                minutes = math.ceil(wait / 60)
                raise CallError(f"{error}; it asks to wait {minutes:,} minutes: run again after that") from None
            # Outside the handler, an error of the pause would hang on to this one.
            seconds = max(wait, min(first_pause * 2 ** (number - 1), _LONGEST_PAUSE_SECONDS))
        pause(seconds, sleep)
    raise AssertionError("at least one attempt")


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """The seconds that a header `Retry-After` asks for, in seconds or as a date; None for anything else."""
    if value is None:
        return None
    if re.fullmatch(r"\s*\d{1,9}(\.\d{0,9})?\s*", value, re.ASCII):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())


def at_once(items: Sequence[ItemT], work: Callable[[ItemT], ResultT], workers: int) -> list[ResultT | None]:
    """The results of work on each item, up to `workers` at the same time, within the limit of time in force. After a
    failure none begins any more, but those under way are done; then the first failure is raised."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def attempt(item: ItemT) -> ResultT | None:
        if stop.is_set():
            return None
        try:
            return work(item)
        except BaseException as error:
            stop.set()
            failures.append(error)
            return None

    with ThreadPoolExecutor(max(1, workers), thread_name_prefix="paid call") as pool:
        try:
            results = list(
                pool.map(lambda given: given[0].run(attempt, given[1]), [(copy_context(), i) for i in items])
            )
        except BaseException:
            stop.set()
            raise
    if failures:
        raise failures[0]
    return results


def key_of(environment: Mapping[str, str], name: str, engine: str, *, needed: bool = True) -> str:
    """The key of a service, from the environment alone; "" if there is none and none is needed. Raises ConfigError."""
    key = environment.get(name, "").strip()
    if not key and needed:
        raise ConfigError(
            f"the engine {engine} needs a key: set the environment variable {name} (in a GitHub Action, from a secret),"
            " or name another one by `api_key_env`"
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigError(f"the environment variable {name} holds no key: it has spaces or other odd characters in it")
    return key


def said(text: str, key: str) -> str:
    """The words of a service on one line, of a bounded length, and without any part of the key, however they write
    it."""
    return plain(without_key(text, key))


def without_key(text: str, key: str) -> str:
    """The text with stars in the place of the key: whole or in part, in any case, in quotes of an address or Base64."""
    covered = [False] * len(text)
    lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    for form in dict.fromkeys([key, quote(key, safe=""), *_base64(key)]):
        size = min(_GRAM, len(form))
        for start in range(len(form) - size + 1 if size else 0):
            gram, at = form[start : start + size].lower(), -1
            while (at := lowered.find(gram, at + 1)) >= 0:
                covered[at : at + size] = [True] * size
    shown = "".join("\0" if hidden else char for char, hidden in zip(text, covered, strict=True))
    return re.sub("\0+", "***", shown) if any(covered) else text


def _base64(key: str) -> list[str]:
    """As it may stand in a header, after zero to two other bytes."""
    return [b64encode(b"x" * before + key.encode()).decode().rstrip("=")[2:-2] for before in range(3)] if key else []
