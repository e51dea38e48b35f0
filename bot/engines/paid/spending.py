"""The paid work of one language: what is known, what may be spent, and whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from secrets import token_hex

from bot.engines.base import EngineOptions, Quote
from bot.engines.paid.answers import PaidAnswers
from bot.engines.paid.caps import CappedSettings, Caps
from bot.engines.paid.ledger import SpendingLedger
from bot.engines.paid.turns import turn


@dataclass
class Spending:
    """The answers and the ledger of one language and one run."""

    answers: PaidAnswers
    ledger: SpendingLedger
    caps: Caps
    language: str
    _amounts: dict[str, Decimal] = field(default_factory=dict, repr=False)

    @property
    def spent(self) -> Decimal:
        """US dollars of this run."""
        return sum(list(self._amounts.values()), Decimal(0))

    def check(self, cost: Quote) -> None:
        """Raises CapError if the cost would exceed a cap."""
        if cost.dollars:
            month = self.ledger.spent_this_month()
            self.caps.check(cost, self.language, this_run=self.spent, this_month=month)

    def begin(self, cost: Quote) -> str:
        """Writes what a request may cost, before it goes out; returns the name of the entry. Each attempt has its own.
        Raises StorageError: then nothing may be sent."""
        entry = token_hex(8)
        self.settle(entry, cost)
        return entry

    def settle(self, entry: str, cost: Quote) -> None:
        """Writes what the request did cost (FREE if it was not billed)."""
        if cost.dollars or entry in self._amounts:
            self.ledger.record(entry, cost)
            self._amounts[entry] = cost.dollars

    def correct(self, entry: str, cost: Quote) -> None:
        """Writes what a request of this run or a former one did cost."""
        self.ledger.record(entry, cost)
        if entry in self._amounts:
            self._amounts[entry] = cost.dollars

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Within the block, no other process asks for this language, so that nothing is paid for twice. What is known
        is read inside, for another run may have just asked."""
        with turn(self.ledger.folder, self.ledger.scope):
            yield


def spending_of(
    settings: CappedSettings, options: EngineOptions, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Spending:
    """As the application keeps it (`EngineOptions.paid_folder`); without a folder, as long as the object lives."""
    scope = f"{settings.kind}: {options.language} of {options.book}"
    ledger = SpendingLedger(options.paid_folder, scope, clock)
    return Spending(PaidAnswers(options.paid_folder), ledger, settings.caps, options.language)
