"""What was spent, month by month, and the caps that stop it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.engines.amazon.clients import Session
from bot.engines.amazon.settings import decimal, in_dollars
from bot.engines.amazon.storage import BucketStorage
from bot.engines.base import Quote
from bot.errors import EngineError


class CapError(EngineError):
    """Something would cost more than the settings allow."""


@dataclass(frozen=True)
class Ledger:
    """One file for each job or call that was paid for, `ledger/2026-11/<what>.json`, written before it is asked for: a
    bot that is killed in between has counted too much, never too little."""

    session: Session
    storage: BucketStorage

    def entry(self, what: str) -> str:
        """The name of an entry of this month."""
        return f"ledger/{self._month()}/{what}.json"

    def record(self, entry: str, cost: Quote) -> None:
        """Write the entry; it replaces one of that name, which is of the same job."""
        as_of = self.session.settings.prices.as_of
        self.storage.put_json(
            entry, {"characters": cost.characters, "dollars": str(cost.dollars), "prices_as_of": as_of}
        )

    def forget(self, entry: str) -> None:
        """Nothing was billed for it."""
        self.storage.delete([entry])

    def spent_this_month(self) -> Decimal:
        """US dollars of this month's entries."""
        entries = (self.storage.get_json(entry.name) for entry in self.storage.list(f"ledger/{self._month()}/"))
        return sum((Decimal(entry["dollars"]) for entry in entries if entry), Decimal(0))

    def check(self, cost: Quote, spent_this_run: Decimal) -> None:
        """Raises CapError where `cost` would exceed a cap."""
        settings = self.session.settings
        for cap, limit, spent, when in (
            ("max_dollars_per_run", decimal(settings.max_dollars_per_run), spent_this_run, "in this run"),
            ("max_dollars_per_month", decimal(settings.max_dollars_per_month), self.spent_this_month(), "this month"),
        ):
            if spent + cost.dollars > limit:
                raise CapError(
                    f"{self.session.language}: translating {cost.characters:,} characters would cost "
                    f"{in_dollars(cost.dollars)}, with {in_dollars(spent)} spent {when} more than the cap of "
                    f"{in_dollars(limit)}; nothing was sent. Raise `{cap}` in amts.yaml to go on"
                )

    def _month(self) -> str:
        return f"{self.session.clients.clock():%Y-%m}"
