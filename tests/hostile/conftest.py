"""The campaign: what tries to stop, mislead or speak through AMTS. Its counts are printed at the end of a run.

    python -m pytest tests/hostile -m "campaign or not campaign"

Each test says with `attacked(kind, count)` what it tried and how often; `docs/reliability.md` quotes these lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

PROPERTY = "attacked"


@pytest.fixture
def attacked(record_property: Callable[[str, object], None]) -> Callable[[str, int], None]:
    """Counts what a test tried: a kind of attack in the plural ("damaged records"), and how many it made."""

    def count(kind: str, number: int) -> None:
        record_property(PROPERTY, [kind, number])

    return count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tried: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == PROPERTY and report.when == "call":
                kind, number = value  # what `attacked` recorded
                tried[kind] += number
    if tried:
        terminalreporter.section("hostile")
        for kind in sorted(tried):
            terminalreporter.write_line(f"{tried[kind]:>7,} {kind}")
