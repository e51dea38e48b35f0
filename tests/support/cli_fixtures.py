"""The pytest fixture `cli`: the command `amts` in this process, with a cache of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli_run import Cli


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Cli(monkeypatch, capsys)
