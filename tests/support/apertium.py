"""Apertium, machine translation by Debian (`apt-get install apertium apertium-eng-spa`): run, never linked."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache

import pytest


def apertium_command(pair: str) -> tuple[str, ...]:
    """The command that translates HTML. Skips the test where the program or the pair is missing, or fails it where
    AMTS_REQUIRE_APERTIUM=1 asks for them."""
    if pair not in _pairs():
        reason = f"Apertium with {pair} is not installed: apt-get install apertium apertium-{pair}"
        if os.environ.get("AMTS_REQUIRE_APERTIUM") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return ("apertium", "-u", "-f", "html", pair)


@cache
def _pairs() -> frozenset[str]:
    if shutil.which("apertium") is None:
        return frozenset()
    return frozenset(subprocess.run(["apertium", "-l"], check=True, capture_output=True, text=True).stdout.split())
