"""The section `service` of amts.yaml: the schedule and the limits of the long-running service."""

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
    """The service's address, and its limits for clients. Of several configurations, the first one counts."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """The address to listen at. TLS is the business of a reverse proxy."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """The port to listen at; 0 for a free one."""
    max_body: Annotated[int, Field(ge=1024, le=26_214_400)] = 2_097_152
    """The largest webhook in bytes; GitHub sends up to 25 MiB."""
    receive_seconds: Annotated[float, Field(gt=0)] = 10.0
    """How long a client may take to send a request."""
    max_connections: Annotated[int, Field(ge=2)] = 512
    """With more connections than this, the connection that has been sending for longest is closed."""
    deliveries: Annotated[int, Field(ge=1)] = 10_000
    """How many webhooks are remembered: none is acted on twice."""


class ServiceSettings(Section):
    """`amts run`: when the repositories are polled, and when a book counts as stale. The webhooks' secret is read from
    AMTS_WEBHOOK_SECRET, never from this file."""

    every_minutes: Annotated[float, Field(gt=0)] = 15.0
    """How often the repositories are polled. Webhooks are quicker; polling makes up for lost ones."""
    cron: Annotated[str, AfterValidator(_check_cron)] = ""
    """When the repositories are polled, as in a crontab; replaces `every_minutes`."""
    jitter_seconds: Annotated[float, Field(ge=0)] = 30.0
    """Each poll is delayed by up to so many seconds, which spreads the polls of several languages."""
    timezone: Annotated[str, AfterValidator(_check_timezone)] = "UTC"
    """The time zone of `cron` and `windows`."""
    windows: Mapping[str, tuple[Window, ...]] = {}
    """Hours in which a language (or `"*"`, any other) is synced, such as `zh: ["22:00-06:00"]`; at any time if left
    out. Changes outside of these hours are synced when they begin."""
    pending_minutes: Annotated[float, Field(gt=0)] = 5.0
    """How long to wait before checking an unfinished batch job again."""
    retry_minutes: Annotated[float, Field(gt=0)] = 1.0
    """How long to wait after a failure; each further failure doubles it, up to an hour."""
    queue: Annotated[int, Field(ge=1)] = 100
    """How many commands may wait for one language; further ones are refused and must be sent again."""
    commands_per_author: Annotated[int, Field(ge=1)] = 30
    """How many commands of one person are carried out in an hour, in one repository; the person is told so once."""
    commands_per_hour: Annotated[int, Field(ge=1)] = 120
    """How many commands of all people together are carried out in an hour, in one repository."""
    strangers_per_hour: Annotated[int, Field(ge=0)] = 20
    """How often in an hour GitHub is asked whether somebody may write of whom it knows nothing in a repository; the
    others are looked up in the list of all who may."""
    stale_hours: Annotated[float, Field(gt=0)] = 24.0
    """A language without a successful sync for so long is reported as stale."""
    stuck_hours: Annotated[float, Field(gt=0)] = 6.0
    """A sync that takes longer makes the service unhealthy; its supervisor then restarts it."""
    stop_seconds: Annotated[float, Field(ge=0)] = 60.0
    """How long a stopping service waits for work to end."""
    web: Web = Web()
    """The service's address, and its limits for clients."""
