"""Time as the double sees it: the machine's, moved by the test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Runs like the machine's clock, ahead of it by what `advance` was given."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """An aware datetime in whole seconds, as GitHub's timestamps are."""
        return (datetime.now(UTC) + self._ahead).replace(microsecond=0)

    def advance(self, *, days: float = 0, seconds: float = 0) -> None:
        self._ahead += timedelta(days=days, seconds=seconds)


def stamp(moment: datetime) -> str:
    """ISO 8601 as GitHub writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp_or_none(moment: datetime | None) -> str | None:
    return stamp(moment) if moment is not None else None
