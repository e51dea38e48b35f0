"""What all tests share: reproducible runs, and the way to the real books."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, and no failures for a busy machine.
settings.register_profile("amts", derandomize=True, deadline=None)
settings.load_profile("amts")

# Repositories in tests don't depend on who runs them.
os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
os.environ["GIT_CONFIG_SYSTEM"] = os.devnull


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real books and gold data beside the project; the test is skipped where there is none.

    With AMTS_REQUIRE_SHARED set, as in CI, it fails instead.
    """
    folder = Path(__file__).parents[2] / "shared"
    if not (folder / "d2l").is_dir():
        if os.environ.get("AMTS_REQUIRE_SHARED"):
            pytest.fail(f"AMTS_REQUIRE_SHARED is set, but {folder} has no books")
        pytest.skip("the real books are not at hand (../shared/d2l)")
    return folder
