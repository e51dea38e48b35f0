"""The section `service` of amts.yaml: what the long-running service does, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from bot.config.validation import Section

_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_CRON = re.compile(r"\S+( \S+){4}")


def window_times(window: str) -> tuple[time, time]:
    """When a window such as `22:00-06:00` opens and closes."""
    hours = _WINDOW.fullmatch(window)
    if hours is None:
        raise ValueError(f'must look like "22:00-06:00"; "{window}" does not')
    begin, end = time(int(hours[1]), int(hours[2])), time(int(hours[3]), int(hours[4]))
    if begin == end:
        raise ValueError(f'must open and close at different times; "{window}" does not')
    return begin, end


def _check_window(value: str) -> str:
    window_times(value)
    return value


def _check_cron(value: str) -> str:
    if value and not _CRON.fullmatch(value):
        raise ValueError(f'must have five fields (minute, hour, day, month, day of the week); "{value}" has not')
    return value


def _check_timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'must be a time zone such as "Europe/Madrid"; "{value}" is none') from None
    return value


Window = Annotated[str, AfterValidator(_check_window)]


class Web(Section):
    """Where the service listens, and what it puts up with. Of several configurations, the first one's counts."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """The address to listen at; a reverse proxy in front of it does TLS."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """The port to listen at; 0 for a free one."""
    max_body: Annotated[int, Field(ge=1024, le=26_214_400)] = 2_097_152
    """The largest webhook in bytes; GitHub sends up to 25 MiB."""
    receive_seconds: Annotated[float, Field(gt=0)] = 10.0
    """How long a client may take to send a request."""
    max_connections: Annotated[int, Field(ge=2)] = 512
    """Above so many connections, the one that has been sending for longest is closed."""
    deliveries: Annotated[int, Field(ge=1)] = 10_000
    """How many webhooks are remembered, so that one that comes again is not acted on again."""


class ServiceSettings(Section):
    """`amts run`: when the source is looked at, and when a book counts as stale. The webhooks' secret is read from
    AMTS_WEBHOOK_SECRET; it never stands in this file."""

    every_minutes: Annotated[float, Field(gt=0)] = 15.0
    """How often the repositories are looked at; webhooks are quicker, and this finds those that got lost."""
    cron: Annotated[str, AfterValidator(_check_cron)] = ""
    """When the repositories are looked at, as in a crontab; instead of `every_minutes`."""
    jitter_seconds: Annotated[float, Field(ge=0)] = 30.0
    """Each look is put off by up to so many seconds, so that not all happen at once."""
    timezone: Annotated[str, AfterValidator(_check_timezone)] = "UTC"
    """The time zone of `cron` and `windows`."""
    windows: Mapping[str, tuple[Window, ...]] = {}
    """Hours in which a language (or `"*"`, any other) is synced, such as `zh: ["22:00-06:00"]`; at any time where it is
    left out. What comes outside of them is found when they open."""
    pending_minutes: Annotated[float, Field(gt=0)] = 5.0
    """When to ask again for a batch job that was not finished."""
    retry_minutes: Annotated[float, Field(gt=0)] = 1.0
    """When to try again after a failure; each further failure doubles it, up to an hour."""
    queue: Annotated[int, Field(ge=1)] = 100
    """How many commands may wait for one language; further ones are refused, to be sent again."""
    stale_hours: Annotated[float, Field(gt=0)] = 24.0
    """A language without a successful sync for so long is reported as stale."""
    stuck_hours: Annotated[float, Field(gt=0)] = 6.0
    """A sync that takes longer makes the service unhealthy, so that what watches over it restarts it."""
    stop_seconds: Annotated[float, Field(ge=0)] = 60.0
    """How long the service waits for work to end when it is told to stop."""
    web: Web = Web()
    """Where the service listens, and what it puts up with."""
