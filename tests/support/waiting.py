"""Waiting for another thread or process, however busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_SECONDS = 120.0
"""How long a test waits for an event that is certain to happen. Only a test that fails waits so long."""


def eventually(condition: Callable[[], object]) -> None:
    """Waits until the condition holds. Fails after `PATIENCE_SECONDS`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.005)
