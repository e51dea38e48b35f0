"""A language's records in the bucket: the ledger, and the paid answers, which no restart pays for again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, TypeAdapter

from bot.engines.amazon.clients import Session
from bot.engines.amazon.storage import BucketStorage
from bot.engines.base import Quote

RETRY_PREFIX = "retry-"
"""Begins the names of answers to a second, single request."""


class _Reason(BaseModel):
    error: str


class _Entry(BaseModel):
    """What counts of an entry in the ledger."""

    dollars: Annotated[Decimal, Field(ge=0, le=1_000_000)]


_ANSWERS = TypeAdapter(dict[str, str | _Reason])
_ENTRY = TypeAdapter(_Entry)
_FAILURE_LIFETIME = timedelta(days=1)
"""How long a failure that the service reported counts as the answer; the sentence is then sent again."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the service gave no translation."""

    reason: str


Answer = str | Failure
"""The HTML that came back, or why none did."""


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """The answers by key, and the answers to second requests."""

    first: Mapping[str, Answer]
    second: Mapping[str, Answer]


@dataclass(frozen=True)
class Answers:
    """Files `answers/<what>.json`: key to the block's HTML, or to `{"error": reason}`."""

    session: Session
    storage: BucketStorage

    def read(self) -> KnownAnswers:
        """All answers; a later answer replaces an earlier one."""
        first: dict[str, Answer] = {}
        second: dict[str, Answer] = {}
        oldest_failure = self.session.clients.clock() - _FAILURE_LIFETIME
        for stored in sorted(self.storage.list("answers/"), key=lambda stored: (stored.modified, stored.name)):
            known = second if stored.name.startswith(f"answers/{RETRY_PREFIX}") else first
            for key, value in (self.storage.get_json(stored.name, _ANSWERS) or {}).items():
                if isinstance(value, str):
                    known[key] = value
                elif stored.modified > oldest_failure:
                    known.setdefault(key, Failure(value.error))
        return KnownAnswers(first, second)

    def write(self, what: str, answers: Mapping[str, Answer]) -> None:
        values = {
            key: answer if isinstance(answer, str) else {"error": answer.reason} for key, answer in answers.items()
        }
        self.storage.put_json(_name(what), values)

    def has(self, what: str) -> bool:
        name = _name(what)
        return any(stored.name == name for stored in self.storage.list(name))


def _name(what: str) -> str:
    return f"answers/{what}.json"


@dataclass(frozen=True)
class Ledger:
    """One file for each paid job or call, `ledger/2026-11/<what>.json`, written before the request: a bot that is
    killed in between has counted too much, never too little."""

    session: Session
    storage: BucketStorage

    def entry(self, what: str) -> str:
        """The name of an entry of this month."""
        return f"ledger/{self._month()}/{what}.json"

    def record(self, entry: str, cost: Quote) -> None:
        """Writes the entry; it replaces one of that name, which belongs to the same job."""
        as_of = self.session.settings.prices.as_of
        self.storage.put_json(
            entry, {"characters": cost.characters, "dollars": str(cost.dollars), "prices_as_of": as_of}
        )

    def forget(self, entry: str) -> None:
        """For a job that is not billed."""
        self.storage.delete([entry])

    def spent_this_month(self) -> Decimal:
        """US dollars of this month's entries."""
        entries = (self.storage.get_json(entry.name, _ENTRY) for entry in self.storage.list(f"ledger/{self._month()}/"))
        return sum((entry.dollars for entry in entries if entry), Decimal(0))

    def check(self, cost: Quote, spent_this_run: Decimal) -> None:
        """Raises CapError if `cost` would exceed a cap."""
        language, month = self.session.language, self.spent_this_month()
        self.session.settings.caps.check(cost, language, this_run=spent_this_run, this_month=month)

    def _month(self) -> str:
        return f"{self.session.clients.clock():%Y-%m}"
