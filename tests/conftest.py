"""What all tests share: reproducible runs, and the way to the real books."""

from __future__ import annotations

import os

from hypothesis import settings

# The same examples in every run, and no failures for a busy machine.
settings.register_profile("amts", derandomize=True, deadline=None)
settings.load_profile("amts")

# Repositories in tests don't depend on who runs them.
os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
os.environ["GIT_CONFIG_SYSTEM"] = os.devnull

# In this order: pytest wants to load a plugin before another one imports it.
pytest_plugins = [
    "tests.support.emulator_fixture",
    "tests.support.amazon_fixtures",
    "tests.support.cli_fixtures",
    "tests.support.shared_data",
]
