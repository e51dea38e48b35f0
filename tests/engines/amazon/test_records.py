"""What was spent, and the caps."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from bot.engines.amazon.records import Ledger
from bot.engines.amazon.settings import AmazonSettings, Prices
from bot.engines.amazon.storage import BucketStorage
from bot.engines.base import Quote
from bot.engines.paid.caps import CapError, in_dollars
from tests.support.amazon_run import SETTINGS, World, changed


def ledger(world: World, settings: AmazonSettings = SETTINGS) -> Ledger:
    session = world.session(settings)
    return Ledger(session, BucketStorage(session))


def test_the_entries_of_a_month_add_up_exactly(world: World) -> None:
    book = ledger(world)
    for number in range(3):
        book.record(book.entry(f"job-{number}"), Quote(7, Decimal("0.1")))
    assert book.spent_this_month() == Decimal("0.3")


def test_an_entry_replaces_itself_and_can_be_forgotten(world: World) -> None:
    book = ledger(world)
    book.record(book.entry("job"), Quote(7, Decimal(1)))
    book.record(book.entry("job"), Quote(7, Decimal(2)))
    assert book.spent_this_month() == 2
    book.forget(book.entry("job"))
    assert book.spent_this_month() == 0


def test_an_entry_says_characters_dollars_and_the_date_of_the_prices(world: World) -> None:
    world.time.seconds = datetime(2026, 3, 31, 23, 59, tzinfo=UTC).timestamp()
    book = ledger(world)
    book.record(book.entry("job"), Quote(7, Decimal("0.000105")))
    stored = BucketStorage(world.session()).get_json("ledger/2026-03/job.json", TypeAdapter(dict[str, object]))
    assert stored == {"characters": 7, "dollars": "0.000105", "prices_as_of": "2026-11"}


def test_the_month_is_that_of_utc_and_each_begins_at_nothing(world: World) -> None:
    world.time.seconds = datetime(2026, 3, 31, 23, 59, tzinfo=UTC).timestamp()
    book = ledger(world)
    book.record(book.entry("job"), Quote(7, Decimal(1)))
    world.time.sleep(120)
    assert book.spent_this_month() == 0


@pytest.mark.parametrize(
    ("settings", "cap"),
    [
        (changed(max_dollars_per_run=3), "max_dollars_per_run"),
        (changed(max_dollars_per_month=3), "max_dollars_per_month"),
    ],
)
def test_a_cap_may_be_reached_and_not_exceeded(world: World, settings: AmazonSettings, cap: str) -> None:
    book = ledger(world, settings)
    book.record(book.entry("job"), Quote(7, Decimal(1)))
    book.check(Quote(133_333, Decimal("2.00")), Decimal(1))
    with pytest.raises(CapError, match=rf"133,333 characters.*\$2\.01.*\$1\.00 spent.*\$3\.00.*`{cap}`"):
        book.check(Quote(133_333, Decimal("2.01")), Decimal(1))


def test_prices_are_per_million_characters_and_exact() -> None:
    prices = Prices(standard=15, custom=60.1, as_of="2026-11")
    assert prices.quote(1, custom=False) == Quote(1, Decimal("0.000015"), "$15 per million, prices of 2026-11")
    assert prices.quote(333_333, custom=True).dollars == Decimal("20.0333133")


@pytest.mark.parametrize(("amount", "shown"), [("0", "$0.0000"), ("0.0015", "$0.0015"), ("1234.5", "$1,234.50")])
def test_dollars_are_shown_with_the_digits_that_matter(amount: str, shown: str) -> None:
    assert in_dollars(Decimal(amount)) == shown
