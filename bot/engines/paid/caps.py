"""Caps on what an engine may spend, and their arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from bot.engines.base import EngineSettings, Quote
from bot.errors import EngineError


class CapError(EngineError):
    """A request would cost more than the settings allow."""


class CappedSettings(EngineSettings):
    """Settings of an engine that costs money."""

    max_dollars_per_run: Annotated[float, Field(ge=0)] = 50.0
    """The most that a run may spend for one language."""
    max_dollars_per_month: Annotated[float, Field(ge=0)] = 200.0
    """The most that a language may cost in a calendar month (UTC)."""

    @property
    def caps(self) -> Caps:
        return Caps(decimal(self.max_dollars_per_run), decimal(self.max_dollars_per_month))


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that one language may cost, in US dollars."""

    run: Decimal
    month: Decimal

    def check(self, cost: Quote, language: str, *, this_run: Decimal, this_month: Decimal) -> None:
        """Raises CapError if `cost`, beside what was spent in this run and this month, would exceed a cap."""
        for cap, limit, spent, when in (
            ("max_dollars_per_run", self.run, this_run, "in this run"),
            ("max_dollars_per_month", self.month, this_month, "this month"),
        ):
            if spent + cost.dollars > limit:
                raise CapError(
                    f"{language}: translating {cost.measure()} would cost {in_dollars(cost.dollars)}, with"
                    f" {in_dollars(spent)} spent {when} more than the cap of {in_dollars(limit)}; nothing was sent."
                    f" Raise `{cap}` in amts.yaml to go on"
                )

    def over(self, cost: Quote) -> str:
        """Why one run can't cost that much; empty if it can."""
        if cost.dollars <= self.run:
            return ""
        return f"would cost ${cost.dollars:.2f}, more than max_dollars_per_run (${self.run:.2f}) allows"


def in_dollars(amount: Decimal) -> str:
    """US dollars as people read them, small amounts with more digits."""
    return f"${amount:,.2f}" if amount >= 1 else f"${amount:.4f}"


def decimal(value: object) -> Decimal:
    return Decimal(str(value))
