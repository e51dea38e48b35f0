"""The section `network` of amts.yaml: how long AMTS waits for other machines."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.config.validation import Section

Seconds = Annotated[float, Field(gt=0, le=604_800)]


class NetworkSettings(Section):
    """Limits of every call to another machine: whatever a server does, each call ends within them, and a later run goes
    on from there."""

    connect_seconds: Seconds = 10.0
    """How long a server may take to accept a connection."""
    silence_seconds: Seconds = 120.0
    """A connection over which nothing comes for so long (for git over http: less than 100 bytes a second) is given
    up."""
    request_seconds: Seconds = 120.0
    """How long an answer of GitHub's API, of S3 or of a translation service may take to arrive whole."""
    answer_megabytes: Annotated[float, Field(gt=0, le=100_000)] = 256.0
    """The largest answer of an API that is read."""
    list_pages: Annotated[int, Field(ge=1)] = 1000
    """How many further pages of one list are read: a list that never ends is an error."""
    transfer_minutes: Annotated[float, Field(gt=0, le=10_080)] = 30.0
    """How long one transfer of git (a clone, fetch or push, by whatever protocol) may take."""
    sync_hours: Annotated[float, Field(gt=0, le=168)] = 4.0
    """How long one sync of a language, or one command in a comment, may take; a later run goes on. Time in which it
    only waits for a batch job does not count: that has its own limit, `timeout_hours` of the engine."""
    retry_seconds: Annotated[float, Field(ge=0, le=3600)] = 1.0
    """The pause before a failed call is tried again; it doubles each time."""


NETWORK = NetworkSettings()
"""The limits of a program without a configuration."""
