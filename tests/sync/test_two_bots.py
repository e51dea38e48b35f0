"""Two bots as processes, at the same moment, with people about; the long version is `benchmarks.two_bots`."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.two_bots import run

pytest_plugins = ["tests.github_double.fixtures"]


@pytest.mark.sweep
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
@pytest.mark.usefixtures("github_description")
def test_two_processes_are_as_good_as_one_and_show_no_token(tmp_path: Path) -> None:
    assert run(tmp_path, rounds=4, seed=1) == 0
